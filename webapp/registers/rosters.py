"""The pages of the declared registers: list, record, files."""

from collections.abc import Mapping
from typing import Any  # Any: url_for takes what the converters of a route take
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from documents.sheets import Column, register_of
from store.pages.attachments import Attachment, attachments_of
from store.pages.papers import PaperRow, papers_about
from store.pages.record_history import changes_of
from store.pages.register_lists import Asked, Cursor
from store.pages.rosters import DUE, NEAR, OVER, record, records
from webapp import addresses
from webapp.dates import this_day
from webapp.identity import actor, the_runtime
from webapp.registers.area import (
    ANY_SECTION,
    ROSTER_SECTION,
    SECTIONS,
    blueprint,
    importable,
    page_href,
    readable,
)
from webapp.registers.entry import known_record
from webapp.registers.history import Entry, history_of
from webapp.texts import _
from webapp.upload_check import RefusedFileError
from webapp.uploads import keep_upload, refusal_sentence
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.record_papers import RECORD_PAPERS, issue_for_record, paper_for
from workflows.papers import titles
from workflows.registers import ROSTERS, AttachFile, Roster, attach_file, attachable, texts_of

_NAME_COLUMNS = ("name", "title", "number", "description")


class Cell(Struct, frozen=True):
    """One cell of a list: its column's title, what it says, whether a day that is over stands in it."""

    title: str
    text: str
    is_over: bool = False
    is_near: bool = False


class RosterList(Struct, frozen=True):
    """A list as its page shows it: a link and cells for each record."""

    roster: Roster
    title: str
    asked: Asked
    states: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    may_write: bool
    first_href: str | None
    next_href: str | None
    sheet_href: str


class RosterRecord(Struct, frozen=True):
    """A record as its page shows it."""

    roster: Roster
    title: str
    cells: tuple[Cell, ...]
    files: tuple[Attachment, ...]
    history: tuple[Entry, ...]
    may_change: bool
    record_id: UUID
    paper_title: str
    papers: tuple[PaperRow, ...]


@blueprint.get(f"/{ROSTER_SECTION}/")
def roster_list(section: str) -> str:
    """List the records of a declared register."""
    roster = _roster(section)
    asked = asked_of(roster)
    with the_runtime().database.read(actor().scope) as session:
        found, after = records(session, roster.source, asked, this_day())
        texts = texts_of(session, roster, found)
    columns = {column.key: column for column in roster.sheet.columns}
    rows = tuple(
        (_href_of(roster, row[0]), tuple(_cell(roster, columns[key], said) for key in roster.listed))
        for row, said in zip(found, texts, strict=True)
    )
    page = RosterList(
        roster=roster,
        title=roster.sheet.title,
        asked=asked,
        states=_states(roster),
        headings=tuple(columns[key].title for key in roster.listed),
        rows=rows,
        may_write=roster.code in importable(),
        first_href=_href(section, asked) if asked.after is not None else None,
        next_href=_href(section, asked, after=f"{after.key},{after.id}") if after else None,
        sheet_href=_href(section, asked, endpoint="registers.listed"),
    )
    return render_template("registers/roster_list.html", page=page)


@blueprint.get(f"/{ROSTER_SECTION}/<uuid:record_id>")
def roster(section: str, record_id: UUID) -> str:
    """Show a record of a declared register: what it says, its files, who changed what."""
    declared = _roster(section)
    with the_runtime().database.read(actor().scope) as session:
        found = record(session, declared.source, record_id)
        if found is None:
            raise NotFoundError(kind=declared.code, id=str(record_id))
        (said,) = texts_of(session, declared, [found])
        kind, printed = declared.record_kind, paper_for(section_code := declared.code, said)
        page = RosterRecord(
            roster=declared,
            title=next((said[key] for key in _NAME_COLUMNS if said.get(key)), declared.sheet.title),
            cells=tuple(_cell(declared, column, said) for column in declared.sheet.columns),
            files=attachments_of(session, kind, record_id),
            paper_title=titles(printed.template) if printed is not None else "",
            papers=papers_about(session, printed.template, record_id) if printed is not None else (),
            history=tuple(history_of(section_code, changes_of(session, kind, [record_id]))),
            may_change=section_code in importable() and actor().org_id in declared.keepers(session, found),
            record_id=record_id,
        )
    return render_template("registers/roster.html", page=page)


