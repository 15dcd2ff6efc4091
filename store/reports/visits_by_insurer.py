"""Visits owed, done and missing, and the coverage, insurer by insurer (第十三、十四条)."""

from decimal import Decimal

from msgspec import Struct
from sqlalchemy.orm import Session

from rules.reporting import Period
from store.measures.catalogue import MEASURES
from store.measures.model import Window
from store.measures.sums import figures
from store.pages.register_lists import names_of
from store.reports.catalogue import Column, Report

_SUMS = ("visits_owed", "visits_counted", "visits_short")
_SHARES = ("completion_rate", "coverage_rate")
_NAMES = (*_SUMS, *_SHARES, "insured_units")


class InsurerVisits(Struct, frozen=True):
    """One insurer: policies that end in the period, units insured on its last day; None = nobody is to be served."""

    insurer: str
    units: int
    required: int
    counted: int
    missing: int
    completion: Decimal | None
    coverage: Decimal | None


def visits_by_insurer(session: Session, period: Period) -> list[InsurerVisits]:
    """Return the measures of every insurer whose policies the person sees, the most owed first."""
    window = Window(period.first_day, period.last_day)
    found = figures(session, [(MEASURES[name], window) for name in _NAMES], by=("insurer_id",))
    insurers = sorted({place for name in _NAMES for place in found[name, window]})
    names = names_of(session, [insurer_id for (insurer_id,) in insurers])
    rows = []
    for place in insurers:
        of_insurer = {name: found[name, window].get(place) for name in _NAMES}
        told = {
            name: figure.value(MEASURES[name].unit) if figure is not None else None
            for name, figure in of_insurer.items()
        }
        units, required, counted, missing = (int(told[name] or 0) for name in ("insured_units", *_SUMS))
        shares = [told[name] for name in _SHARES]
        rows.append(InsurerVisits(names.get(place[0], ""), units, required, counted, missing, *shares))
    return sorted(rows, key=lambda row: (-row.required, -row.units, row.insurer))


REPORT = Report(
    title="服务次数与覆盖率",
    about="保险止期在这段时间内、没有退保的保单：应服务几次，做了几次，还欠几次；"
    "在保单位和覆盖率按最后一天，覆盖率是做满的单位占多少，书面告知并留档的拒绝户不算在内。",
    columns=(
        Column("保险机构", "insurer"),
        Column("应服务", "required"),
        Column("已完成", "counted"),
        Column("欠次", "missing"),
        Column("完成率", "completion", is_percent=True),
        Column("在保单位", "units"),
        Column("覆盖率", "coverage", is_percent=True),
    ),
    rows=visits_by_insurer,
)
