"""The pages of a draft: its files, what is wrong with it, and the commands on it; the editor asks here, too."""

from pathlib import Path
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from msgspec import Struct, to_builtins
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms.schema import FormError
from store.pages.drafts import DraftRow, draft_row
from webapp.errors import answer, wants_json
from webapp.identity import actor, signed_in, the_runtime
from webapp.studio.frame import blueprint
from webapp.tabs import Tab
from webapp.texts import _, lazy
from workflows.bundles import Bundle
from workflows.commands import SaveDraftFile
from workflows.drafting import (
    Change,
    Problem,
    changes_of,
    completed,
    diagram_name,
    draft_of,
    drafted_bundle,
    manifest_of_draft,
    own_files,
    problems_of,
    refuse_unreadable,
)
from workflows.errors import NotFoundError, RuleRefusedError, StaleRecordError
from workflows.handlers.drafts import (
    base_manifest,
    branch_draft,
    copy_draft_file,
    discard_draft,
    restore_draft_file,
    save_draft_file,
    start_draft,
)
from workflows.pinned import read_form

Answer = Response | str | tuple[str | Response, int]

BPMN = "application/xml; charset=utf-8"
FOLDERS = {
    "diagrams": lazy("流程图"),
    "forms": lazy("表单"),
    "decisions": lazy("决策表"),
    "templates": lazy("文书模板"),
}
CHANGES = {"added": lazy("新加"), "changed": lazy("改过"), "removed": lazy("去掉")}
STALE = lazy(
    "没有存：这份草稿在你打开以后又存过一次（可能是你在另一个窗口里改的）。先看现在的样子，再传一次。"
)
VIEWS = {
    "draft": lazy("流程图"),
    "draft_files": lazy("文件"),
    "draft_check": lazy("检查"),
    "publish": lazy("发布"),
}


class FileLine(Struct, frozen=True):
    """A file of a draft: folder and name, what a form calls itself, how it differs from the base, how large it is."""

    name: str
    folder: str
    stem: str
    title: str
    change: str
    size: int


class ProblemLine(Struct, frozen=True):
    """What is wrong, where, and the place to mend it."""

    file: str
    kind: str
    element: str
    text: str
    href: str


@blueprint.post("/<process>/drafts", endpoint="start_draft")
def start(process: str) -> Answer:
    """Begin to change a process."""
    draft_id = start_draft(the_runtime(), process, actor())
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


@blueprint.get("/drafts/<uuid:draft_id>/files", endpoint="draft_files")
def files(draft_id: UUID) -> str:
    """List the files, with what was changed in them."""
    return _files(draft_id)


@blueprint.get("/drafts/<uuid:draft_id>/check", endpoint="draft_check")
def check(draft_id: UUID) -> str:
    """Say what keeps the draft from being published, and what it changes."""
    with the_runtime().database.read(actor().scope) as session:
        row, bundle, changes = _row(session, draft_id), *_state(session, draft_id)
    found = problems_of(bundle)
    problems, notes = ([_line(row, one) for one in found if one.blocks is blocks] for blocks in (True, False))
    return show(
        "draft_check", row, problems=problems, notes=notes, changes=changes, folders=FOLDERS, words=CHANGES
    )


@blueprint.post("/drafts/<uuid:draft_id>/check", endpoint="try_draft")
def try_out(draft_id: UUID) -> Response:
    """Tell the editor what is wrong with what it shows, which is not saved."""
    drawn = request.files["content"].read() if "content" in request.files else b""
    with the_runtime().database.read(actor().scope) as session:
        _row(session, draft_id)
        draft = draft_of(session, draft_id)
        name, kept = diagram_name(draft), own_files(session, draft)
    refuse_unreadable(name, drawn)
    return jsonify(
        problems=[to_builtins(one) for one in problems_of(completed(Bundle({**kept, name: drawn})))]
    )


@blueprint.get("/drafts/<uuid:draft_id>/file", endpoint="draft_file")
def file(draft_id: UUID) -> Response:
    """Hand out one file as it is now; without a name the diagram."""
    with the_runtime().database.read(actor().scope) as session:
        _row(session, draft_id)
        draft = draft_of(session, draft_id)
        kept, name = own_files(session, draft), request.args.get("name") or diagram_name(draft)
    if name not in kept:
        raise NotFoundError(kind="file", id=name)
    response = Response(
        kept[name], content_type=BPMN if name.startswith("diagrams/") else "application/octet-stream"
    )
    response.headers.set("Content-Disposition", "attachment", filename=Path(name).name)
    return response


@blueprint.post("/drafts/<uuid:draft_id>/file", endpoint="save_draft")
def save(draft_id: UUID) -> Answer:
    """Keep a file: of the editor, which is told the new version, or one that somebody chose on the page."""
    upload, name = request.files.get("content"), request.form.get("name", "")
    if not name and upload is not None and upload.filename:
        name = _named_by(upload.filename)
    content = upload.read() if upload is not None else b""
    try:
        saved = save_draft_file(
            the_runtime(), SaveDraftFile(draft_id, name, content, posted_number("version")), actor()
        )
    except StaleRecordError:
        return answer(409, str(STALE)) if wants_json() else (_files(draft_id, str(STALE)), 409)
    except RuleRefusedError as error:
        return answer(422, error.reason) if wants_json() else (_files(draft_id, error.reason), 422)
    if wants_json():
        return jsonify(version=saved)
    flash(_("已存进草稿"))
    return redirect(url_for("studio.draft_files", draft_id=draft_id), 303)


