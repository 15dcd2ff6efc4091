"""改走环节: choose what is taken back and what is opened, see what it costs, propose; a second person decides."""

from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from msgspec import Struct

from store.pages.moves import MoveRow, move_row
from store.tables import Case
from webapp.admin.cases import WAITS
from webapp.admin.frame import Answer, blueprint, carry_out, show
from webapp.identity import actor, signed_in, the_runtime
from webapp.interventions import LONGEST_KEY, LOOKS, losses
from webapp.texts import _, lazy
from workflows.commands import ProposeMove
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.interventions import Work, open_work
from workflows.handlers.token_moves import (
    Opened,
    Plan,
    confirm_move,
    decline_move,
    plan_of,
    propose_move,
    steps_to_open,
)

STATUSES = {
    "proposed": (lazy("等另一位确认"), "amber", "clock"),
    "confirmed": (lazy("已改走"), "green", "circle-check"),
    "declined": (lazy("没有同意"), "", "x"),
    "stale": (lazy("已作废"), "", "alert-circle"),
}


class ProposalPage(Struct, frozen=True):
    """The form of a proposal; `plan` once something is chosen that is possible."""

    case_id: UUID
    number: str
    work: tuple[Work, ...]
    steps: tuple[Opened, ...]
    cancel: tuple[str, ...]
    start: tuple[str, ...]
    plan: Plan | None
    losses: tuple[str, ...]
    refusal: str
    reason: str


@blueprint.get("/cases/<uuid:case_id>/move")
def new_move(case_id: UUID) -> str:
    """Show what may be chosen, and what the choice would do."""
    return _form(case_id)


@blueprint.post("/cases/<uuid:case_id>/move", endpoint="propose_move")
def propose(case_id: UUID) -> Answer:
    """Put it before the other administrators."""
    form, cancel, start = request.form, *_chosen()
    key = form.get("key", "")[:LONGEST_KEY] or f"move-{case_id}"
    command = ProposeMove(case_id, cancel, start, form.get("reason", ""), form.get("seen", ""), key)
    try:
        propose_move(the_runtime(), command, actor())
    except RuleRefusedError as error:
        return _form(case_id, error.reason), 409
    flash(_("已提出，另一位系统管理员确认以后才改走"))
    return redirect(url_for("admin.case", case_id=case_id), 303)


@blueprint.get("/moves/<uuid:move_id>")
def move(move_id: UUID) -> str:
    """Show a proposal to whoever decides about it."""
    row = _row(move_id)
    is_own = row.proposed_by == signed_in().person_id
    return show("move", "admin.cases", move=row, word=STATUSES[row.status], is_own=is_own)


@blueprint.post("/moves/<uuid:move_id>/confirm", endpoint="confirm_move")
def confirm(move_id: UUID) -> Answer:
    """Carry it out."""
    try:
        is_done = confirm_move(the_runtime(), move_id, actor())
    except RuleRefusedError as error:
        flash(error.reason, "error")
    else:
        stale = _("提出以后办件又走了，这一条作废，要重新提出")
        flash(_("已改走，相关的人都通知到了") if is_done else stale, "message" if is_done else "error")
    return redirect(url_for("admin.move", move_id=move_id), 303)


@blueprint.post("/moves/<uuid:move_id>/decline", endpoint="decline_move")
def decline(move_id: UUID) -> Answer:
    """Say no, or take the own proposal back."""
    reason = request.form.get("reason", "")
    return carry_out(
        lambda: decline_move(the_runtime(), move_id, reason, actor()),
        _("办件照原样走，原因留在记录里"),
        url_for("admin.move", move_id=move_id),
    )


def _row(move_id: UUID) -> MoveRow:
    with the_runtime().database.read(actor().scope) as session:
        row = move_row(session, move_id)
    if row is None:
        raise NotFoundError(kind="move", id=str(move_id))
    return row


def _chosen() -> tuple[tuple[str, ...], tuple[str, ...]]:
    given = request.values
    return tuple(given.getlist("cancel")), tuple(given.getlist("start"))


def _form(case_id: UUID, refusal: str = "") -> str:
    cancel, start = _chosen()
    plan = None
    with the_runtime().database.read(LOOKS) as session:
        case = session.get(Case, case_id)
        if case is None:
            raise NotFoundError(kind="case", id=str(case_id))
        if cancel or start:
            try:
                plan = plan_of(session, case, cancel, start)
            except RuleRefusedError as error:
                refusal = refusal or error.reason
        work, steps = open_work(session, case), steps_to_open(session, case)
    page = ProposalPage(
        case_id=case_id,
        number=case.number,
        work=tuple({one.task_id: one for one in work}.values()),
        steps=steps,
        cancel=cancel,
        start=start,
        plan=plan,
        losses=tuple(losses(plan.lost)) if plan is not None else (),
        refusal=refusal,
        reason=request.values.get("reason", ""),
    )
    return show("new_move", "admin.cases", page=page, key=uuid4(), waits=WAITS)
