"""The list of papers as the page shows it."""

from collections.abc import Mapping

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from documents.papers import PAPERS
from store.pages.papers import Asked, Cursor, PaperRow, number_of_case, paper_page
from webapp import addresses
from webapp.linking import link_to
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.papers import CODES

LONGEST_QUERY = 100


class Line(Struct, frozen=True):
    """A paper of the list; `case_href` leads to what it belongs to."""

    row: PaperRow
    case_href: str | None


class Listing(Struct, frozen=True):
    """The page of the list."""

    asked: Asked
    kinds: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    case_number: str
    print_href: str
    first_href: str | None
    next_href: str | None
    empty_title: str
    empty_text: str

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is left out by what was asked."""
        asked = self.asked
        return bool(asked.query or asked.template or asked.since or asked.until or asked.case_id)


def read_asked(given: Mapping[str, str]) -> Asked:
    """Return what an address asks for; what makes no sense is left out."""
    template = given.get("template", "")
    moment, _comma, last = given.get("after", "").partition(",")
    at, row_id = addresses.moment(moment), addresses.identity(last)
    return Asked(
        query=given.get("q", "").strip()[:LONGEST_QUERY],
        template=template if template in CODES else "",
        since=addresses.day(given.get("since", "")),
        until=addresses.day(given.get("until", "")),
        case_id=addresses.identity(given.get("case", "")),
        after=Cursor(at, row_id) if at is not None and row_id is not None else None,
    )


def build_listing(session: Session, asked: Asked) -> Listing:
    """Return the list that the address asks for. Raises: NotFoundError for a case that is not theirs to see."""
    number = number_of_case(session, asked.case_id) if asked.case_id is not None else ""
    if number is None:
        raise NotFoundError(kind="case", id=str(asked.case_id))
    page = paper_page(session, asked)
    title, text = _nothing(asked)
    return Listing(
        asked=asked,
        kinds=tuple((name, PAPERS[name].title) for name in CODES),
        lines=tuple(_line(row) for row in page.rows),
        case_number=number,
        print_href=href_of("papers.print_together", asked),
        first_href=href_of("papers.index", replace(asked, after=None)) if asked.after is not None else None,
        next_href=href_of("papers.index", replace(asked, after=page.next)) if page.next is not None else None,
        empty_title=title,
        empty_text=text,
    )


def _line(row: PaperRow) -> Line:
    return Line(row, link_to("cases.show", case_id=row.case_id) if row.case_id is not None else None)


def href_of(endpoint: str, asked: Asked) -> str:
    """Return the address of a page that asks the same."""
    after = asked.after
    return url_for(
        endpoint,
        q=asked.query or None,
        template=asked.template or None,
        since=asked.since,
        until=asked.until,
        case=asked.case_id,
        after=f"{after.at.isoformat()},{after.id}" if after is not None else None,
    )


def _nothing(asked: Asked) -> tuple[str, str]:
    """Return what an empty list says."""
    if asked.case_id is not None:
        return _("这份办件还没有文书"), _("办到出文书的那一步，文书会自动编号、印好，出现在这里。")
    if asked.query or asked.template or asked.since or asked.until:
        return _("没有符合条件的文书"), _("换一个词或日期，或者清除筛选再看。单位名称和文书编号都能搜。")
    return _("还没有文书"), _("方案确认、上门服务、隐患告知等步骤办完，文书会自动编号、印好，出现在这里。")
