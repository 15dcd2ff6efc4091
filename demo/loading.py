"""Loads sample data: registers through the importer, cases by their people's commands, as time passes."""

import dataclasses
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.batching import BatchedDatabase
from demo.city import City, Unit
from demo.offices import Offices, add_expert, found_library, found_offices
from demo.sheets import workbook
from demo.walk import Walker, actor_of
from store.scope import Scope
from store.tables import Case, Organization, Person, WorkItem
from worker.loop import drain
from workflows.accounts import add_person
from workflows.errors import CaseStuckError, InvalidAnswersError, StaleVersionError
from workflows.people import Actor
from workflows.registers import import_register
from workflows.releases import publish_shipped
from workflows.runtime import Runtime, legal_day

_EVERYTHING = Scope.everything("sample data is loaded")
STORIES = Path(__file__).parent / "stories.json"
MOVING = ("deliver_message", "register_policy")
WALKED = 30
DAYS = 150
STEP_HOURS = 30
ACTING = 0.8
EXPERTS = ("周安", "叶强", "温海", "金泰", "吴越", "郑和", "徐来", "朱明")

Tell = Callable[[str], None]


class DemoClock:
    """A clock that the loading moves from some months ago to the present."""

    def __init__(self, at: datetime) -> None:
        """Begin at this moment."""
        self.at = at

    def __call__(self) -> datetime:
        """Return the moment of the story."""
        return self.at


def load(runtime: Runtime, size: str, tell: Tell) -> None:
    """Fill an empty database with a sample city of this size."""
    present = runtime.now()
    clock = DemoClock(present - timedelta(days=DAYS))
    database = BatchedDatabase(runtime.database)
    past = dataclasses.replace(runtime, clock=clock, database=database)
    with past.database.write(_EVERYTHING, now=clock.at) as session:
        publish_shipped(session, clock.at)
        offices = found_offices(session, clock.at)
        found_library(session)
        _more_experts(session, offices, clock.at)
        actor = actor_of(session, session.get_one(Person, offices.people["provider_manager"]))
    units = list(City(size, legal_day(present)).rows())
    known = [unit for unit in units if unit.policy["term_start"] <= legal_day(clock.at).isoformat()][:WALKED]
    known = [units[0], *(unit for unit in known if unit is not units[0])]
    tell(f"登记 {len(units)} 家单位和保单")
    _import(past, known, actor)
    _unit_accounts(past, known[1:])
    tell(f"办理 {len(known)} 家的服务（{DAYS} 天）")
    _live(past, database, clock, present)
    clock.at = present
    _import(past, [unit for unit in units if unit not in known], actor)
    claims = workbook("claims", City(size, legal_day(present)).claims())
    import_register(past, "claims", claims, "理赔.xlsx", actor)
    tell("开服务周期")
    with database.batch(_EVERYTHING):
        drain(past, most=10**6, kinds=MOVING)


def _more_experts(session: Session, offices: Offices, now: datetime) -> None:
    """Add experts to the pool, so that visits on one day have somebody to go."""
    for number, name in enumerate(EXPERTS, 2):
        person = add_person(
            session,
            login=f"expert_{number}",
            name=name,
            roles=("expert",),
            org_id=offices.provider,
            password=f"weiran-demo-{number}-2026",
            now=now,
        )
        add_expert(session, person.id, offices.provider, legal_day(now), number)


def _unit_accounts(runtime: Runtime, units: Sequence[Unit]) -> None:
    """Give the contact of each unit an account, as units have that confirm by themselves."""
    now = runtime.now()
    with runtime.database.write(_EVERYTHING, now=now) as session:
        ids = {
            row.uscc: row.id
            for row in session.scalars(select(Organization).where(Organization.kind == "policyholder"))
        }
        for number, unit in enumerate(units, 1):
            add_person(
                session,
                login=f"unit_{number}",
                name=unit.holder["contact"],
                roles=("policyholder",),
                org_id=ids[unit.holder["uscc"]],
                password=f"weiran-demo-{number}-2026",
                now=now,
            )


def _import(runtime: Runtime, units: Sequence[Unit], actor: Actor) -> None:
    holders = workbook("policyholders", (unit.holder for unit in units))
    import_register(runtime, "policyholders", holders, "投保单位.xlsx", actor)
    policies = workbook("policies", (unit.policy for unit in units))
    import_register(runtime, "policies", policies, "保单.xlsx", actor)


def _live(runtime: Runtime, database: BatchedDatabase, clock: DemoClock, present: datetime) -> None:
    """Let people do their steps while the days pass; the first item of each step is left open."""
    walker, dice = Walker(runtime, seed=7), Random(7)  # noqa: S311 — sample data
    stories = _stories(runtime, clock)
    held: dict[str, str] = {}
    while clock.at < present:
        with database.batch(_EVERYTHING):
            drain(runtime, kinds=MOVING)
            for item in walker.open_items():
                if held.setdefault(item.step, str(item.case_id)) == str(item.case_id):
                    continue
                if dice.random() < ACTING:
                    _do(walker, item, stories)
        clock.at += timedelta(hours=STEP_HOURS)


def _stories(runtime: Runtime, clock: DemoClock) -> dict[str, dict[str, dict[str, object]]]:
    """Return what each policy's cases answer otherwise than by chance, by the policy's id."""
    drain(runtime, kinds=MOVING)
    plots = json.loads(STORIES.read_text("utf-8"))
    with runtime.database.read(_EVERYTHING) as session:
        policies = session.scalars(
            select(Case.policy_id).where(Case.opened_at <= clock.at).order_by(Case.opened_at)
        )
        return {str(policy): plots[n % len(plots)] for n, policy in enumerate(policies)}


def _do(walker: Walker, item: WorkItem, stories: dict[str, dict[str, dict[str, object]]]) -> None:
    fixed = stories.get(str(item.policy_id), {}).get(item.step, {})
    try:
        walker.complete(item, **fixed)
    except (InvalidAnswersError, StaleVersionError, CaseStuckError):
        return  # tried again another day, by other dice
