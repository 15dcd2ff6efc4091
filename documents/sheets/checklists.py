"""The provisions of an industry's checklist as Excel, for the industries that annex 2 leaves open (附件2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from documents.sheets.columns import Register, Row, Value, choice, text, whole


class _Provision(Row, frozen=True):
    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        if values.get("number") == 0:
            yield "number", "从 1 起"


CHECKLIST = Register(
    "checklist",
    "行业基本规定",
    _Provision,
    ("number",),
    ("一条规定一行，照文件原文填写；序号从 1 起，不重复。", "“隐患分类”是不符合时现场预填的分类。"),
    (
        whole("序号", key="number", required=True, example="示例1"),
        text("规定原文", key="text", required=True, most=500, width=80, example="临边、洞口应当设置防护栏杆"),
        choice("隐患分类", "hazard_class", key="hazard_class", required=True, example="场所环境"),
    ),
)
