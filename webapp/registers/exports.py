"""What is listed, as Excel: in the columns of the register's own template, so that it may come back corrected."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import abort, flash, redirect, request
from msgspec.structs import replace
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from documents.sheets import REGISTERS, write_listed
from store.masking import masked_id_number, masked_mobile
from store.pages.other_pages import year_facts
from store.pages.rosters import records
from webapp.access import may_open
from webapp.dates import this_day
from webapp.downloads import workbook
from webapp.identity import actor, the_runtime
from webapp.registers import lists, rosters
from webapp.registers.area import ANY_SECTION, LISTS, SECTIONS, blueprint, list_href, readable, sees_contacts
from webapp.texts import _
from workflows.registers import ROSTERS, texts_of, written_record

MOST = 5_000
"""Rows that one file takes; a longer list is narrowed first, so that no file is silently cut."""
_MASKS = {"mobile": masked_mobile, "id_number": masked_id_number}
_CONTACTS = ("contact", "mobile", "legal_person", "safety_officer")
Line = Mapping[str, str]


@blueprint.get(f"/{ANY_SECTION}/listed.xlsx")
def listed(section: str) -> Response:
    """Hand out what the list with these conditions shows, whole; personal numbers stay masked."""
    register = SECTIONS[section]
    allowed = register in readable() if register in ROSTERS else may_open(LISTS[register], actor().roles)
    if not allowed:
        abort(403)
    with the_runtime().database.read(actor().scope) as session:
        lines = _declared(session, register) if register in ROSTERS else _programmed(session, register)
    if lines is None:
        flash(_("超过 %(n)s 行，先用查找和筛选缩小范围再导出", n=MOST), "error")
        query = request.query_string.decode()
        return redirect(f"{list_href(register)}?{query}", 303)
    name = _("%(title)s %(day)s.xlsx", title=REGISTERS[register].title, day=this_day())
    return workbook(write_listed(register, lines), name)


def _declared(session: Session, register: str) -> list[Line] | None:
    roster = ROSTERS[register]
    asked = replace(rosters.asked_of(roster), after=None)
    found, after = records(session, roster.source, asked, this_day(), most=MOST)
    return None if after is not None else list(texts_of(session, roster, found))


def _programmed(session: Session, register: str) -> list[Line] | None:
    lines: list[Line] = []
    for row_id in _ids(session, register):
        if len(lines) == MOST:
            return None
        known = written_record(session, register, row_id)
        if known is not None:
            lines.append(_masked(register, known.texts))
    return lines


def _ids(session: Session, register: str) -> Iterator[UUID]:
    """Yield the ids of what is listed, page by page."""
    asked = replace(lists.asked_of(register), after=None)
    while True:
        page = lists.LISTINGS[register].fetch(session, asked)
        for row in page.rows:
            yield row.id
            if register == "year_facts":
                yield from _accidents(session, row.id)
        if page.next is None:
            return
        asked = replace(asked, after=page.next)


def _accidents(session: Session, fact_id: UUID) -> Iterator[UUID]:
    """Yield the accidents of a year: each is a row of its own in the sheet."""
    facts = year_facts(session, fact_id)
    yield from (accident.id for accident in facts.accidents) if facts is not None else ()


def _masked(register: str, texts: Line) -> Line:
    hidden = () if register != "policyholders" or sees_contacts() else _CONTACTS
    return {
        key: "" if key in hidden else _MASKS[key](text) if key in _MASKS else text
        for key, text in texts.items()
    }
