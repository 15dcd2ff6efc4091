"""The registers, their templates, and the import: upload, look, confirm, result."""

from collections.abc import Mapping
from typing import BinaryIO, cast
from uuid import UUID

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from documents.sheets import REGISTERS, SheetError, template
from documents.sheets.workbook import MAX_BYTES
from store.pages.imports import BadRow, RunLine, bad_rows, counts, latest_runs, run_line
from store.pages.rosters import how_many
from webapp.access import may_open
from webapp.downloads import workbook
from webapp.identity import actor, the_runtime
from webapp.registers.area import LISTS, SECTION_OF, blueprint, importable, list_href, readable
from webapp.texts import Lazy, _, lazy
from workflows.errors import NotFoundError
from workflows.registers import ROSTERS, begin_run, open_run, start_run

ENDED = frozenset({"done", "refused"})
ABOUT: Mapping[str, tuple[str, Lazy, Lazy]] = {
    "policyholders": ("building", lazy("家单位"), lazy("单位、区县、行业、联系人")),
    "policies": ("file-certificate", lazy("张保单"), lazy("保费和起止期；导入后自动开服务周期")),
    "claims": ("report-money", lazy("件赔案"), lazy("决定第三档的赔案宗数和赔付率")),
    "year_facts": ("alert-triangle", lazy("条记录"), lazy("上年度事故和失信惩戒")),
    "people": ("id-badge-2", lazy("名专家"), lazy("人员、角色、专家的资质和证书")),
}


class RegisterCard(Struct, frozen=True):
    """A register as its card shows it."""

    code: str
    title: str
    icon: str
    count: int
    unit: str
    about: str
    may_import: bool
    href: str
    new_href: str


class RosterLine(Struct, frozen=True):
    """A declared register as the index shows it."""

    title: str
    icon: str
    about: str
    count: int
    href: str


class RunPage(Struct, frozen=True):
    """One import as its page shows it."""

    run: RunLine
    title: str
    is_running: bool
    may_confirm: bool
    bad_rows: list[BadRow]
    percent: int


@blueprint.get("/")
def index() -> str | Response:
    """Show what is registered, and to whom may: templates, upload, the latest imports."""
    query = request.args.get("q", "").strip()
    if query:
        return redirect(url_for("registers.units", q=query[:100]))
    with the_runtime().database.read(actor().scope) as session:
        found = counts(session)
        runs = latest_runs(session, importable())
        declared = [(ROSTERS[code], how_many(session, ROSTERS[code].source)) for code in readable()]
    cards = [
        RegisterCard(
            code=code,
            title=REGISTERS[code].title,
            icon=icon,
            count=found[code],
            unit=str(unit),
            about=str(about),
            may_import=code in importable(),
            href=url_for(LISTS[code]),
            new_href=url_for("registers.new", section=SECTION_OF[code]),
        )
        for code, (icon, unit, about) in ABOUT.items()
        if may_open(LISTS[code], actor().roles)
    ]
    order = list(ROSTERS)
    lines = [
        RosterLine(roster.sheet.title, roster.icon, roster.about, count, list_href(roster.code))
        for roster, count in sorted(declared, key=lambda pair: order.index(pair[0].code))
    ]
    titles = {code: register.title for code, register in REGISTERS.items()}
    megabytes = MAX_BYTES // 1024 // 1024
    return render_template(
        "registers/index.html", cards=cards, lines=lines, runs=runs, titles=titles, megabytes=megabytes
    )


@blueprint.get("/<register>/template.xlsx")
def blank(register: str) -> Response:
    """Hand out the empty template."""
    _require(register)
    name = _("%(title)s导入模板.xlsx", title=REGISTERS[register].title)
    return workbook(template(register), name)


@blueprint.post("/<register>")
def upload(register: str) -> Response:
    """Take a file and see what importing it would do; nothing is registered yet."""
    _require(register)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        flash(_("还没有选择文件：先选填好的 Excel 文件，再上传"), "error")
        return redirect(url_for("registers.index"), 303)
    runtime = the_runtime()
    try:
        stream = cast("BinaryIO", sent.stream)  # werkzeug says IO[bytes] of what is a binary file
        run_id = open_run(runtime, register, stream, sent.filename, actor(), dry_run=True)
    except SheetError as error:
        flash(error.sentence, "error")
        return redirect(url_for("registers.index"), 303)
    start_run(runtime, run_id)
    return redirect(url_for("registers.run", run_id=run_id), 303)


@blueprint.get("/imports/<uuid:run_id>")
def run(run_id: UUID) -> str:
    """Show how an import stands: under way, refused, looked at, or done."""
    found = _run(run_id)
    columns = [column.key for column in REGISTERS[found.register].columns]
    with the_runtime().database.read(actor().scope) as session:
        rows = bad_rows(session, run_id, columns)
    is_looked_at = found.dry_run and found.state == "done"
    page = RunPage(
        run=found,
        title=REGISTERS[found.register].title,
        is_running=found.state not in ENDED,
        may_confirm=is_looked_at and found.new + found.changed > 0,
        bad_rows=rows,
        percent=100 * found.done // found.total if found.total else 0,
    )
    return render_template("registers/run.html", page=page)


@blueprint.get("/imports/<uuid:run_id>/progress")
def progress(run_id: UUID) -> Response:
    """Say how far an import is, for the bar."""
    found = _run(run_id)
    return jsonify(ended=found.state in ENDED, done=found.done, total=found.total)


@blueprint.post("/imports/<uuid:run_id>/confirm")
def confirm(run_id: UUID) -> Response:
    """Import what was looked at."""
    found = _run(run_id)
    if not found.dry_run or found.state != "done":
        abort(409)
    runtime = the_runtime()
    confirmed = begin_run(runtime, found.register, found.file_sha256, found.file_name, actor(), dry_run=False)
    start_run(runtime, confirmed)
    return redirect(url_for("registers.run", run_id=confirmed), 303)


@blueprint.get("/imports/<uuid:run_id>/rejects.xlsx")
def rejects(run_id: UUID) -> Response:
    """Hand back the bad rows with their reasons, ready to be corrected."""
    found = _run(run_id)
    if found.rejects_sha256 is None:
        raise NotFoundError(kind="import_run", id=str(run_id))
    path = the_runtime().files.path(found.rejects_sha256)
    name = _("%(title)s有误的行.xlsx", title=REGISTERS[found.register].title)
    return workbook(path, name)


def _require(register: str) -> None:
    if register not in REGISTERS:
        raise NotFoundError(kind="register", id=register)
    if register not in importable():
        abort(403)


def _run(run_id: UUID) -> RunLine:
    with the_runtime().database.read(actor().scope) as session:
        found = run_line(session, run_id, importable())
    if found is None:
        raise NotFoundError(kind="import_run", id=str(run_id))
    return found
