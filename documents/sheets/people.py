"""人员与资质 (第二、十条): experts with what makes them one, and other people with roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from documents.sheets import columns
from documents.sheets.columns import Register, Row, Value
from rules.codes import regions
from rules.roles import ROLES

_ROLES = {role.code: role.title.split("、")[0] for role in ROLES.values() if not role.exclusive}
_REGIONS = {region.code: region.name for region in regions().values() if region.is_valid(None)}
_ID_NUMBER = r"\d{17}[\dX]"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"
_OF_AN_EXPERT = {
    "source": "来源",
    "specialties": "专业",
    "qualification": "职业资格",
    "qualification_no": "证书编号",
    "valid_until": "证书有效期至",
    "years": "从业年限",
    "background": "专业背景",
}


class PersonRow(Row, frozen=True):
    """One person; what an expert needs is required as soon as 角色 names 专家."""

    name: Annotated[str, columns.text("姓名", most=50, width=12, example="示例：张三")]
    organization: Annotated[
        str,
        columns.text(
            "所属机构",
            aliases=("机构", "单位", "工作单位"),
            hint="名称或信用代码",
            width=28,
            example="某某安全技术服务有限公司",
        ),
    ]
    mobile: Annotated[
        str, columns.mobile("手机号码", aliases=("手机", "手机号", "联系电话", "电话"), example="19900000001")
    ]
    roles: Annotated[
        tuple[str, ...], columns.several("角色", _ROLES, aliases=("岗位", "职责"), example="专家")
    ]
    login: Annotated[
        str,
        columns.code(
            "登录名",
            aliases=("账号", "用户名"),
            pattern=r"[A-Za-z][\w.\-]{1,39}",
            wrong="不能作登录名，请用字母开头的字母和数字",
            example="zhangsan",
        ),
    ] = ""
    title: Annotated[
        str, columns.text("职务", aliases=("职称", "职务职称"), most=50, example="高级工程师")
    ] = ""
    source: Annotated[str | None, columns.choice("来源", "expert_source", example="自有")] = None
    agency: Annotated[str, columns.text("技术服务机构", hint="外聘人员所在的机构", width=28)] = ""
    specialties: Annotated[
        tuple[str, ...],
        columns.several("专业", "specialty", aliases=("专业方向", "专业领域"), example="化工安全、消防安全"),
    ] = ()
    qualification: Annotated[
        str | None,
        columns.choice("职业资格", "qualification", aliases=("资格", "资质"), example="注册安全工程师"),
    ] = None
    qualification_no: Annotated[
        str, columns.code("证书编号", aliases=("证号", "资格证号"), width=22, example="3305001822910001")
    ] = ""
    valid_until: Annotated[
        date | None, columns.day("证书有效期至", aliases=("有效期至", "证书到期日"), example="2028-12-31")
    ] = None
    years: Annotated[int | None, columns.whole("从业年限", aliases=("工作年限",), example="12")] = None
    background: Annotated[
        str,
        columns.text(
            "专业背景",
            aliases=("学历专业", "工作经历"),
            most=500,
            width=30,
            example="化学工程本科，化工企业安全管理 12 年",
        ),
    ] = ""
    commitment_on: Annotated[
        date | None, columns.day("承诺书签署日", aliases=("承诺书日期",), example="2026-01-05")
    ] = None
    commitment_until: Annotated[date | None, columns.day("承诺书有效期至")] = None
    status: Annotated[
        str | None,
        columns.choice("入库状态", "expert_status", hint="只填专家；不在库的不能派单"),
    ] = None
    region_codes: Annotated[
        tuple[str, ...],
        columns.several("服务区县", _REGIONS, aliases=("服务区域",), example="龙湾区、瓯海区"),
    ] = ()
    id_number: Annotated[
        str,
        columns.code(
            "身份证号",
            aliases=("身份证号码", "证件号码"),
            pattern=_ID_NUMBER,
            wrong="不是 18 位身份证号",
            width=22,
        ),
    ] = ""

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield what an expert lacks (第十条), and an identity number with a wrong check sign."""
        roles = values.get("roles")
        if isinstance(roles, tuple) and "expert" in roles:
            for name, title in _OF_AN_EXPERT.items():
                if name in values and values[name] in (None, "", ()):
                    yield name, f"角色含专家时，{title}必填"
        if values.get("source") == "external" and not values.get("agency"):
            yield "agency", "外聘人员请填写技术服务机构"
        number = values.get("id_number")
        if isinstance(number, str) and number and _check_sign(number) != number[-1]:
            yield "id_number", "身份证号校验位不对"
        first, last = values.get("commitment_on"), values.get("commitment_until")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            yield "commitment_until", "承诺书有效期早于签署日"


def _check_sign(number: str) -> str:
    """Return the last sign that the first 17 digits call for (GB 11643)."""
    return _CHECK_SIGNS[
        sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11
    ]


REGISTER = Register(
    "people",
    "人员与资质",
    PersonRow,
    ("organization", "mobile"),
    (
        "一人一行，以所属机构和手机号码区分。",
        "角色含专家的，来源、专业、职业资格、证书、年限、专业背景都要填写。",
    ),
)
