"""The pages of the inbox, and what is done there."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from rules.roles import ROLES
from store.pages.inbox import Cursor, View
from webapp import addresses
from webapp.dates import clock_time
from webapp.drafts import keep_posted
from webapp.errors import stale_sentence
from webapp.identity import actor, signed_in, the_runtime
from webapp.inbox.listing import Asked, Listing, build_listing, reader_of
from webapp.inbox.submitting import after_completion, complete, rows_changed
from webapp.inbox.task import Task, Typed, load_task
from webapp.linking import link_to
from webapp.posting import posted_fields
from webapp.texts import _
from workflows.commands import ClaimWorkItem, ReleaseWorkItem
from workflows.errors import CaseSuspendedError, InvalidAnswersError, NotAllowedError, StaleVersionError
from workflows.handlers.work_items import claim_work_item, release_work_item
from workflows.verbs.seeing import note_seen

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox", template_folder="templates")

Answer = Response | str | tuple[str, int]


@blueprint.get("/")
def index() -> str:
    """Show the list, and on wide screens its first task."""
    listing = _listing()
    first = listing.first_id
    task = load_task(the_runtime(), first, actor()) if first is not None else None
    return _page(listing, task, is_open=False)


@blueprint.get("/<uuid:work_item_id>")
def show(work_item_id: UUID) -> str:
    """Show one task, beside the list that it stands in."""
    task = _opened(work_item_id)
    if request.headers.get("HX-Request"):
        return render_template("inbox/_task.html", task=task, asked=_asked(), key=uuid4())
    return _page(_listing(), task, is_open=True)


@blueprint.get("/<uuid:work_item_id>/full")
def full(work_item_id: UUID) -> str:
    """Show one task over the whole page, with its outline."""
    task = _opened(work_item_id)
    return render_template("inbox/full.html", task=task, asked=_asked(), key=uuid4())


@blueprint.post("/<uuid:work_item_id>")
def submit(work_item_id: UUID) -> Answer:
    """Change rows, keep the draft or finish the step, as the pressed button says."""
    fields, problems = posted_fields(the_runtime(), actor())
    changed = rows_changed(the_runtime(), work_item_id, fields, actor())
    if changed is not None or problems:
        return _again(
            work_item_id, Typed(fields if changed is None else changed, notice="；".join(problems)), 200
        )
    try:
        if not {"_save", "_hand_back"}.isdisjoint(request.form):
            return _put_aside(work_item_id, fields)
        case_id = complete(the_runtime(), work_item_id, fields, actor())
    except InvalidAnswersError as error:
        return _again(work_item_id, Typed(fields, error.errors), 422)
    except StaleVersionError as error:
        what = stale_sentence(error)
        kept = (
            _("%(what)s你填的没有算数，还在下面，要用先抄走。", what=what)
            if error.closed
            else _("%(what)s你填的内容还在下面，看过变化后再提交。", what=what)
        )
        return _again(work_item_id, Typed(fields, notice=kept), 409)
    except (CaseSuspendedError, NotAllowedError) as error:
        return _again(work_item_id, Typed(fields, notice=_kept(error)), 409)
    flash(_("已提交"))
    return redirect(after_completion(the_runtime(), case_id, work_item_id, _asked(), actor()), 303)


@blueprint.post("/<uuid:work_item_id>/draft")
def draft(work_item_id: UUID) -> Response:
    """Keep what was typed so far; asked by the page's script."""
    at = keep_posted(work_item_id, request.form, actor())
    return jsonify(saved_at=clock_time(at))


@blueprint.post("/<uuid:work_item_id>/claim")
def claim(work_item_id: UUID) -> Response:
    """Take a task from the pool."""
    try:
        claim_work_item(the_runtime(), ClaimWorkItem(work_item_id, _version()), actor())
    except NotAllowedError as error:
        flash(not_yours(error.reason), "error")
    except StaleVersionError as error:
        flash(stale_sentence(error), "error")
    else:
        flash(_("已领取，现在归你办"))
    return redirect(_asked().href("inbox.show", work_item_id=work_item_id), 303)


@blueprint.post("/<uuid:work_item_id>/release")
def release(work_item_id: UUID) -> Response:
    """Give a task back to the pool."""
    try:
        release_work_item(the_runtime(), ReleaseWorkItem(work_item_id, _version()), actor())
    except NotAllowedError:
        flash(_("派给你的任务不能退回，要换人找协调员改派"), "error")
    except StaleVersionError as error:
        flash(stale_sentence(error), "error")
    else:
        flash(_("已退回，本组的人都能领"))
    return redirect(url_for("inbox.index"), 303)


def _kept(error: CaseSuspendedError | NotAllowedError) -> str:
    if isinstance(error, CaseSuspendedError):
        return _("办件刚刚挂起了，恢复以后才能提交。你填的内容存成了草稿。")
    return _("%(what)s。你填的没有算数，存成了草稿。", what=not_yours(error.reason))


def not_yours(reason: str) -> str:
    """Return why a task is not this person's to take: somebody has it, or it is another role's."""
    role = ROLES.get(reason)
    if role is not None:
        return _("这一步由%(role)s办，你没有这个角色", role=role.title)
    return _("已经被%(name)s领走了", name=reason)


def _put_aside(work_item_id: UUID, fields: MultiDict[str, str]) -> Response:
    """Keep what was typed; a delegate goes on to give the step back."""
    keep_posted(work_item_id, fields, actor())
    if "_hand_back" in request.form:
        return redirect(url_for("inbox.verb", work_item_id=work_item_id, verb="hand_back"), 303)
    flash(_("已暂存，下次打开接着填"))
    return redirect(_asked().href(), 303)


def _again(work_item_id: UUID, typed: Typed, status: int) -> tuple[str, int]:
    """Show the form with what was typed; over the whole page if it came from there."""
    task = load_task(the_runtime(), work_item_id, actor(), typed)
    if "_full" in request.form:
        return render_template("inbox/full.html", task=task, asked=_asked(), key=uuid4()), status
    return _page(_listing(), task, is_open=True), status


def _opened(work_item_id: UUID) -> Task:
    """Return a task that somebody opens; that the first one did so is remembered."""
    task = load_task(the_runtime(), work_item_id, actor())
    if task.can_act and not task.is_seen:
        note_seen(the_runtime(), work_item_id, actor())
    return task


def _page(listing: Listing, task: Task | None, *, is_open: bool) -> str:
    return render_template(
        "inbox/index.html",
        listing=listing,
        task=task,
        asked=listing.asked,
        is_open=is_open,
        key=uuid4(),
        begin_href=link_to("beginnings.index"),
        started_href=link_to("cases.index", state="started"),
        copied_href=link_to("cases.index", state="copied"),
    )


def _listing() -> Listing:
    with the_runtime().database.read(actor().scope) as session:
        return build_listing(session, reader_of(signed_in(), the_runtime().now()), _asked())


def _asked() -> Asked:
    given: MultiDict[str, str] = request.args
    view = View(given["view"]) if given.get("view") in set(View) else None
    return Asked(view, given.get("q", "").strip()[:100], _cursor(given.get("after", "")))


def _cursor(text: str) -> Cursor | None:
    at, _comma, last = text.partition(",")
    moment, row_id = addresses.moment(at), addresses.identity(last)
    return Cursor(moment, row_id) if moment is not None and row_id is not None else None


def _version() -> int:
    return addresses.row_version(request.form.get("version", ""))
