"""What is pushed online: the year against the seven categories, one push as its unit reads it (第十二条)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask import url_for
from msgspec import Struct

from rules.online_push import is_behind, missing_categories
from rules.vocabulary import choices, label
from store.pages.case import case_facts
from store.pages.pushes import PushRecord, PushRow, Receiver, push_record, pushes_of_year, years_of_pushes
from webapp.dates import this_day
from webapp.gatherings.sections import sections
from webapp.linking import link_to
from webapp.tabs import Tab
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.handlers.pushes import READER, read_push
from workflows.people import Actor
from workflows.runtime import Runtime

TONES = {
    "draft": "amber",
    "reviewing": "violet",
    "waiting": "blue",
    "published": "green",
    "measured": "green",
}
DUTY = frozenset({"coordinator", "provider_manager"})
"""Whose duty the categories are: they begin pushes, and see drafts."""


class PushLine(Struct, frozen=True):
    """A push of the list."""

    row: PushRow
    href: str
    category: str
    state: str
    tone: str
    is_expired: bool


class YearOfPushes(Struct, frozen=True):
    """The page of a year. `categories` are the seven with how often each was pushed."""

    year: int
    tabs: tuple[Tab, ...]
    years: tuple[tuple[int, str], ...]
    lines: tuple[PushLine, ...]
    verdict: str
    tone: str
    categories: tuple[tuple[str, int], ...]
    begin_href: str | None
    is_reader: bool


class PushPage(Struct, frozen=True):
    """The page of a push; a unit sees what it says, others how far it went."""

    line: PushLine
    record: PushRecord
    receivers: tuple[tuple[Receiver, str | None], ...]
    case_href: str | None
    is_reader: bool


def build_push_year(runtime: Runtime, year: str, actor: Actor) -> YearOfPushes:
    """Return the pushes of the year that the address asks for, this year by default."""
    today, is_duty = this_day(), bool(actor.roles & DUTY)
    with runtime.database.read(actor.scope) as session:
        years = years_of_pushes(session, today)
        chosen = int(year) if year.isdecimal() and year in map(str, years) else today.year
        rows = pushes_of_year(session, chosen, with_drafts=is_duty and chosen == today.year)
    published = [row.content.category for row in rows if row.content.published_on is not None]
    verdict, tone = _verdict(chosen, published, today) if is_duty else ("", "")
    return YearOfPushes(
        year=chosen,
        tabs=sections("gatherings.pushes"),
        years=tuple((one, url_for("gatherings.pushes", year=one)) for one in years),
        lines=tuple(_line(row, today) for row in rows),
        verdict=verdict,
        tone=tone,
        categories=tuple((word, published.count(code)) for code, word in choices("push_category"))
        if is_duty
        else (),
        begin_href=link_to("beginnings.show", process="online_push", start="push_requested")
        if is_duty
        else None,
        is_reader=actor.has(READER),
    )


def load_push(runtime: Runtime, content_id: UUID, actor: Actor) -> PushPage:
    """Return the page of a push that the person sees; a unit's first look is noted. Raises: NotFoundError."""
    read_push(runtime, content_id, actor)
    with runtime.database.read(actor.scope) as session:
        record = push_record(session, content_id)
        if record is None:
            raise NotFoundError(kind="push_content", id=str(content_id))
        sees_case = case_facts(session, record.row.content.case_id) is not None
    return PushPage(
        line=_line(record.row, this_day()),
        record=record,
        receivers=tuple(
            (one, link_to("registers.show", unit_id=one.unit_id) if one.unit_id else None)
            for one in record.receivers
        ),
        case_href=url_for("cases.show", case_id=record.row.content.case_id) if sees_case else None,
        is_reader=actor.has(READER),
    )


def _line(row: PushRow, today: date) -> PushLine:
    content = row.content
    return PushLine(
        row=row,
        href=url_for("gatherings.push", content_id=content.id),
        category=label("push_category", content.category) if content.category else "",
        state=label("push_state", content.state),
        tone=TONES[content.state],
        is_expired=content.expires_on is not None and content.expires_on < today,
    )


def _verdict(year: int, published: Iterable[str], today: date) -> tuple[str, str]:
    missing = len(missing_categories(published))
    if not missing:
        return _("七类都已推送"), "green"
    if year < today.year:
        return _("提示：少 %(n)s 类", n=missing), "amber"
    if is_behind(missing, today):
        return _("进度落后，还差 %(n)s 类", n=missing), "amber"
    return _("还差 %(n)s 类", n=missing), "blue"


def push_rows(lines: Iterable[PushLine]) -> Iterable[tuple[object, ...]]:
    """Yield the rows of the sheet."""
    for line in lines:
        content, reach = line.row.content, line.row.reach
        head = (
            content.number,
            content.title,
            line.category,
            line.row.provider,
            content.published_on,
            line.state,
        )
        yield (*head, reach.units, reach.delivered, reach.read)
