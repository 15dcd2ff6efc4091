"""Whom to send: experts of the pool about whom nothing forbids it, best first by the office's own table.

The table `assign_expert` of the case's release gives points and reasons; it advises, a coordinator decides.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select

from forms.context import Choice
from rules.vocabulary import label
from store.tables import Expert, Person, Visit, VisitMember
from workflows.acts import Act
from workflows.engine import EngineError, advise
from workflows.errors import NotFoundError
from workflows.host import feel_host
from workflows.operations.dispatch import RUNNING, who_may_be_sent
from workflows.reading import found
from workflows.releases import decision_of

TABLE: Final = "assign_expert"
MOST: Final = 200
SPECIALTIES: Final[Mapping[str, str]] = {
    "hazardous_chemicals": "chemical",
    "non_coal_mine": "mining",
    "coal_mine": "mining",
    "metal_smelting": "metallurgy",
    "construction": "construction",
    "transport": "road_transport",
    "marine_fishery": "fishery",
    "fireworks": "explosives",
    "civil_explosives": "explosives",
}
"""The specialty that a high-risk kind asks for; other trades ask for none in particular."""


def suggested_experts(act: Act) -> list[Choice]:
    """Return the experts who may be sent, best first, each with the reasons for its place (第十条)."""
    rows = act.session.execute(
        select(Expert, Person)
        .join(Person, Person.id == Expert.person_id)
        .where(Expert.org_id == act.case.org_id, Expert.status == "active", Person.active.is_(True))
        .order_by(Expert.score.desc(), Person.name)
        .limit(MOST)
    ).all()
    visit = found(act, Visit, act.case.visit_id)
    day = (visit.planned_on if visit is not None else None) or act.today
    people = {person.id for _, person in rows}
    may = people if visit is None else who_may_be_sent(act, visit, people, day)
    free = [(expert, person) for expert, person in rows if person.id in may]
    busy = _open_visits(act, [person.id for _, person in free])
    advised = [(_advice(act, expert, busy.get(person.id, 0)), expert, person) for expert, person in free]
    return [
        Choice(str(person.id), person.name, note=_note(expert, advice))
        for advice, expert, person in sorted(advised, key=lambda row: -row[0].points)
    ]


def _open_visits(act: Act, people: Collection[UUID]) -> dict[UUID, int]:
    query = (
        select(VisitMember.person_id, func.count())
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(VisitMember.person_id.in_(people), VisitMember.removed_at.is_(None), Visit.state.in_(RUNNING))
        .group_by(VisitMember.person_id)
    )
    return {person: count for person, count in act.session.execute(query)}  # noqa: C416  # rows are no tuples


class _Advice(Struct, frozen=True):
    """The points of an expert, the reasons for them, and the rows of the table that gave them."""

    points: Decimal
    reasons: tuple[str, ...] = ()
    rules: tuple[int, ...] = ()


def _advice(act: Act, expert: Expert, open_visits: int) -> _Advice:
    """Return the points and the reasons; none where the release has no table or the table does not answer."""
    wanted = SPECIALTIES.get(act.case.industry or "")
    inputs = {
        "in_district": act.case.region_code in [str(code) for code in expert.region_codes],
        "specialty_fits": wanted is not None and wanted in [str(one) for one in expert.specialties],
        "score": expert.score,
        "open_visits": Decimal(open_visits),
    }
    try:
        table = decision_of(act.session, act.case.release_id, TABLE)
        advice = advise(table, TABLE, inputs, feel_host(act.calendar, act.now))
    except (NotFoundError, EngineError):
        return _Advice(Decimal(0))
    reasons = advice.outputs.get("reasons")
    points = Decimal(str(advice.outputs.get("points") or 0))
    return _Advice(points, tuple(map(str, reasons)) if isinstance(reasons, list) else (), advice.rules)


def _note(expert: Expert, advice: _Advice) -> str:
    licence = " ".join(filter(None, (label("qualification", expert.qualification), expert.qualification_no)))
    rows = f"（派单建议表第 {'、'.join(map(str, advice.rules))} 行）" if advice.rules else ""
    return "　".join(filter(None, (licence, "、".join(advice.reasons) + rows)))
