"""The page on which a draft is published: what is wrong, what running cases would meet, the second person's word."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from msgspec import Struct

from store.pages.processes import releases_of
from store.scope import widened
from webapp.identity import actor, signed_in, the_runtime
from webapp.studio.drafts import STALE, Answer, load_row, posted_number, show
from webapp.studio.frame import blueprint
from webapp.texts import _
from workflows.commands import ProposePublication
from workflows.drafting import Change, blocking, changes_of, draft_of, drafted_bundle, manifest_of_draft
from workflows.errors import RuleRefusedError, StaleRecordError
from workflows.handlers.drafts import base_manifest
from workflows.handlers.publications import (
    approve_publication,
    decline_publication,
    propose_publication,
    retire_release,
)
from workflows.prospects import Prospects, prospects_of
from workflows.runtime import legal_day


class PublishPage(Struct, frozen=True):
    """What stands before a publication; `prospects` only where the diagram can be read as a whole."""

    problems: int
    changes: tuple[Change, ...]
    prospects: Prospects | None
    in_force: int
    today: date
    is_mine_to_approve: bool
    is_own_proposal: bool
    note: str = ""
    on: str = ""
    refusal: str = ""


@blueprint.get("/drafts/<uuid:draft_id>/publish")
def publish(draft_id: UUID) -> str:
    """Show what a publication would do."""
    return _page(draft_id)


@blueprint.post("/drafts/<uuid:draft_id>/publish", endpoint="propose_publication")
def propose(draft_id: UUID) -> Answer:
    """Ask the second person."""
    form = request.form
    try:
        command = ProposePublication(
            draft_id,
            posted_number("version"),
            form.get("note", ""),
            posted_number("over"),
            _day(form.get("on", "")),
        )
        made = propose_publication(the_runtime(), command, actor())
    except StaleRecordError:
        return _page(draft_id, str(STALE)), 409
    except RuleRefusedError as error:
        return _page(draft_id, error.reason), 409
    flash(_("已发布") if made else _("已提交，另一位流程管理员批准以后发布"))
    return redirect(url_for("studio.publish", draft_id=draft_id), 303)


@blueprint.post("/drafts/<uuid:draft_id>/approve", endpoint="approve_publication")
def approve(draft_id: UUID) -> Answer:
    """Publish what somebody else proposed."""
    try:
        approve_publication(the_runtime(), draft_id, posted_number("version"), actor())
    except StaleRecordError:
        return _page(draft_id, _("你看过以后它又改过：看过现在的样子再批准")), 409
    except RuleRefusedError as error:
        return _page(draft_id, error.reason), 409
    flash(_("已批准，新办件按生效日走这一版"))
    return redirect(url_for("studio.show", process=load_row(draft_id).process), 303)


@blueprint.post("/drafts/<uuid:draft_id>/decline", endpoint="decline_publication")
def decline(draft_id: UUID) -> Answer:
    """Say no, or take the own proposal back."""
    try:
        decline_publication(the_runtime(), draft_id, request.form.get("reason", ""), actor())
    except RuleRefusedError as error:
        return _page(draft_id, error.reason), 409
    flash(_("没有发布，草稿可以接着改"))
    return redirect(url_for("studio.publish", draft_id=draft_id), 303)


@blueprint.post("/<process>/releases/<uuid:release_id>/retire", endpoint="retire_release")
def retire(process: str, release_id: UUID) -> Answer:
    """Take the newest release back."""
    try:
        running = retire_release(the_runtime(), release_id, request.form.get("reason", ""), actor())
    except RuleRefusedError as error:
        flash(error.reason, "error")
    else:
        left = _("，%(n)s 件在办的还在那一版，系统管理员已收到提醒，可以迁回来", n=running) if running else ""
        flash(_("已退回，新办件走原来的版本") + left)
    return redirect(url_for("studio.show", process=process), 303)


def _page(draft_id: UUID, refusal: str = "") -> str:
    row = load_row(draft_id)
    with the_runtime().database.read(actor().scope) as session:
        draft, releases = draft_of(session, draft_id), releases_of(session, row.process)
        bundle = drafted_bundle(session, draft)
        problems = blocking(bundle)
        changes = changes_of(manifest_of_draft(draft), base_manifest(session, draft))
        with widened(session, "how running cases would fare, in numbers"):
            prospects = None if problems else prospects_of(session, row.process, bundle.spec)
    me = signed_in().person_id
    page = PublishPage(
        problems=len(problems),
        changes=changes,
        prospects=prospects,
        in_force=releases[0].number if releases else 0,
        today=legal_day(the_runtime().now()),
        is_mine_to_approve=row.status == "proposed" and me not in {row.proposed_by, row.holder_id},
        is_own_proposal=row.status == "proposed" and me == row.proposed_by,
        note=request.form.get("note", ""),
        on=request.form.get("on", ""),
        refusal=refusal,
    )
    return show("draft_publish", row, page=page)


def _day(text: str) -> date | None:
    """Return the day that was written, None for at once. Raises: RuleRefusedError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RuleRefusedError(_("生效日写成 2026-12-01 这样")) from error