@blueprint.post(f"/{ANY_SECTION}/<uuid:record_id>/files")
def attach(section: str, record_id: UUID) -> Response:
    """Attach a file to a record."""
    register, sent = SECTIONS[section], request.files.get("file")
    if register not in importable() & attachable():
        abort(403)
    known_record(register_of(register), record_id)
    if sent is None or not sent.filename:
        flash(_("还没有选择文件：先选一个，再上传"), "error")
        return redirect(page_href(register, record_id), 303)
    try:
        kept = keep_upload(the_runtime(), sent, actor())
    except RefusedFileError as error:
        flash(refusal_sentence(error, sent.filename), "error")
        return redirect(page_href(register, record_id), 303)
    attach_file(the_runtime(), AttachFile(register, record_id, kept.id), actor())
    flash(_("已上传“%(name)s”", name=kept.name))
    return redirect(page_href(register, record_id), 303)


@blueprint.post(f"/{ANY_SECTION}/<uuid:record_id>/paper")
def issue_paper(section: str, record_id: UUID) -> Response:
    """Issue the paper of a record, in place of the one before."""
    if SECTIONS[section] not in RECORD_PAPERS:
        abort(404)
    register = _roster(section).code
    try:
        number = issue_for_record(the_runtime(), register, record_id, actor())
    except RuleRefusedError as error:
        flash(error.reason, "error")
    else:
        flash(_("已出具 %(number)s，正在印制", number=number))
    return redirect(page_href(register, record_id), 303)


def asked_of(roster: Roster) -> Asked:
    """Return what the address asks of a declared register; what nobody offers is not asked for."""
    state = request.args.get("state", "")
    key, _comma, last = request.args.get("after", "").rpartition(",")
    row_id = addresses.identity(last)
    return Asked(
        query=request.args.get("q", "").strip()[:100],
        state=state if state in dict(_states(roster)) else "",
        after=Cursor(key, row_id) if row_id is not None else None,
    )


def _roster(section: str) -> Roster:
    code = SECTIONS[section]
    if code not in readable():
        abort(403)
    return ROSTERS[code]


def _states(roster: Roster) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    if roster.source.until is not None:
        found += [(DUE, _("60 天内到期")), (OVER, _("已到期"))]
    for column in roster.sheet.columns:
        if column.key == roster.source.state:
            found += list(zip(column.codes, column.choices, strict=True))
    return tuple(found)


def _cell(roster: Roster, column: Column, said: Mapping[str, str]) -> Cell:
    """Return a cell; the day until which something is good says when it is over, unless all is done."""
    text, source = said[column.key], roster.source
    state = next((each for each in roster.sheet.columns if each.key == source.state), None)
    is_done = state is not None and source.done is not None and said[state.key] == state.written(source.done)
    day = addresses.day(text) if column.key == source.until and not is_done else None
    left = (day - this_day()).days if day is not None else None
    return Cell(
        title=column.title,
        text=text,
        is_over=left is not None and left < 0,
        is_near=left is not None and 0 <= left <= NEAR.days,
    )


def _href_of(roster: Roster, row: Any) -> str:  # noqa: ANN401  # Any: a row with an id
    return page_href(roster.code, row.id)


def _href(section: str, asked: Asked, *, endpoint: str = "registers.roster_list", **more: Any) -> str:  # noqa: ANN401  # as url_for
    kept = {name: value for name, value in (("q", asked.query), ("state", asked.state)) if value}
    given: dict[str, Any] = {**kept, **more}  # Any: as url_for
    return url_for(endpoint, section=section, **given)
