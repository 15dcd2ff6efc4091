"""Group trainings of the provider: one that was held, and one that waits at each step."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct
from sqlalchemy import select

from demo.days import Clock
from demo.walk import Walker, actor_of
from store.scope import Scope
from store.tables import Person
from worker.timers import fire_due_timers
from workflows.commands import BeginTraining
from workflows.handlers.gatherings import begin_training
from workflows.people import Actor
from workflows.runtime import Runtime

AHEAD = timedelta(days=7)
"""How long before its day a training is planned, as its recipe says."""


class Lived(Struct, frozen=True):
    """A training that was begun so many days ago, and how many of its steps are done by now."""

    days: int
    done: int
    topic: str = ""
    audience: str = "industry"
    focus: str = ""
    rule: str = ""

    @property
    def plan(self) -> Mapping[str, object]:
        """What its plan says otherwise than the recipe."""
        named = {"topic": self.topic, "audience": self.audience, "focus": self.focus}
        return {**named, "audience_rule": self.rule}


LIVED = (
    Lived(
        40,
        4,
        "高处作业与临时用电安全培训",
        focus="在保的建筑施工单位",
        rule='high_risk_kind = "建筑施工"',
    ),
    Lived(
        12,
        3,
        "危化品储存与装卸安全培训",
        focus="在保的危险化学品单位",
        rule='high_risk_kind = "危险化学品"',
    ),
    Lived(
        7,
        2,
        "渔船冬季防火安全培训",
        "period",
        "冬汛出海的渔业单位",
        'high_risk_kind = "海洋渔业"',
    ),
    Lived(1, 1, "红橙风险单位主要负责人培训", "risk", "红色和橙色风险单位", 'risk_level in ("红", "橙")'),
    Lived(0, 0),
)


def live_trainings(runtime: Runtime, clock: Clock) -> None:
    """Let the provider's people do their trainings, each at its time; the clock is put back."""
    present, walker, coordinator = clock.at, Walker(runtime, seed=7), _coordinator(runtime)
    for lived in LIVED:
        clock.at = present - timedelta(days=lived.days)
        case_id = begin_training(runtime, BeginTraining(f"sample-{lived.days}"), coordinator)
        for step in range(lived.done):
            (item,) = walker.open_items(case_id)
            walker.complete(item, steady=True, **(lived.plan if step == 0 else {}))
            if step == 1:
                clock.at += AHEAD
                fire_due_timers(runtime)
    clock.at = present


def _coordinator(runtime: Runtime) -> Actor:
    with runtime.database.read(Scope.everything("the coordinator of the sample is looked up")) as session:
        return actor_of(session, session.scalars(select(Person).where(Person.login == "coordinator")).one())
