"""What is done with an account: a new password, lock, unlock, leave, come back, sign out."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from rules.roles import ROLES
from store.pages.accounts import open_items
from webapp.admin.frame import Answer, blueprint, carry_out, show
from webapp.admin.people import card_of, issued_page
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.errors import RuleRefusedError
from workflows.handlers.leavers import see_off, take_back
from workflows.handlers.people import end_session, lock_account, reset_password, unlock_account


@blueprint.post("/people/<uuid:person_id>/password")
def new_password(person_id: UUID) -> Answer:
    """Give a new password and show it once."""
    card = card_of(person_id)
    try:
        issued = reset_password(the_runtime(), person_id, request.form.get("key", ""), actor())
    except RuleRefusedError as error:
        flash(error.reason, "error")
        return redirect(_page(person_id), 303)
    return issued_page(issued, card.name, card.login, is_new=False)


@blueprint.post("/people/<uuid:person_id>/lock")
def lock(person_id: UUID) -> Response:
    """Keep a person out for a while."""
    reason = request.form.get("reason", "")
    return carry_out(
        lambda: lock_account(the_runtime(), person_id, reason, actor()),
        _("已锁定，登录着的设备都退出了"),
        _page(person_id),
    )


@blueprint.post("/people/<uuid:person_id>/unlock")
def unlock(person_id: UUID) -> Response:
    """Let a locked person in again."""
    return carry_out(
        lambda: unlock_account(the_runtime(), person_id, actor()), _("已解除锁定"), _page(person_id)
    )


@blueprint.get("/people/<uuid:person_id>/leave")
def leave(person_id: UUID) -> str:
    """Say what becomes of the work before somebody is seen off."""
    card = card_of(person_id)
    with the_runtime().database.read(actor().scope) as session:
        items = open_items(session, person_id)
    return show("leave", "admin.people", card=card, items=items, roles=ROLES)


@blueprint.post("/people/<uuid:person_id>/leave", endpoint="see_off")
def confirm_leave(person_id: UUID) -> Response:
    """See somebody off."""
    reason = request.form.get("reason", "")
    back = _page(person_id) if reason.strip() else url_for("admin.leave", person_id=person_id)
    return carry_out(
        lambda: see_off(the_runtime(), person_id, reason, actor()),
        _("已停用：退出登录，收回角色，待办退回本组"),
        back,
    )


@blueprint.post("/people/<uuid:person_id>/return", endpoint="take_back")
def come_back(person_id: UUID) -> Response:
    """Let somebody who left come back."""
    return carry_out(
        lambda: take_back(the_runtime(), person_id, actor()),
        _("已恢复。角色要重新给，密码还是原来的"),
        _page(person_id),
    )


@blueprint.post("/people/<uuid:person_id>/sessions/end")
def end_sessions(person_id: UUID) -> Response:
    """Sign a person out everywhere."""
    return carry_out(
        lambda: end_session(the_runtime(), person_id, None, actor()),
        _("所有设备都退出了"),
        _page(person_id),
    )


@blueprint.post("/people/<uuid:person_id>/sessions/<uuid:session_id>/end")
def end_one_session(person_id: UUID, session_id: UUID) -> Response:
    """Sign a person out of one device."""
    return carry_out(
        lambda: end_session(the_runtime(), person_id, session_id, actor()),
        _("那台设备已经退出"),
        _page(person_id),
    )


def _page(person_id: UUID) -> str:
    return url_for("admin.person", person_id=person_id)
