"""A dashboard as its page shows it: tiles, the formula of the chosen one, charts with the table behind each."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any  # Any: as url_for takes them

from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.amounts import percent
from store.measures.boards import BOARDS, Chart, Places, board_figures
from store.measures.catalogue import MEASURES
from store.measures.model import COUNT, YUAN, Figure, Measure, Window
from store.measures.wording import told
from webapp.boards.asked import ADDRESS_OF, Filter, address_of, filters, read_window
from webapp.boards.wording import Names, compared, formula, names_in, place_word, short, value_of
from webapp.identity import signed_in
from webapp.linking import link_to
from webapp.tabs import Tab
from webapp.texts import _

MOST_BARS = 20
STEPS = 6
"""How many tones a heat has."""


class Tile(Struct, frozen=True):
    """A figure of the strip."""

    title: str
    number: str
    word: str
    beside: str
    href: str
    is_chosen: bool


class Formula(Struct, frozen=True):
    """How the chosen figure is defined and comes about."""

    title: str
    about: str
    sums: str
    rows_href: str


class Cell(Struct, frozen=True):
    """A figure of a chart: as a number for the drawing, in words, with the address of its rows; `step` is its tone."""

    value: Decimal | None
    text: str
    href: str | None
    step: int = 0


class Line(Struct, frozen=True):
    """A row of the table behind a chart."""

    title: str
    cells: tuple[Cell, ...]


class ChartView(Struct, frozen=True):
    """A chart: how it is drawn, and the table that says the same."""

    title: str
    kind: str
    about: str
    word: str
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    finding: str
    rows_href: str
    sheet_href: str


class BoardPage(Struct, frozen=True):
    """A dashboard."""

    key: str
    title: str
    tabs: tuple[Tab, ...]
    window: Window
    filters: tuple[Filter, ...]
    tiles: tuple[Tile, ...]
    formula: Formula
    charts: tuple[ChartView, ...]


def tabs(key: str, window: Window) -> tuple[Tab, ...]:
    """Return the ways from one page of 监测 to the others; the choice of days and business comes along."""
    address = address_of(window)
    boards = [
        Tab(board.title, url_for("boards.show", board=name, **address), name == key)
        for name, board in BOARDS.items()
    ]
    others = [
        ("analysis", _("分析"), url_for("boards.analysis", **address)),
        ("measures", _("指标口径"), url_for("boards.measures")),
        ("reports", _("统计报表"), link_to("reports.index")),
        ("filed", _("报送的报告"), link_to("filed_reports.index")),
    ]
    return (*boards, *(Tab(title, href, name == key) for name, title, href in others if href))


def is_board(key: str) -> bool:
    """Tell whether there is such a dashboard."""
    return key in BOARDS


def build_board(session: Session, key: str, words: Mapping[str, str]) -> BoardPage:
    """Return the dashboard that the address asks for."""
    board, window = BOARDS[key], read_window(words)
    found = board_figures(session, board, window)
    chosen = words.get("measure", "")
    chosen = chosen if chosen in board.tiles else board.tiles[0]
    measure = MEASURES[chosen]
    return BoardPage(
        key=key,
        title=board.title,
        tabs=tabs(key, window),
        window=window,
        filters=filters(session, window, signed_in().org_kind),
        tiles=tuple(
            _tile(key, MEASURES[name], found.now[name], found.before[name], window, is_chosen=name == chosen)
            for name in board.tiles
        ),
        formula=Formula(
            measure.title,
            measure.about,
            formula(measure, found.now[chosen]),
            rows_href(chosen, window),
        ),
        charts=tuple(
            _chart(session, chart, window, *places)
            for chart, places in zip(board.charts, found.charts, strict=True)
        ),
    )


def rows_href(name: str, window: Window, places: Mapping[str, object] | None = None) -> str:
    """Return the address of the rows behind a figure, or behind one place of it."""
    return url_for("boards.rows", measure=name, **_places(window, places or {}))


def analysis_href(measures: Sequence[str], by: Sequence[str], window: Window) -> str:
    """Return the address of an analysis as Excel."""
    words: dict[str, Any] = {**dict(zip(("by", "also"), by, strict=False)), **address_of(window)}
    return url_for("boards.analysis_sheet", measure=list(measures), **words)


def _places(window: Window, places: Mapping[str, object]) -> dict[str, Any]:
    words = address_of(window)
    for dimension, value in places.items():
        words[ADDRESS_OF.get(dimension, dimension)] = str(value) if value is not None else "-"
    return words


def _tile(  # one tile
    key: str,
    measure: Measure,
    now: Figure | None,
    before: Figure | None,
    window: Window,
    *,
    is_chosen: bool,
) -> Tile:
    number, word = short(measure, value_of(measure, now))
    href = url_for("boards.show", board=key, measure=measure.name, **address_of(window))
    return Tile(measure.title, number, word, compared(measure, now, before), href, is_chosen)


def _chart(session: Session, chart: Chart, window: Window, now: Places, before: Places) -> ChartView:
    measure = MEASURES[chart.measure]
    names = names_in(session, chart.by, now)
    if chart.kind == "heat":
        head, lines = _heat(chart, measure, window, now)
    elif chart.kind == "line":
        head, lines = _months(measure, window, now, before)
    else:
        head, lines = _bars(chart, measure, window, now, names)
    return ChartView(
        title=chart.title,
        kind=chart.kind,
        about=measure.about,
        word=measure.word,
        head=head,
        lines=lines,
        finding=_finding(measure, lines) if chart.kind == "bar" else "",
        rows_href=rows_href(chart.measure, window),
        sheet_href=analysis_href((chart.measure,), chart.by, window),
    )


def _bars(
    chart: Chart, measure: Measure, window: Window, now: Places, names: Names
) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    (dimension,) = chart.by
    ordered = sorted(now.items(), key=lambda each: -(value_of(measure, each[1]) or Decimal(0)))
    lines = [
        Line(
            place_word(dimension, place[0], measure, names),
            (_cell(measure, figure, window, {dimension: place[0]}),),
        )
        for place, figure in ordered[:MOST_BARS]
    ]
    return (measure.title,), tuple(lines)


def _months(
    measure: Measure, window: Window, now: Places, before: Places
) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    earlier = window.a_year_before
    lines = []
    for month in _months_of(window):
        cells = (
            _cell(measure, now.get((month,)), window, {"month": month}),
            _cell(measure, before.get((month - 100,)), earlier, {"month": month - 100}),
        )
        lines.append(Line(place_word("month", month, measure, {}), cells))
    return (_("本期"), _("去年同期")), tuple(lines)


def _months_of(window: Window) -> Iterator[int]:
    year, month = window.first_day.year, window.first_day.month
    while (year, month) <= (window.last_day.year, window.last_day.month):
        yield year * 100 + month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # months of a year


def _heat(
    chart: Chart, measure: Measure, window: Window, now: Places
) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    down, across = chart.by
    rows = _by_size(now, 0)
    columns = _by_size(now, 1)[:8]
    most = max((figure.part for figure in now.values()), default=Decimal(0))

    def cell(row: object, column: object) -> Cell:
        figure = now.get((row, column))
        made = _cell(measure, figure, window, {down: row, across: column})
        step = int(figure.part * (STEPS - 1) / most) if figure is not None and most else 0
        return Cell(made.value, made.text, made.href if figure is not None else None, step)

    lines = tuple(
        Line(place_word(down, row, measure, {}), tuple(cell(row, column) for column in columns))
        for row in rows
    )
    return tuple(place_word(across, column, measure, {}) for column in columns), lines


def _by_size(places: Places, at: int) -> list[object]:
    sums: dict[object, Decimal] = {}
    for place, figure in places.items():
        sums[place[at]] = sums.get(place[at], Decimal(0)) + figure.part
    return sorted(sums, key=lambda value: (-sums[value], str(value)))


def _cell(measure: Measure, figure: Figure | None, window: Window, places: Mapping[str, object]) -> Cell:
    value = value_of(measure, figure)
    href = rows_href(measure.name, window, places) if figure is not None else None
    return Cell(value, told(value, measure.word), href)


def _finding(measure: Measure, lines: tuple[Line, ...]) -> str:
    """Return in one sentence what the bars show."""
    told_lines = [(line.title, line.cells[0]) for line in lines if line.cells[0].value is not None]
    if len(told_lines) < 3:  # of two everybody sees it
        return ""
    if measure.unit not in {COUNT, YUAN}:
        (most, high), (least, low) = told_lines[0], told_lines[-1]
        return _("%(a)s最高，%(n)s；%(b)s最低，%(m)s", a=most, n=high.text, b=least, m=low.text)
    values = [cell.value or Decimal(0) for _title, cell in told_lines]
    if values[1] == values[2]:
        return ""
    share = percent(values[0] + values[1], sum(values, Decimal(0)))
    return _("%(a)s、%(b)s最多，合计占 %(n)s %%", a=told_lines[0][0], b=told_lines[1][0], n=share)
