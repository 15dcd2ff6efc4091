"""保单 (第六、十二、十四条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from documents.sheets import columns
from documents.sheets.columns import Register, Row, Value


class PolicyRow(Row, frozen=True):
    """One policy."""

    number: Annotated[
        str, columns.code("保单号", aliases=("保单号码", "保险单号"), width=26, example="示例0001")
    ]
    policyholder_uscc: Annotated[
        str,
        columns.credit_code(
            "统一社会信用代码",
            aliases=("投保单位信用代码", "信用代码", "社会信用代码", "证件号码"),
            example="91330300DEM0000019",
        ),
    ]
    written_premium: Annotated[
        Decimal,
        columns.amount("签单保费", aliases=("保费", "保险费", "签单保险费", "总保费"), example="68000.00"),
    ]
    term_start: Annotated[
        date,
        columns.day(
            "保险起期",
            aliases=("起期", "起保日期", "保险期间起", "保险起始日期", "生效日期"),
            example="2026-03-01",
        ),
    ]
    term_end: Annotated[
        date,
        columns.day(
            "保险止期",
            aliases=("止期", "终保日期", "保险期间止", "保险终止日期", "到期日期"),
            example="2027-02-28",
        ),
    ]
    policyholder_name: Annotated[
        str,
        columns.text(
            "投保单位",
            aliases=("单位名称", "企业名称", "被保险人", "投保人"),
            width=34,
            example="某某化工有限公司",
        ),
    ] = ""
    insurer: Annotated[
        str,
        columns.text(
            "保险机构", aliases=("承保机构", "保险公司"), hint="名称或信用代码，留空为本机构", width=28
        ),
    ] = ""
    provider: Annotated[
        str,
        columns.text("第三方服务机构", aliases=("服务机构",), hint="名称或信用代码，留空为本机构", width=28),
    ] = ""
    collected_premium: Annotated[
        Decimal | None, columns.amount("实收保费", aliases=("实际收取保费",), example="68000.00")
    ] = None
    refunded: Annotated[Decimal | None, columns.amount("退保金额", aliases=("退费", "退保费"))] = None
    signed_on: Annotated[
        date | None, columns.day("签单日期", aliases=("签约日期", "出单日期"), example="2026-02-20")
    ] = None
    surrender_effective: Annotated[
        date | None, columns.day("退保生效日", aliases=("解除生效日", "退保日期"))
    ] = None
    insured_persons: Annotated[int | None, columns.whole("投保人数", aliases=("承保人数",), example="86")] = (
        None
    )
    limit_per_person: Annotated[
        Decimal | None, columns.amount("每人赔偿限额", aliases=("每人限额",), example="1000000.00")
    ] = None
    limit_total: Annotated[
        Decimal | None, columns.amount("累计赔偿限额", aliases=("累计限额",), example="20000000.00")
    ] = None
    rate: Annotated[Decimal | None, columns.share("费率")] = None
    previous_number: Annotated[str, columns.code("上年保单号", aliases=("上期保单号",), width=26)] = ""

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield what days and amounts say against each other."""
        yield from not_negative(
            values, "written_premium", "collected_premium", "limit_per_person", "limit_total", "refunded"
        )
        start, end, surrender = (
            values.get("term_start"),
            values.get("term_end"),
            values.get("surrender_effective"),
        )
        if isinstance(start, date) and isinstance(end, date):
            if end < start:
                yield "term_end", "保险止期早于保险起期"
            elif isinstance(surrender, date) and not start <= surrender <= end + timedelta(days=1):
                yield "surrender_effective", "退保生效日不在保险期间内"
        written, refunded = values.get("written_premium"), values.get("refunded")
        if isinstance(written, Decimal) and isinstance(refunded, Decimal) and refunded > written >= 0:
            yield "refunded", "退保金额大于签单保费"
        if values.get("previous_number") and values["previous_number"] == values.get("number"):
            yield "previous_number", "上年保单号与本保单号相同"


def not_negative(values: Mapping[str, Value], *names: str) -> Iterator[tuple[str, str]]:
    """Yield each amount below zero."""
    for name in names:
        found = values.get(name)
        if isinstance(found, Decimal) and found < 0:
            yield name, "金额不能小于零"


REGISTER = Register(
    "policies",
    "保单",
    PolicyRow,
    ("insurer", "number"),
    ("一张保单一行，以保险机构和保单号区分；单位须先在“投保单位”中登记。",),
)
