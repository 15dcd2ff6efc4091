"""The rows behind a live figure: they add up to it; each leads to its record; also as Excel."""

from collections.abc import Iterator, Mapping, Sequence

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from documents.sheets import table
from store.measures.catalogue import MEASURES
from store.measures.model import Measure, Window
from store.measures.sums import MeasureRow, rows_of, rows_sum
from store.measures.wording import told
from store.pages.filed_reports import visit_cases
from webapp.boards.asked import NAMES, address_of, read_window
from webapp.boards.wording import formula, names_in, place_word, plain
from webapp.records import category_of, industry_of, page_of
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.report_words import region_word

PAGE = 100
LAST_PAGE = 9_999
NOWHERE = "-"
"""What an address says for a place that has no value."""


class Asked(Struct, frozen=True):
    """Whose rows an address asks for: of which figure, in which window, at which place of it."""

    measure: Measure
    window: Window
    places: Mapping[str, object]
    page: int = 1

    @property
    def address(self) -> dict[str, object]:
        """Return the words of the address."""
        given = {
            name: NOWHERE if self.places[column] is None else self.places[column]
            for name, column in _PLACES.items()
            if column in self.places
        }
        return {"measure": self.measure.name, **address_of(self.window), **given}


class RowLine(Struct, frozen=True):
    """A row of the table."""

    label: str
    href: str | None
    unit: str
    industry: str
    region: str
    category: str
    part: str
    whole: str


class RowsPage(Struct, frozen=True):
    """The page of the rows."""

    title: str
    value: str
    about: str
    sums: str
    days: str
    cell: str
    total: int
    is_share: bool
    lines: tuple[RowLine, ...]
    first_href: str | None
    next_href: str | None
    sheet_href: str
    whole_href: str


_PLACES = {**NAMES, "category": "category", "month": "month"}


def read_rows(words: Mapping[str, str]) -> Asked:
    """Return what an address asks for, the first figure if it names none. Raises: NotFoundError for an unknown one."""
    measure = MEASURES.get(words.get("measure", "") or next(iter(MEASURES)))
    if measure is None:
        raise NotFoundError(kind="measure", id=words.get("measure", "")[:40])
    places: dict[str, object] = {
        column: None for name, column in _PLACES.items() if words.get(name) == NOWHERE
    }
    if words.get("category", NOWHERE) != NOWHERE:
        places["category"] = words["category"][:40]
    month = words.get("month", "")
    if month.isdecimal() and len(month) == 6:  # 202611
        places["month"] = int(month)
    number = words.get("page", "")
    page = int(number) if number.isdecimal() and len(number) < 5 else 1  # four digits
    return Asked(measure, read_window(words), places, max(1, page))


def build_rows(session: Session, asked: Asked) -> RowsPage:
    """Return the rows behind a figure as far as the person sees them."""
    measure, window = asked.measure, asked.window
    total, figure = rows_sum(session, measure, window, asked.places)
    shown = rows_of(session, measure, window, asked.places, limit=PAGE + 1, offset=(asked.page - 1) * PAGE)
    later = replace(asked, page=asked.page + 1) if len(shown) > PAGE and asked.page < LAST_PAGE else None
    return RowsPage(
        title=measure.title,
        value=told(figure.value(measure.unit), measure.word),
        about=measure.about,
        sums=formula(measure, figure),
        days=_("%(first)s 至 %(last)s", first=window.first_day, last=window.last_day),
        cell="　".join(_narrowed(session, asked)),
        total=total,
        is_share=figure.whole is not None,
        lines=tuple(_lines(session, shown[:PAGE])),
        first_href=_href("rows", replace(asked, page=1)) if asked.page > 1 else None,
        next_href=_href("rows", later) if later is not None else None,
        sheet_href=_href("rows_sheet", replace(asked, page=1)),
        whole_href=_href("rows", Asked(measure, Window(window.first_day, window.last_day), {})),
    )


def rows_workbook(session: Session, asked: Asked) -> tuple[str, bytes]:
    """Return the name and the workbook of all rows behind a figure."""
    _total, figure = rows_sum(session, asked.measure, asked.window, asked.places)
    is_share = figure.whole is not None
    rows = [
        (
            row.label,
            row.unit,
            industry_of(row),
            region_word(row.region_code or ""),
            category_of(row),
            row.part,
            *((row.whole,) if is_share else ()),
        )
        for row in rows_of(session, asked.measure, asked.window, asked.places)
    ]
    headings = [_("记录"), _("单位"), _("行业"), _("区域"), _("类别"), _("计入")]
    body = table(asked.measure.title, [*headings, *([_("应计")] if is_share else ())], rows)
    return f"{asked.measure.title} {asked.window.first_day} {asked.window.last_day}", body


def _lines(session: Session, rows: Sequence[MeasureRow]) -> Iterator[RowLine]:
    cases = visit_cases(session, [row.subject_id for row in rows if row.subject == "visit"])
    for row in rows:
        yield RowLine(
            label=row.label,
            href=page_of(row, cases),
            unit=row.unit,
            industry=industry_of(row),
            region=region_word(row.region_code or ""),
            category=category_of(row),
            part=plain(row.part),
            whole=plain(row.whole) if row.whole is not None else "",
        )


def _narrowed(session: Session, asked: Asked) -> Iterator[str]:
    """Yield what the rows are narrowed to, in words."""
    given = {**asked.window.named, **asked.places}
    names = names_in(session, given, [tuple(given.values())])
    for dimension, value in given.items():
        yield place_word(dimension, value, asked.measure, names)


def _href(endpoint: str, asked: Asked) -> str:
    return url_for(f"boards.{endpoint}", **asked.address, page=asked.page if asked.page > 1 else None)  # type: ignore[arg-type]  # words of an address
