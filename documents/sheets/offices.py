"""保险机构、第三方服务机构、技术服务机构, and the filing of providers (第三、五、八、九、二十二条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from documents.sheets.columns import (
    Column,
    Register,
    Row,
    Value,
    choice,
    code,
    credit_code,
    day,
    several,
    text,
)
from rules.codes import regions

_REGIONS = {region.code: region.name for region in regions().values() if region.is_valid(None)}
_ORDER = "起止日期前后颠倒，请核对"


def _office(name: str, uscc: str) -> tuple[Column, ...]:
    """Return what is written down of any office."""
    return (
        text(
            "机构名称",
            key="name",
            required=True,
            aliases=("单位名称", "名称"),
            width=34,
            example=f"示例：{name}",
        ),
        credit_code("统一社会信用代码", key="uscc", required=True, aliases=("信用代码",), example=uscc),
        choice("所在区县", _REGIONS, key="region_code", aliases=("区县",), example="鹿城区"),
        text("地址", key="address", aliases=("办公地址",), width=40, example="车站大道 1 号"),
        text("联系电话", key="phone", most=40, aliases=("电话",), example="0577-88880000"),
    )


class Dated(Row, frozen=True):
    """Checks that what ends does not end before it begins."""

    first, last = "day", "until"

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield the end that lies before the beginning."""
        first, last = values.get(cls.first), values.get(cls.last)
        if isinstance(first, date) and isinstance(last, date) and last < first:
            yield cls.last, _ORDER


class _Filing(Dated, frozen=True):
    first, last = "filing_date", "filing_valid_until"

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield what a filing lacks that is said to be made."""
        yield from super().check(values)
        if values.get("filing_status") == "filed":
            for key, title in (("filing_number", "备案号"), ("filing_date", "备案日期")):
                if key in values and not values[key]:
                    yield key, f"已备案的，{title}必填"


class _Agency(Dated, frozen=True):
    first, last = "selected_on", "exited_on"


class _Contract(Dated, frozen=True):
    first, last = "start", "end"

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield the party that a contract of its kind lacks."""
        yield from super().check(values)
        kind = values.get("kind")
        if kind == "provider_expert" and not values.get("person"):
            yield "person", "聘请个人的合同要写受聘人员"
        if kind in {"insurer_provider", "provider_agency"} and not values.get("party_b"):
            yield "party_b", "这类合同要写乙方"


INSURERS = Register(
    "insurers",
    "保险机构",
    Row,
    ("uscc",),
    (
        "一家一行，以信用代码区分。",
        "投诉电话、处理程序、调处方式三项要公示，缺一项不能启用保单（第二十二条）。",
    ),
    (
        *_office("某某财产保险股份有限公司温州分公司", "91330300DEM900001G"),
        choice("机构层级", "branch_level", key="branch_level", example="市级分公司"),
        text(
            "投诉电话", key="complaint_phone", required=True, most=40, aliases=("投诉渠道",), example="95500"
        ),
        text(
            "投诉处理程序",
            key="complaint_procedure",
            required=True,
            most=500,
            width=40,
            example="受理、核实、10 个工作日内书面答复",
        ),
        text(
            "纠纷调处方式",
            key="mediation_method",
            required=True,
            most=500,
            width=40,
            example="协商、调解、仲裁或诉讼",
        ),
        text("共保体", key="coinsurance_group", most=100),
    ),
)

PROVIDERS = Register(
    "providers",
    "第三方服务机构",
    Row,
    ("uscc",),
    ("一家一行，以信用代码区分。", "备案号、备案日期由联席会议办公室在“第三方备案”里登记。"),
    (
        *_office("某某安全技术服务有限公司", "91330300DEM900002K"),
        several(
            "制度文件",
            "system_document",
            key="system_documents",
            aliases=("体系文件",),
            example="服务责任制、投诉处理制度",
        ),
    ),
)

FILINGS = Register(
    "filings",
    "第三方备案",
    _Filing,
    ("uscc",),
    ("一家第三方服务机构一行；没有备案或备案到期的不得派单（第五条）。",),
    (
        text("机构名称", key="name", required=True, width=34, example="示例：某某安全技术服务有限公司"),
        credit_code("统一社会信用代码", key="uscc", required=True, example="91330300DEM900002K"),
        choice("备案状态", "filing_status", key="filing_status", required=True, example="已备案"),
        code("备案号", key="filing_number", width=26, example="温安责备2026-3号"),
        day("备案日期", key="filing_date", example="2026-01-15"),
        day("备案有效期至", key="filing_valid_until", example="2028-12-31"),
    ),
)

AGENCIES = Register(
    "agencies",
    "技术服务机构",
    _Agency,
    ("uscc",),
    ("一家一行，以信用代码区分。", "类别为空或资质到期的不得受派（第九条）。"),
    (
        *_office("某某安全评价有限公司", "91330300DEM900003N"),
        choice("机构类别", "agency_kind", key="kind", required=True, example="安全评价机构"),
        code("资质证书编号", key="qualification_no", width=26, example="APJ-浙-001"),
        day("资质有效期至", key="valid_until", required=True, example="2028-12-31"),
        day("选用日期", key="selected_on", example="2026-01-15"),
        day("退出日期", key="exited_on"),
        text("退出原因", key="exit_reason", width=30),
    ),
)

CONTRACTS = Register(
    "engagements",
    "合同",
    _Contract,
    ("number",),
    (
        "一份合同一行，以合同编号区分。",
        "保险机构登记委托第三方的合同；第三方登记聘请技术机构、专业技术人员的合同。",
        "合同到期的当天起不能据此派单（第五条）；合同文件在登记后上传。",
    ),
    (
        code("合同编号", key="number", required=True, width=26, example="示例WT-2026-001"),
        choice(
            "合同类别",
            {
                "insurer_provider": "保险机构委托第三方",
                "provider_agency": "第三方聘请技术服务机构",
                "provider_expert": "第三方聘请专业技术人员",
            },
            key="kind",
            required=True,
            example="保险机构委托第三方",
        ),
        text(
            "乙方",
            key="party_b",
            hint="受托机构的名称或信用代码；聘请个人的不填",
            width=30,
            example="某某安全技术服务有限公司",
        ),
        text("受聘人员", key="person", hint="聘请个人的填姓名", most=50),
        day("合同起始日", key="start", required=True, example="2026-01-01"),
        day("合同终止日", key="end", required=True, example="2026-12-31"),
        text("计价方式", key="pricing", width=30, example="按次计价，每次 1200 元"),
    ),
)

REGISTERS = (INSURERS, PROVIDERS, FILINGS, AGENCIES, CONTRACTS)
