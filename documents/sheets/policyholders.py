"""投保单位 (第八、十三、十四条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated

from documents.sheets import columns
from documents.sheets.cells import Cell, CellError, narrow
from documents.sheets.columns import Column, Register, Row, Value
from rules.codes import regions

_REGIONS = {region.code: region.name for region in regions().values() if region.is_valid(None)}


def _degrees(limit: int) -> columns.Parser:
    def parse(cell: Cell) -> Decimal | None:
        written = narrow(cell)
        if not written:
            return None
        try:
            found = Decimal(written)
        except ArithmeticError as error:
            raise CellError(f"“{written}”不是经纬度") from error
        if not found.is_finite() or abs(found) > limit:
            raise CellError(f"“{written}”不是经纬度")
        return round(found, 6)

    return parse


class PolicyholderRow(Row, frozen=True):
    """One insured unit."""

    name: Annotated[
        str,
        columns.text(
            "单位名称",
            aliases=("投保单位", "企业名称", "被保险人", "投保人"),
            width=34,
            example="示例：某某化工有限公司",
        ),
    ]
    uscc: Annotated[
        str,
        columns.credit_code(
            "统一社会信用代码", aliases=("信用代码", "社会信用代码", "证件号码"), example="91330300DEM0000019"
        ),
    ]
    region_code: Annotated[
        str,
        columns.choice(
            "所属区县",
            _REGIONS,
            aliases=("区县", "所在区县", "县市区", "行政区划"),
            hint="县（市、区）名称或区划代码",
            example="龙湾区",
        ),
    ]
    address: Annotated[
        str,
        columns.text(
            "地址", aliases=("单位地址", "注册地址", "经营地址"), width=40, example="滨海园区一路 8 号"
        ),
    ]
    contact: Annotated[
        str, columns.text("联系人", aliases=("联系人姓名",), most=50, width=12, example="张三")
    ]
    mobile: Annotated[
        str,
        columns.mobile("联系电话", aliases=("手机", "手机号", "联系手机", "手机号码"), example="19900000001"),
    ]
    high_risk_kind: Annotated[
        str,
        columns.choice(
            "高危行业",
            "high_risk_kind",
            aliases=("高危行业类别", "行业类别"),
            hint="人工认定；不属高危的选非高危行业",
            example="危险化学品",
        ),
    ]
    gbt4754: Annotated[
        str,
        columns.code(
            "国民经济行业代码",
            aliases=("行业代码",),
            pattern=r"[A-T]?\d{2,4}|[A-T]",
            wrong="不是国民经济行业代码，请写成 C2614 或 2614",
            example="C2614",
        ),
    ] = ""
    is_key: Annotated[bool | None, columns.yes_or_no("重点单位", aliases=("是否重点",), example="否")] = None
    employees: Annotated[
        int | None, columns.whole("从业人数", aliases=("员工人数", "从业人员"), example="86")
    ] = None
    legal_person: Annotated[
        str, columns.text("法定代表人", aliases=("法人", "法人代表"), most=50, example="李四")
    ] = ""
    safety_officer: Annotated[
        str, columns.text("安全负责人", aliases=("安全管理人员",), most=50, example="王五")
    ] = ""
    risk_level: Annotated[str | None, columns.choice("风险等级", "risk_level", example="橙")] = None
    risk_tags: Annotated[tuple[str, ...], columns.several("风险标签", "risk_tag", example="受限空间")] = ()
    standardization_level: Annotated[
        str | None,
        columns.choice("标准化等级", "standardization_level", aliases=("安全标准化等级",), example="三级"),
    ] = None
    lat: Annotated[Decimal | None, Column("纬度", _degrees(90), example="27.9341", width=12)] = None
    lon: Annotated[Decimal | None, Column("经度", _degrees(180), example="120.8123", width=12)] = None
    coordinate_system: Annotated[
        str | None, columns.choice("坐标系", "coordinate_system", example="GCJ02")
    ] = None
    insurer: Annotated[str, columns.text("保险机构", hint="名称或信用代码，留空为本机构", width=28)] = ""
    provider: Annotated[
        str,
        columns.text("第三方服务机构", aliases=("服务机构",), hint="名称或信用代码，留空为本机构", width=28),
    ] = ""

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield what the coordinates lack."""
        given = [name for name in ("lat", "lon", "coordinate_system") if values.get(name) is not None]
        if given and len(given) < 3:
            yield "lat", "纬度、经度、坐标系要么都填，要么都不填"


REGISTER = Register(
    "policyholders",
    "投保单位",
    PolicyholderRow,
    ("uscc",),
    ("一家单位一行，以统一社会信用代码区分；再次导入时更新已有单位。",),
)
