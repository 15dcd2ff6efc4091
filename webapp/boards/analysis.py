"""Free analysis: chosen measures by chosen dimensions over a period, as table, chart and Excel.

The address holds the whole choice, so that it can be kept and sent.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from documents.sheets import table
from store.measures.catalogue import GROUPS, MEASURES
from store.measures.model import Figure, Measure, Window
from store.measures.sums import DIMENSIONS, figures
from store.measures.wording import told
from webapp.boards.asked import Filter, filters, read_window
from webapp.boards.page import Cell, Line, analysis_href, rows_href, tabs
from webapp.boards.wording import Names, names_in, place_word, value_of
from webapp.identity import signed_in
from webapp.tabs import Tab
from webapp.texts import Lazy, _, lazy

MOST_MEASURES = 6
MOST_LINES = 500
TITLES: dict[str, Lazy] = {
    "insurer_id": lazy("保险机构"),
    "org_id": lazy("服务机构"),
    "region_code": lazy("区域"),
    "industry": lazy("行业"),
    "category": lazy("类别（保费档、隐患分类、费用类别）"),
    "month": lazy("月份"),
}
USUAL = ("visits_done", "hazards_found")


class Choice(Struct, frozen=True):
    """What is analysed: which measures, by which dimensions, in which window."""

    measures: tuple[str, ...]
    by: tuple[str, ...]
    window: Window


class AnalysisPage(Struct, frozen=True):
    """The page of an analysis."""

    tabs: tuple[Tab, ...]
    window: Window
    filters: tuple[Filter, ...]
    groups: tuple[tuple[str, tuple[Measure, ...]], ...]
    dimensions: tuple[tuple[str, str], ...]
    choice: Choice
    problem: str
    head: tuple[str, ...]
    columns: tuple[Measure, ...]
    lines: tuple[Line, ...]
    is_cut: bool
    chart: str
    sheet_href: str


def read_choice(words: "MultiDict[str, str]") -> Choice:
    """Return what the address asks for; nonsense is left out, nothing at all is the usual."""
    asked = [name for name in words.getlist("measure") if name in MEASURES]
    by = [name for name in (words.get("by", ""), words.get("also", "")) if name in DIMENSIONS]
    is_new = "measure" not in words
    measures = USUAL if is_new else tuple(dict.fromkeys(asked))[:MOST_MEASURES]
    return Choice(
        measures, tuple(dict.fromkeys(by)) or (("region_code",) if is_new else ()), read_window(words)
    )


def build_analysis(session: Session, choice: Choice) -> AnalysisPage:
    """Return the page of an analysis."""
    problem = problem_of(choice)
    lines = [] if problem else _lines(session, choice)
    return AnalysisPage(
        tabs=tabs("analysis", choice.window),
        window=choice.window,
        filters=filters(session, choice.window, signed_in().org_kind),
        groups=GROUPS,
        dimensions=tuple((name, str(title)) for name, title in TITLES.items()),
        choice=choice,
        problem=problem,
        head=tuple(str(TITLES[name]) for name in choice.by) or (_("全部"),),
        columns=tuple(MEASURES[name] for name in choice.measures),
        lines=tuple(lines[:MOST_LINES]),
        is_cut=len(lines) > MOST_LINES,
        chart=_drawn(choice) if lines else "",
        sheet_href=analysis_href(choice.measures, choice.by, choice.window),
    )


def analysis_workbook(session: Session, choice: Choice) -> bytes:
    """Return the same as Excel: whole, with part and whole beside each share."""
    columns = [MEASURES[name] for name in choice.measures]
    heads = [str(TITLES[name]) for name in choice.by] or [_("全部")]
    heads += [f"{measure.title}（{measure.word}）" for measure in columns]
    lines = [] if problem_of(choice) else _lines(session, choice)
    rows = [(*line.title.split("\t"), *(cell.value for cell in line.cells)) for line in lines]
    return table(_("分析"), heads, rows)


def problem_of(choice: Choice) -> str:
    """Return why a choice cannot be counted, in words; empty if it can."""
    columns = [MEASURES[name] for name in choice.measures]
    if not columns:
        return _("选一个到六个指标。")
    if "month" in choice.by and (still := [one.title for one in columns if not one.by_month]):
        return _("%(names)s 说的是期末的状态，不分月份；去掉它，或者换一个维度。", names="、".join(still))
    if "category" in choice.by and len({one.category for one in columns}) > 1:
        return _("这几个指标的类别不是同一种；一次选同一种类别的指标，或者换一个维度。")
    if "category" in choice.by and not columns[0].category:
        return _("%(name)s 没有类别；换一个维度。", name=columns[0].title)
    return ""


def _lines(session: Session, choice: Choice) -> list[Line]:
    """Return a line for each place at which anything counts; months in their order, else the largest first."""
    columns = [MEASURES[name] for name in choice.measures]
    found = figures(session, [(measure, choice.window) for measure in columns], choice.by)
    of_measure = [found[measure.name, choice.window] for measure in columns]
    places = list(dict.fromkeys(place for figures_of in of_measure for place in figures_of))
    names = names_in(session, choice.by, places)

    def order(place: tuple[object, ...]) -> tuple[object, ...]:
        if "month" in choice.by:
            return tuple(str(value) for value in place)
        return (-(value_of(columns[0], of_measure[0].get(place)) or Decimal(0)), *map(str, place))

    return [
        Line(
            "\t".join(_titles(choice.by, place, columns[0], names)),
            tuple(
                _cell(measure, figures_of.get(place), choice, place)
                for measure, figures_of in zip(columns, of_measure, strict=True)
            ),
        )
        for place in sorted(places, key=order)
    ]


def _titles(by: Sequence[str], place: Sequence[object], measure: Measure, names: Names) -> list[str]:
    words = [place_word(name, value, measure, names) for name, value in zip(by, place, strict=True)]
    return words or [_("全部")]


def _cell(measure: Measure, figure: Figure | None, choice: Choice, place: Sequence[object]) -> Cell:
    value = value_of(measure, figure)
    where = dict(zip(choice.by, place, strict=True))
    href = rows_href(measure.name, choice.window, where) if figure is not None else None
    return Cell(value, told(value, measure.word), href)


def _drawn(choice: Choice) -> str:
    """Return how the first measure is drawn: months as a line, one dimension as bars, two not at all."""
    if len(choice.by) != 1:
        return ""
    return "line" if choice.by[0] == "month" else "bar"
