"""The pages of checklists: the list, one version, and what the joint office does with a new one."""

from collections.abc import Mapping
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from documents.sheets import SheetError, template
from documents.sheets.checklists import CHECKLIST
from documents.sheets.workbook import MAX_BYTES
from rules.vocabulary import choices, label
from store.pages.checklists import ChecklistLine, Difference, checklist_line, checklist_lines, differences
from webapp.dates import this_day
from webapp.downloads import workbook
from webapp.identity import actor, the_runtime
from webapp.texts import Lazy, _, lazy
from workflows.errors import InvalidAnswersError, NotFoundError, RuleRefusedError
from workflows.handlers.checklists import (
    NO_KIND,
    WRITER,
    DraftChecklist,
    discard_checklist,
    draft_checklist,
    publish_checklist,
)

blueprint = Blueprint("checklists", __name__, url_prefix="/checklists", template_folder="templates")
Answer = str | Response | tuple[str, int]
STANDINGS: Mapping[str, tuple[Lazy, str]] = {
    "draft": (lazy("等发布"), "amber"),
    "to_come": (lazy("还没施行"), "blue"),
    "in_force": (lazy("在用"), "green"),
    "followed": (lazy("有了新版"), ""),
}
KINDS: Mapping[str, tuple[Lazy, str]] = {
    "added": (lazy("新增"), "green"),
    "changed": (lazy("改"), "amber"),
    "removed": (lazy("去掉"), "red"),
}


class Line(Struct, frozen=True):
    """A version as lists and its page show it."""

    row: ChecklistLine
    count: int
    industry: str
    standing: str
    tone: str
    href: str | None


class Listing(Struct, frozen=True):
    """The page of the list, and the form as it was filled in."""

    lines: tuple[Line, ...]
    may_write: bool
    industries: Mapping[str, str]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    megabytes: int


class VersionPage(Struct, frozen=True):
    """The page of one version; `changes` against the one before it."""

    line: Line
    provisions: tuple[tuple[int, str, str], ...]
    changes: tuple[tuple[Difference, str, str], ...]
    may_publish: bool
    refusal: str


@blueprint.get("/")
def index() -> str:
    """Show the checklists of all industries."""
    return _listing({"first_day": this_day().isoformat()}, {})


@blueprint.get("/template.xlsx")
def blank() -> Response:
    """Hand out the empty template."""
    return workbook(template(CHECKLIST.code), _("%(title)s导入模板.xlsx", title=CHECKLIST.title))


@blueprint.post("/")
def upload() -> Answer:
    """Read a sheet as the next version; what is wrong is named by row and column, and what was typed stays."""
    typed, sent = dict(request.form.items()), request.files.get("file")
    if sent is None or not sent.filename:
        return _listing(typed, {"file": _("先选填好的 Excel 文件，再上传")}), 422
    stream = cast("BinaryIO", sent.stream)  # werkzeug says IO[bytes] of what is a binary file
    try:
        drafted = draft_checklist(the_runtime(), DraftChecklist.of(typed), stream, actor())
    except SheetError as error:
        return _listing(typed, {"file": error.sentence}), 422
    except InvalidAnswersError as error:
        return _listing(typed, error.errors), 422
    flash(_("已读入，看过改了什么再发布"))
    return redirect(url_for("checklists.show", checklist_id=drafted), 303)


@blueprint.get("/<uuid:checklist_id>")
def show(checklist_id: UUID) -> Answer:
    """Show one version and what it changes."""
    return _version(checklist_id)


@blueprint.post("/<uuid:checklist_id>/publish")
def publish(checklist_id: UUID) -> Answer:
    """Publish a draft from its day on."""
    try:
        publish_checklist(the_runtime(), checklist_id, actor())
    except RuleRefusedError as error:
        return _version(checklist_id, error.reason)
    flash(_("已发布；以前派的服务照原来的清单"))
    return redirect(url_for("checklists.show", checklist_id=checklist_id), 303)


@blueprint.post("/<uuid:checklist_id>/discard")
def discard(checklist_id: UUID) -> Response:
    """Give a draft up."""
    discard_checklist(the_runtime(), checklist_id, actor())
    flash(_("已放弃，没有改动在用的清单"))
    return redirect(url_for("checklists.index"), 303)


def _listing(values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with the_runtime().database.read(actor().scope) as session:
        lines = tuple(_line(row) for row in checklist_lines(session, this_day()))
    page = Listing(
        lines=lines,
        may_write=actor().has(WRITER),
        industries={code: word for code, word in choices("high_risk_kind") if code != NO_KIND},
        values=values,
        errors=errors,
        megabytes=MAX_BYTES // 1024 // 1024,
    )
    return render_template("checklists/index.html", page=page)


def _version(checklist_id: UUID, refusal: str = "") -> Answer:
    with the_runtime().database.read(actor().scope) as session:
        row = checklist_line(session, checklist_id, this_day())
        if row is None:
            raise NotFoundError(kind="industry_checklist", id=str(checklist_id))
        found = differences(session, row.checklist)
    page = VersionPage(
        line=_line(row),
        provisions=tuple(
            (item.number, item.text, label("hazard_class", item.hazard_class)) for item in row.checklist.items
        ),
        changes=tuple((one, str(KINDS[one.kind][0]), KINDS[one.kind][1]) for one in found),
        may_publish=actor().has(WRITER) and row.standing == "draft",
        refusal=refusal,
    )
    return render_template("checklists/show.html", page=page), 422 if refusal else 200


def _line(row: ChecklistLine) -> Line:
    words, tone = STANDINGS[row.standing]
    href = url_for("checklists.show", checklist_id=row.id) if row.id is not None else None
    return Line(
        row, len(row.checklist.items), label("high_risk_kind", row.checklist.industry), str(words), tone, href
    )
