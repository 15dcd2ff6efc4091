"""The small forms by which a coordinator opens a case beside a service cycle."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from flask import request, url_for
from msgspec import Struct, field

from forms.moments import read_date
from store.calendar import load_calendar
from store.pages.case import CaseFacts, case_facts
from store.scope import Scope
from webapp.dates import this_day
from webapp.texts import Lazy, lazy
from workflows.commands import OpenExtraVisit, OpenRefusal
from workflows.errors import NotFoundError
from workflows.handlers.cycles import PROCESS
from workflows.handlers.openings import LONGEST, may_open_by_hand, open_extra_visit, open_refusal
from workflows.people import Actor
from workflows.runtime import Runtime

CALENDAR = Scope.everything("a typed day may be counted in working days")
LONGEST_KEY = 64


class Kind(StrEnum):
    """What may be opened."""

    VISIT = "visit"
    REFUSAL = "refusal"


OPENINGS: Mapping[Kind, tuple[Lazy, Lazy]] = {
    Kind.VISIT: (lazy("加单"), lazy("计划以外再上门一次。提交后立刻开出服务单，由协调员派单。")),
    Kind.REFUSAL: (
        lazy("登记拒绝"),
        lazy("单位在步骤以外表示拒绝服务。提交后开出拒绝服务单，由协调员登记，保险机构书面告知。"),
    ),
}


class OpeningPage(Struct, frozen=True):
    """The form of an opening, with what was typed and what is wrong with it."""

    kind: Kind
    title: str
    text: str
    case_title: str
    case_number: str
    case_href: str
    planned_on: str
    reason: str
    longest: int
    first_day: str
    last_day: str
    errors: Mapping[str, str] = field(default_factory=dict)


def kind_of(name: str) -> Kind:
    """Return what the address names. Raises: NotFoundError."""
    if name not in set(Kind):
        raise NotFoundError(kind="opening", id=name)
    return Kind(name)


def load_opening(
    runtime: Runtime, case_id: UUID, kind: Kind, actor: Actor, errors: Mapping[str, str] | None = None
) -> OpeningPage:
    """Return the form as it was typed. Raises: NotFoundError."""
    facts = _cycle(runtime, case_id, actor)
    title, text = OPENINGS[kind]
    start, end = facts.term or (date.min, date.max)
    return OpeningPage(
        kind=kind,
        title=str(title),
        text=str(text),
        case_title=facts.title,
        case_number=facts.number,
        case_href=url_for("cases.show", case_id=case_id),
        planned_on=request.form.get("planned_on", "")[:20],
        reason=request.form.get("reason", "")[: 2 * LONGEST],
        longest=LONGEST,
        first_day=start.isoformat(),
        last_day=end.isoformat(),
        errors=errors or {},
    )


def carry_out(runtime: Runtime, case_id: UUID, kind: Kind, actor: Actor) -> UUID:
    """Open what the posted form asks for; return the new case. Raises: WorkflowError."""
    _cycle(runtime, case_id, actor)
    key = request.form.get("key", "")[:LONGEST_KEY] or f"{kind.value}-{case_id}"
    reason = request.form.get("reason", "")
    if kind is Kind.VISIT:
        day = _day(runtime, request.form.get("planned_on", "")[:LONGEST_KEY])
        return open_extra_visit(runtime, OpenExtraVisit(case_id, day, reason, key), actor)
    return open_refusal(runtime, OpenRefusal(case_id, reason, key), actor)


def _cycle(runtime: Runtime, case_id: UUID, actor: Actor) -> CaseFacts:
    with runtime.database.read(actor.scope) as session:
        facts = case_facts(session, case_id)
    if facts is None or facts.process != PROCESS or not may_open_by_hand(facts.org_id, actor):
        raise NotFoundError(kind="case", id=str(case_id))
    return facts


def _day(runtime: Runtime, text: str) -> date | None:
    """Return the day that a person typed, as task forms take it: 11.23, 今天, +10工作日."""
    with runtime.database.read(CALENDAR) as session:
        return read_date(text, this_day(), load_calendar(session).add)
