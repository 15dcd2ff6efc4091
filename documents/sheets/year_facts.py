"""年度事实: accidents and listings for dishonesty of the year before (第十四条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from documents.sheets import columns
from documents.sheets.cells import Cell, CellError, whole
from documents.sheets.columns import Column, Register, Row, Value

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def _year(cell: Cell) -> int | None:
    found = whole(cell)
    if found is not None and not _FIRST_YEAR <= found <= _LAST_YEAR:
        raise CellError(f"“{found}”不是年份")
    return found


class YearFactRow(Row, frozen=True):
    """One accident of a unit in a year, or its listing, or that there was neither."""

    policyholder_name: Annotated[
        str,
        columns.text(
            "投保单位", aliases=("单位名称", "企业名称"), width=34, example="示例：某某化工有限公司"
        ),
    ]
    policyholder_uscc: Annotated[
        str,
        columns.credit_code(
            "统一社会信用代码", aliases=("信用代码", "社会信用代码"), example="91330300DEM0000019"
        ),
    ]
    year: Annotated[int, Column("年度", _year, aliases=("年份",), width=10, example="2025")]
    accident_on: Annotated[
        date | None, columns.day("事故日期", aliases=("事故时间",), example="2025-08-12")
    ] = None
    deaths: Annotated[int | None, columns.whole("死亡人数", aliases=("死亡",), example="0")] = None
    injured: Annotated[int | None, columns.whole("受伤人数", aliases=("受伤",), example="3")] = None
    description: Annotated[
        str, columns.text("事故说明", aliases=("事故情况",), most=500, width=40, example="叉车侧翻")
    ] = ""
    dishonesty_listing: Annotated[
        bool | None, columns.yes_or_no("列入失信惩戒", aliases=("失信惩戒", "黑名单"), example="否")
    ] = None
    dishonesty_level: Annotated[str | None, columns.choice("失信级别", "dishonesty_level")] = None
    dishonesty_number: Annotated[str, columns.text("失信文号", most=100)] = ""
    dishonesty_from: Annotated[date | None, columns.day("失信起始日")] = None
    dishonesty_until: Annotated[date | None, columns.day("失信截止日")] = None

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield what an accident and a listing lack."""
        on, year = values.get("accident_on"), values.get("year")
        if isinstance(on, date) and isinstance(year, int) and on.year != year:
            yield "accident_on", f"事故日期不在 {year} 年内"
        if on is None and any(values.get(name) for name in ("deaths", "injured", "description")):
            yield "accident_on", "填写了事故情况，请补填事故日期"
        yield from _check_listing(values)


def _check_listing(values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    details = {
        "dishonesty_level": "失信级别",
        "dishonesty_number": "失信文号",
        "dishonesty_from": "失信起始日",
    }
    listed = values.get("dishonesty_listing")
    missing = [title for name, title in details.items() if not values.get(name)]
    if listed and missing:
        yield "dishonesty_listing", f"列入失信惩戒的，请补填{'、'.join(missing)}"
    if not listed and len(missing) < len(details):
        yield "dishonesty_listing", "填写了失信情况，请把“列入失信惩戒”填为“是”"
    first, last = values.get("dishonesty_from"), values.get("dishonesty_until")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        yield "dishonesty_until", "失信截止日早于起始日"


REGISTER = Register(
    "year_facts",
    "年度事实",
    YearFactRow,
    ("policyholder_uscc", "year", "accident_on", "description"),
    (
        "一起事故一行；同一单位同一年度有几起事故就填几行，失信情况填在其中一行即可。",
        "没有事故也没有失信的单位不必填写。",
    ),
)
