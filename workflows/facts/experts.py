"""Whom to send: experts of the pool about whom nothing forbids it, best first by the office's own table.

The table `assign_expert` of the case's release gives points and reasons; it advises, a coordinator decides.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

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
        Choice(str(person.id), person.name, note=_note(expert, reasons))
        for (_, reasons), expert, person in sorted(advised, key=lambda row: -row[0][0])
    ]


def _open_visits(act: Act, people: Collection[UUID]) -> dict[UUID, int]:
    query = (
        select(VisitMember.person_id, func.count())
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(VisitMember.person_id.in_(people), VisitMember.removed_at.is_(None), Visit.state.in_(RUNNING))
        .group_by(VisitMember.person_id)
    )
    return {person: count for person, count in act.session.execute(query)}  # noqa: C416  # rows are no tuples


def _advice(act: Act, expert: Expert, open_visits: int) -> tuple[Decimal, list[str]]:
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
        return Decimal(0), []
    reasons = advice.get("reasons")
    return Decimal(str(advice.get("points") or 0)), [str(one) for one in reasons] if isinstance(
        reasons, list
    ) else []


def _note(expert: Expert, reasons: list[str]) -> str:
    licence = " ".join(filter(None, (label("qualification", expert.qualification), expert.qualification_no)))
    return "　".join(filter(None, (licence, "、".join(reasons))))