@blueprint.post("/drafts/<uuid:draft_id>/copy", endpoint="copy_draft_file")
def copy(draft_id: UUID) -> Answer:
    """Add a form or a decision that begins as one of the draft's is."""
    given = request.form
    new = given.get("new", "").strip()
    try:
        copy_draft_file(
            the_runtime(), draft_id, given.get("name", ""), new, posted_number("version"), actor()
        )
    except StaleRecordError:
        return _files(draft_id, str(STALE)), 409
    except RuleRefusedError as error:
        return _files(draft_id, error.reason), 422
    flash(_("已另建 %(name)s", name=new))
    return redirect(url_for("studio.draft_files", draft_id=draft_id), 303)


@blueprint.post("/drafts/<uuid:draft_id>/restore", endpoint="restore_draft")
def restore(draft_id: UUID) -> Answer:
    """Take back what was changed in one file."""
    try:
        restore_draft_file(
            the_runtime(), draft_id, request.form.get("name", ""), posted_number("version"), actor()
        )
    except StaleRecordError:
        return _files(draft_id, str(STALE)), 409
    flash(_("已恢复成原来的样子"))
    return redirect(url_for("studio.draft_files", draft_id=draft_id), 303)


@blueprint.post("/drafts/<uuid:draft_id>/branch", endpoint="branch_draft")
def branch(draft_id: UUID) -> Answer:
    """Go on with a copy of one's own."""
    made = branch_draft(the_runtime(), draft_id, actor())
    flash(_("已另存一份，这一份由你改"))
    return redirect(url_for("studio.draft", draft_id=made), 303)


@blueprint.post("/drafts/<uuid:draft_id>/discard", endpoint="discard_draft")
def discard(draft_id: UUID) -> Answer:
    """Throw the draft away."""
    with the_runtime().database.read(actor().scope) as session:
        process = _row(session, draft_id).process
    discard_draft(the_runtime(), draft_id, actor())
    flash(_("草稿已扔掉"))
    return redirect(url_for("studio.show", process=process), 303)


def show(template: str, row: DraftRow, **values: object) -> str:
    """Return a page of a draft, with its tabs and what its reader may do."""
    tabs = [
        Tab(str(title), url_for(f"studio.{view}", draft_id=row.id), request.endpoint == f"studio.{view}")
        for view, title in VIEWS.items()
    ]
    is_mine = row.holder_id == signed_in().person_id
    page = {"draft": row, "tabs": tabs, "is_mine": is_mine, "may_change": is_mine and row.status == "open"}
    return render_template(f"studio/{template}.html", **page, **values)


def posted_number(name: str) -> int:
    """Return a number that a form carries unseen, 0 where there is none."""
    given = request.form.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0  # more digits than any version


def load_row(draft_id: UUID) -> DraftRow:
    """Return a draft. Raises: NotFoundError."""
    with the_runtime().database.read(actor().scope) as session:
        return _row(session, draft_id)


def _files(draft_id: UUID, refusal: str = "") -> str:
    with the_runtime().database.read(actor().scope) as session:
        row, draft = _row(session, draft_id), draft_of(session, draft_id)
        base, own = base_manifest(session, draft), manifest_of_draft(draft)
        changed = {one.name: one.kind for one in changes_of(own, base)}
        kept = own_files(session, draft)
    lines = [
        FileLine(
            name=name,
            folder=name.partition("/")[0],
            stem=Path(name).stem,
            title=_title(content) if name.startswith("forms/") else "",
            change=changed.get(name, ""),
            size=len(content),
        )
        for name, content in kept.items()
    ]
    groups = {folder: [line for line in lines if line.folder == folder] for folder in FOLDERS}
    return show(
        "draft_files", row, groups=groups, folders=FOLDERS, words=CHANGES, refusal=refusal, changed=changed
    )


def _row(session: Session, draft_id: UUID) -> DraftRow:
    if (row := draft_row(session, draft_id)) is None:
        raise NotFoundError(kind="draft", id=str(draft_id))
    return row


def _state(session: Session, draft_id: UUID) -> tuple[Bundle, tuple[Change, ...]]:
    draft = draft_of(session, draft_id)
    changes = changes_of(manifest_of_draft(draft), base_manifest(session, draft))
    return drafted_bundle(session, draft), changes


def _title(content: bytes) -> str:
    """Return what a form calls itself, nothing where it cannot be read."""
    try:
        return read_form(content).title
    except FormError:
        return ""


def _line(row: DraftRow, problem: Problem) -> ProblemLine:
    folder = problem.file.partition("/")[0]
    at = (
        url_for("studio.draft", draft_id=row.id)
        if folder == "diagrams"
        else url_for("studio.draft_files", draft_id=row.id)
    )
    place = problem.element if folder == "diagrams" else f"file-{Path(problem.file).stem}"
    return ProblemLine(
        problem.file, str(FOLDERS.get(folder, folder)), problem.element, problem.text, f"{at}#{place}"
    )


def _named_by(filename: str) -> str:
    """Return the name that an uploaded file has in a draft."""
    folder = "decisions" if filename.endswith(".dmn") else "forms"
    return f"{folder}/{Path(filename).name}"
