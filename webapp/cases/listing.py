"""The list of cases as the page shows it."""

from uuid import UUID

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.working_days import Calendar
from store.calendar import load_calendar
from store.pages.cases import Asked, CaseRow, State, case_page, process_titles
from webapp import addresses
from webapp.access import IMPORTERS
from webapp.cases.words import Standing, end_words, standing_of
from webapp.dates import this_day
from webapp.tabs import Tab
from webapp.texts import _, lazy
from workflows.people import Actor
from workflows.releases import spec_of
from workflows.statuses import RUNNING

LONGEST_QUERY = 100
STATES = {
    State.OPEN: lazy("在办"),
    State.MINE: lazy("等本单位办"),
    State.ENDED: lazy("已办结"),
    State.ALL: lazy("全部"),
    State.STARTED: lazy("我发起的"),
    State.COPIED: lazy("抄送我的"),
}


class Line(Struct, frozen=True):
    """A case of the list."""

    row: CaseRow
    href: str
    process: str
    standing: tuple[Standing, ...]
    more: int
    end: str
    end_tone: str


class Listing(Struct, frozen=True):
    """The page of the list."""

    asked: Asked
    tabs: tuple[Tab, ...]
    processes: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    first_href: str | None
    next_href: str | None
    empty_title: str
    empty_text: str


def read_asked(query: str, process: str, state: str, before: str) -> Asked:
    """Return what an address asks for; what makes no sense is left out."""
    chosen = State(state) if state in set(State) else State.OPEN
    return Asked(query.strip()[:LONGEST_QUERY], process[:LONGEST_QUERY], chosen, addresses.identity(before))


def build_listing(session: Session, asked: Asked, org_id: UUID, actor: Actor) -> Listing:
    """Return the list that the address asks for."""
    asked = replace(asked, person_id=actor.person_id)
    titles = process_titles(session)
    asked = asked if asked.process in titles else replace(asked, process="")
    page, calendar = case_page(session, asked, org_id), load_calendar(session)
    title, text = _nothing(asked, actor.roles)
    return Listing(
        asked=asked,
        tabs=tuple(
            Tab(str(words), _href(replace(asked, state=state, before=None)), asked.state is state)
            for state, words in STATES.items()
        ),
        processes=tuple(titles.items()),
        lines=tuple(_line(session, row, titles, calendar) for row in page.rows),
        first_href=_href(replace(asked, before=None)) if asked.before is not None else None,
        next_href=_href(replace(asked, before=page.next)) if page.next is not None else None,
        empty_title=title,
        empty_text=text,
    )


def _line(session: Session, row: CaseRow, titles: dict[str, str], calendar: Calendar) -> Line:
    standing: list[Standing] = []
    end, tone = "", ""
    if row.status in RUNNING:
        spec = spec_of(session, row.release_id)
        standing = standing_of(row.steps, row.awaited, spec, this_day(), calendar)
    else:
        end, tone = end_words(session, row.status, row.release_id, row.end_event)
    return Line(
        row=row,
        href=url_for("cases.show", case_id=row.id),
        process=titles.get(row.process, row.process),
        standing=tuple(standing[:2]),
        more=max(0, len(standing) - 2),
        end=end,
        end_tone=tone,
    )


def _href(asked: Asked) -> str:
    return url_for(
        "cases.index",
        q=asked.query or None,
        process=asked.process or None,
        state=asked.state.value if asked.state is not State.OPEN else None,
        before=asked.before,
    )


def _nothing(asked: Asked, roles: frozenset[str]) -> tuple[str, str]:
    """Return what an empty list says."""
    if asked.query:
        return _("没有找到“%(q)s”", q=asked.query), _(
            "换一个词，或者在“全部”里找。单位名称、保单号、办件号都能搜。"
        )
    if (told := _NOTHING.get(asked.state)) is not None:
        return str(told[0]), str(told[1])
    if roles & IMPORTERS:
        return _("还没有办件"), _("导入单位和保单以后，服务周期自动开始，办件就出现在这里。")
    if "auditor" in roles:
        return _("没有可以看的办件"), _("看业务内容要有调阅授权，由联席会议办公室或保险机构签发。")
    return _("还没有办件"), _("归你看的服务、隐患和拒绝服务一开始，就出现在这里。")


_NOTHING = {
    State.MINE: (lazy("没有等本单位办的办件"), lazy("轮到本单位的一步会出现在这里，待办里也有。")),
    State.STARTED: (
        lazy("没有你发起的办件"),
        lazy("你登记的保单、加的单，和你办完一步后开出的单，都列在这里。"),
    ),
    State.COPIED: (lazy("没有抄送给你的办件"), lazy("别人抄送给你的办件列在这里，看过就不再标新。")),
    State.ENDED: (lazy("还没有办结的办件"), lazy("归档、闭环和终止的办件会出现在这里。")),
}
