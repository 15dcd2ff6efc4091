"""赔案 (第八、十四条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from documents.sheets import columns
from documents.sheets.columns import Register, Row, Value
from documents.sheets.policies import not_negative


class ClaimRow(Row, frozen=True):
    """One claim under a policy."""

    number: Annotated[
        str, columns.code("赔案号", aliases=("报案号", "案件号", "立案号"), width=26, example="示例0001")
    ]
    policy_number: Annotated[
        str,
        columns.code("保单号", aliases=("保单号码", "保险单号"), width=26, example="PZFC202633030000000001"),
    ]
    occurred: Annotated[date, columns.day("出险日期", aliases=("出险时间", "事故日期"), example="2026-05-06")]
    reported: Annotated[date, columns.day("报案日期", aliases=("报案时间",), example="2026-05-07")]
    state: Annotated[
        str, columns.choice("赔案状态", "claim_state", aliases=("案件状态", "状态"), example="已决")
    ]
    insurer: Annotated[
        str,
        columns.text(
            "保险机构", aliases=("承保机构", "保险公司"), hint="名称或信用代码，留空为本机构", width=28
        ),
    ] = ""
    paid: Annotated[
        Decimal | None,
        columns.amount("已决赔款", aliases=("已付赔款", "赔付金额", "赔款金额"), example="90000.00"),
    ] = None
    outstanding: Annotated[
        Decimal | None, columns.amount("未决赔款", aliases=("估损金额",), example="0.00")
    ] = None
    deaths: Annotated[int | None, columns.whole("死亡人数", aliases=("死亡",), example="0")] = None
    injured: Annotated[int | None, columns.whole("受伤人数", aliases=("受伤", "伤残人数"), example="1")] = (
        None
    )

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield what days and amounts say against each other."""
        yield from not_negative(values, "paid", "outstanding")
        occurred, reported = values.get("occurred"), values.get("reported")
        if isinstance(occurred, date) and isinstance(reported, date) and reported < occurred:
            yield "reported", "报案日期早于出险日期"


REGISTER = Register(
    "claims",
    "赔案",
    ClaimRow,
    ("insurer", "number"),
    ("一件赔案一行，以保险机构和赔案号区分；保单须先登记。",),
)
