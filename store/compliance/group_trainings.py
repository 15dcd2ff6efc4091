"""Each provider holds its group trainings within the year; the next year's do not make up for them (第十五条, D13)."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from rules.periods import period_of
from rules.training import Training, is_behind, judge_trainings
from store.compliance.catalogue import Asked, Duty, Finding, Trace, Traces
from store.pages.visit_counts import in_force
from store.tables import GroupTraining, Organization, Policy, Visit


def _judge(session: Session, asked: Asked) -> Finding:
    year, last = period_of("year", asked.day), period_of("year", asked.day.replace(year=asked.day.year - 1))
    serving = _providers(session, _with_policies(asked))
    held = {provider: _held(session, asked, provider) for provider, _ in serving}
    required = judge_trainings(year.first_day.year, ()).required
    done = sum(min(required, judge_trainings(year.first_day.year, days).held) for days in held.values())
    served_before = _providers(session, _with_visits(asked, last.first_day, last.last_day))
    short = _named(
        served_before,
        lambda provider: judge_trainings(last.first_day.year, _held(session, asked, provider)).shortfall,
        f"{last.first_day.year} 年少 {{}} 次",
        last.last_day,
    )
    late = _named(
        serving,
        lambda provider: (
            judge_trainings(year.first_day.year, held[provider]).shortfall
            if is_behind(held[provider], asked.day)
            else 0
        ),
        "今年还差 {} 次，进度落后",
        year.last_day,
    )
    return Finding(
        total=required * len(serving),
        met=done,
        told=f"每年集中培训不少于 {required} 次，跨年不累计。今年应办 {required * len(serving)} 次，已办 {done} 次，"
        f"进度落后的 {len(late)} 家；上一年没有办够的 {len(short)} 家",
        broken=Traces(len(short), short[: asked.most]),
        at_risk=Traces(len(late), late[: asked.most]),
    )


def _named(
    providers: list[tuple[UUID, str]], lacking: Callable[[UUID], int], words: str, day: date
) -> tuple[Trace, ...]:
    return tuple(
        Trace("organization", provider, name, words.format(missing), day)
        for provider, name in providers
        if (missing := lacking(provider))
    )


def _with_policies(asked: Asked) -> Select[UUID]:
    return select(Policy.org_id).where(in_force(asked.day), Policy.out_of_scope.is_(False), *asked.of(Policy))


def _with_visits(asked: Asked, first: date, last: date) -> Select[UUID]:
    return select(Visit.org_id).where(Visit.completed_on.between(first, last), *asked.of(Visit))


def _providers(session: Session, owners: Select[UUID]) -> list[tuple[UUID, str]]:
    rows = session.execute(
        select(Organization.id, Organization.name)
        .where(Organization.id.in_(owners))
        .order_by(Organization.name, Organization.id)
    )
    return [(row.id, row.name) for row in rows]


def _held(session: Session, asked: Asked, provider: UUID) -> list[Training]:
    query = select(GroupTraining.held_on).where(
        GroupTraining.org_id == provider, GroupTraining.held_on <= asked.day
    )
    return [Training(day, held=True) for day in session.scalars(query) if day is not None]


DUTIES = (
    Duty(
        key="group_trainings",
        article="15",
        title="每年办够集中培训",
        unit="次",
        remedy="在“培训”页按计划开单，举办以后在待办里交签到表和课件；上一年欠的补不回来，今年的要按季度办。",
        judge=_judge,
    ),
)
