"""Figures, places and formulas of the dashboards in words."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from store.measures.model import COUNT, YUAN, Figure, Measure
from store.measures.wording import told
from store.pages.register_lists import names_of
from webapp.records import word_of
from webapp.texts import _
from workflows.report_words import region_word

_WAN, _YI = Decimal(10_000), Decimal(100_000_000)
_HUNDRED = 100

Names = Mapping[UUID | None, str]


def value_of(measure: Measure, figure: Figure | None) -> Decimal | None:
    """Return what a figure shows; where nothing counts, none of something or no share of nothing."""
    return figure.value(measure.unit) if figure is not None else measure.nothing


def short(measure: Measure, value: Decimal | None) -> tuple[str, str]:
    """Return a figure and its word as a tile shows them: 3.91 亿元, 18,246 家."""
    if value is not None and measure.unit == YUAN and abs(value) >= _WAN:
        size, digits, word = (_YI, "0.01", _("亿元")) if abs(value) >= _YI else (_WAN, "0.1", _("万元"))
        return f"{(value / size).quantize(Decimal(digits), ROUND_HALF_UP):,}", word
    number, _blank, word = told(value, measure.word).partition(" ")
    return number, word


def formula(measure: Measure, figure: Figure | None) -> str:
    """Return how a share or a mean comes about, with its real numbers; empty for a sum."""
    if measure.unit in {COUNT, YUAN} or figure is None or not figure.whole:
        return ""
    value = told(value_of(measure, figure), measure.word)
    return f"{plain(figure.part)} ÷ {plain(figure.whole)} = {value}"


def compared(measure: Measure, now: Figure | None, before: Figure | None) -> str:
    """Return how a figure differs from that of the year before."""
    value, earlier = value_of(measure, now), value_of(measure, before)
    if value is None or earlier is None or (before is None and not value):
        return _("去年同期没有可比的数")
    if value == earlier:
        return _("与去年同期相同")
    number, word = short(measure, abs(value - earlier))
    said = f"{number} {word if word != '%' else _('个百分点')}"
    return _("比去年同期多 %(n)s", n=said) if value > earlier else _("比去年同期少 %(n)s", n=said)


def plain(amount: Decimal) -> str:
    """Return a sum as it stands, to the fen if it is not whole."""
    return f"{amount:,.2f}" if amount != amount.to_integral_value() else f"{amount:,.0f}"


def names_in(session: Session, by: Iterable[str], places: Iterable[tuple[object, ...]]) -> Names:
    """Return the names of the organizations that tell figures apart."""
    wanted = {"org_id", "insurer_id"} & set(by)
    ids = [value for place in places for value in place if isinstance(value, UUID)] if wanted else []
    return names_of(session, ids)


def place_word(dimension: str, value: object, measure: Measure, names: Names) -> str:
    """Return one place of a dimension in words."""
    if value is None:
        return _("没有登记")
    match dimension:
        case "region_code":
            return region_word(str(value))
        case "industry":
            return word_of("high_risk_kind", str(value))
        case "category":
            return word_of(measure.category, str(value))
        case "month":
            year, month = divmod(int(str(value)), _HUNDRED)
            return f"{year}-{month:02d}"
        case _:
            return names.get(UUID(str(value)), "") or _("看不到名称的机构")
