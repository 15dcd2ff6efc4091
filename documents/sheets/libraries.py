"""What everybody draws on: 隐患条目库 per industry, and the 依据 of the rules (第一、十八条, 附件2)."""

from __future__ import annotations

from documents.sheets.columns import Register, choice, code, day, text
from documents.sheets.offices import Dated


class _Valid(Dated, frozen=True):
    first, last = "valid_from", "valid_to"


class _InForce(Dated, frozen=True):
    first, last = "effective_from", "effective_to"


HAZARD_TEMPLATES = Register(
    "hazard_templates",
    "隐患条目库",
    _Valid,
    ("code",),
    ("一条一行，以条目编号区分；现场记隐患时按行业带出描述、依据和建议。", "停用的条目填停用日期，不删除。"),
    (
        code("条目编号", key="code", required=True, most=20, example="示例JZ-001"),
        choice("高危行业", "high_risk_kind", key="industry", hint="留空为各行业通用", example="建筑施工"),
        text("隐患描述", key="description", required=True, most=500, width=40, example="临边未设防护栏杆"),
        choice("级别", "hazard_level", key="level", required=True, example="一般"),
        choice("分类", "hazard_class", key="hazard_class", required=True, example="场所环境"),
        choice("致因", "cause", key="cause", required=True, example="场所的不安全因素"),
        choice("可能的事故", "accident_kind", key="accident_kind", example="高处坠落"),
        text("判定依据", key="basis_clause", width=40, example="JGJ 80-2016 第 4.1.1 条"),
        text("整改建议", key="suggestion", most=500, width=40, example="按规范搭设防护栏杆"),
        text("常见部位", key="place", most=50, example="楼层临边"),
        day("启用日期", key="valid_from", example="2026-01-01"),
        day("停用日期", key="valid_to"),
    ),
)

RULE_SOURCES = Register(
    "rule_sources",
    "依据文件",
    _InForce,
    ("number",),
    ("规则参数所依的文件：文号、名称、发布日和起止（第一条）。",),
    (
        text("文号", key="number", required=True, most=60, width=26, example="示例：温安委办〔2020〕4号"),
        text("名称", key="name", required=True, width=40, example="安全生产责任保险事故预防服务标准"),
        day("发布日期", key="issued_on", example="2020-05-06"),
        day("施行日期", key="effective_from", example="2020-06-01"),
        day("失效日期", key="effective_to"),
        text("说明", key="note", most=500, width=40, example="现行"),
    ),
)

REGISTERS = (HAZARD_TEMPLATES, RULE_SOURCES)
