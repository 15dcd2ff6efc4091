"""Cases by their numbers: which are suspended, where one stands, what was done with it by hand."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, url_for
from msgspec import Struct

from store.pages.moves import waiting_moves
from store.pages.operations import (
    Deed,
    OperatedCase,
    below,
    deeds,
    found_cases,
    operated_case,
    stopped_at,
)
from store.tables import Case
from webapp.admin.frame import Answer, blueprint, show, words
from webapp.identity import actor, the_runtime
from webapp.interventions import ICONS, LOOKS, TITLES, intervene, kind_of, load_intervention, offered
from webapp.texts import Lazy, lazy
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.interventions import Work, open_work
from workflows.releases import newest_release

STATUSES = {
    "open": (lazy("在办"), "brand", ""),
    "suspended": (lazy("已挂起"), "amber", "player-pause"),
    "completed": (lazy("已办结"), "green", "circle-check"),
    "cancelled": (lazy("已终止"), "", "x"),
}
WAITS = {
    "step": lazy("待办"),
    "timer": lazy("定时"),
    "message": lazy("等消息"),
    "condition": lazy("等条件"),
}
BY_HAND = frozenset(
    {
        "case.suspended",
        "case.resumed",
        "case.cancelled",
        "case.migrated",
        "tokens.proposed",
        "tokens.moved",
        "tokens.declined",
        "tokens.stale",
        "incident.retried",
        "incident.closed",
    }
)


class Button(Struct, frozen=True):
    """Something that may be done with the case now."""

    title: Lazy
    icon: str
    href: str
    is_danger: bool


class OnePage(Struct, frozen=True):
    """One case as operations staff see it."""

    case: OperatedCase
    work: tuple[Work, ...]
    below: tuple[OperatedCase, ...]
    deeds: tuple[Deed, ...]
    incidents: tuple[UUID, ...]
    buttons: tuple[Button, ...]
    newest: UUID | None
    """The newest release of its process, if it is on an older one."""


@blueprint.get("/cases", endpoint="cases")
def index() -> str:
    """Find cases by number; without one, show those that are suspended."""
    number = words("q", 60)
    with the_runtime().database.read(actor().scope) as session:
        found, moves = found_cases(session, number), waiting_moves(session)
    return show("cases", "admin.cases", rows=found, query=number, statuses=STATUSES, moves=moves)


@blueprint.get("/cases/<uuid:case_id>")
def case(case_id: UUID) -> str:
    """Show one: where it stands and what may be done."""
    with the_runtime().database.read(actor().scope) as session:
        found = operated_case(session, case_id)
        if found is None:
            raise NotFoundError(kind="case", id=str(case_id))
        page_of = (below(session, case_id), deeds(session, case_id, BY_HAND), stopped_at(session, case_id))
    with the_runtime().database.read(LOOKS) as session:
        row = session.get_one(Case, case_id)
        work = open_work(session, row)
        buttons = tuple(
            Button(
                TITLES[kind],
                ICONS[kind],
                url_for("admin.intervention", case_id=case_id, kind=kind.value),
                kind.value == "cancel",
            )
            for kind in offered(row, actor())
        )
        newest = newest_release(session, row.process)
    other = newest.id if newest is not None and newest.id != found.release_id else None
    page = OnePage(found, work, *page_of, buttons, other)
    return show("case", "admin.cases", page=page, statuses=STATUSES, waits=WAITS)


@blueprint.get("/cases/<uuid:case_id>/interventions/<kind>")
def intervention(case_id: UUID, kind: str) -> str:
    """Show what it would do."""
    return _form(case_id, kind)


@blueprint.post("/cases/<uuid:case_id>/interventions/<kind>")
def carry_out_intervention(case_id: UUID, kind: str) -> Answer:
    """Do it."""
    try:
        told = intervene(case_id, kind_of(kind))
    except RuleRefusedError as error:
        return _form(case_id, kind, error.reason), 409
    flash(told)
    return redirect(url_for("admin.case", case_id=case_id), 303)


def _form(case_id: UUID, kind: str, refusal: str = "") -> str:
    page = load_intervention(case_id, kind_of(kind), url_for("admin.case", case_id=case_id), refusal)
    return render_template("admin/intervention.html", page=page, key=uuid4())
