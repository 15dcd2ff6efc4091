"""Build what form tests need: the shipped forms, facts to answer them against, and filled-in answers."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import feel
from forms.context import Choice, FileFacts, FormContext, choices_from
from forms.model import Component, Field, Form, Group, Kind, Rows, inline
from forms.schema import parse_form

SCHEMAS = Path(__file__).parents[2] / "forms" / "schemas"
STEPS = sorted(path.stem for path in SCHEMAS.glob("*.json"))
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 on a Monday in Wenzhou
TODAY = date(2026, 11, 23)
HOST_LISTS = {
    "experts": [Choice("p1", "陈屿", note="注册安全工程师"), Choice("p2", "周行知")],
    "agencies": [Choice("a1", "瓯江安全技术有限公司")],
    "scheme_items": [Choice("hazard_inspection", "隐患排查"), Choice("training", "培训")],
    "visit_items": [
        Choice(code, code)
        for code in (
            "hazard_inspection",
            "training",
            "risk_assessment",
            "standardization",
            "emergency",
            "technology_culture",
        )
    ],
    "checklists": [Choice("metal_smelting", "金属冶炼")],
    "baseline_items": [
        Choice("metal_smelting-1", "建立责任制", "金属冶炼", facts={"description": "没有建立责任制"}),
        Choice("metal_smelting-2", "设置机构", "金属冶炼"),
    ],
    "hazard_templates": [
        Choice("t1", "检测仪过期", "用电", facts={"description": "两台检测仪已过期", "level": "general"})
    ],
    "visit_hazards": [Choice("h1", "隐患 1", note="重大"), Choice("h2", "隐患 2", note="一般")],
    "visit_anomalies": [Choice("x1", "没有定位")],
    "record_elements": [Choice("time", "时间"), Choice("place", "地点")],
    "correctable_fields": [Choice("place", "地点"), Choice("left_at", "离场时间")],
    "industry_authorities": [Choice("o1", "应急管理局")],
    "complaint_handlers": [Choice("p1", "张承保")],
    "improvements": [Choice("1", "每月初排好当月服务"), Choice("2", "逾期隐患每周催一次")],
    "assessment_indicators": [
        Choice("i1", "按次数服务", note="20 分"),
        Choice("i2", "创新", note="加分 10 分"),
    ],
    "shown_indicators": [Choice("i1", "按次数服务", about="佐证：a.pdf"), Choice("i2", "创新")],
    "disputed_indicators": [Choice("i1", "按次数服务")],
    "assessment_breaches": [Choice("b1", "不履行服务承诺：欠次没有补")],
    "meeting_participants": [Choice("a1", "瓯江安全技术有限公司"), Choice("p1", "陈屿")],
    "meeting_people": [Choice("p1", "林协调")],
    "failed_deliveries": [Choice("d1", "温州䲜渔船舶修造有限公司")],
    "open_actions": [Choice("1", "复查排不上"), Choice("2", "缺气体检测仪")],
    "fund_plans": [Choice("i1", "瓯江财产保险")],
    "served_insurers": [Choice("i1", "瓯江财产保险", note="上年保费 45,000.00 元")],
    "plan_insurers": [Choice("i1", "瓯江财产保险", about="按上年保费估算")],
}
FILES = {
    **{
        f"photo-{number}": FileFacts(f"photo-{number}", "a.jpg", "image/jpeg", "/f/1") for number in range(30)
    },
    "paper": FileFacts("paper", "a.pdf", "application/pdf", "/f/2"),
}


def shipped(step: str) -> Form:
    """Return a shipped form."""
    return parse_form((SCHEMAS / f"{step}.json").read_bytes())


def form_of(*components: Mapping[str, object], checks: object = None) -> Form:
    """Return a form of these form-js components."""
    properties = {"title": "试卷", "checks": checks} if checks else {"title": "试卷"}
    listed = [{"id": f"c{number}", **component} for number, component in enumerate(components)]
    source = {"schemaVersion": 18, "id": "sample", "properties": properties, "components": listed}
    return parse_form(json.dumps(source).encode())


def make_context(prefill: Mapping[str, object] | None = None, **variables: object) -> FormContext:
    """Return the facts to answer a form against; working days are counted as weekdays here."""
    return FormContext(
        variables=variables,
        choices=choices_from(HOST_LISTS),
        files=FILES.get,
        now=NOW,
        today=TODAY,
        feel_host=feel.Host(),
        prefill=prefill or {},
    )


def filled(form: Form, branch: int = 0) -> dict[str, object]:
    """Return an answer to every question, shown or not; `branch` decides which choices are taken."""
    return _level(form.components, branch)


def _level(components: tuple[Component, ...], branch: int) -> dict[str, object]:
    values: dict[str, object] = {}
    for component in inline(components):
        match component:
            case Field(key=key) if key:
                values[key] = _answer(component, branch)
            case Group(path=str() as path):
                values[path] = _level(component.components, branch)
            case Rows(path=path, source=None):
                values[path] = [_level(component.components, branch + row) for row in range(2)]
            case Rows(path=path, source=source):
                listed = HOST_LISTS[str(source)]
                values[path] = [
                    {**_level(component.components, branch), "item": choice.value} for choice in listed
                ]
            case _:
                pass
    return values


def _answer(field: Field, branch: int) -> object:
    chance = Random(f"{branch}{field.key}")
    codes = [option.value for option in field.options]
    if field.source is not None:
        codes += [choice.value for choice in choices_from(HOST_LISTS)(field.source)]
    texts: dict[Kind, object] = {
        Kind.TEXT: "13800000000" if field.limits.pattern else "温州",
        Kind.LONG_TEXT: "按约定时间到厂，查看了熔炼车间和配电室，并与安全负责人逐条核对。",
        Kind.NUMBER: str(field.limits.minimum or 3),
        Kind.DATE: "2026-11-23",
        Kind.TIME: "09:41",
        Kind.MOMENT: "2026-11-23 09:41",
        Kind.CHOICE: chance.choice(codes) if codes else "",
        Kind.CHOICES: codes,
        Kind.TICK: "true" if field.required else chance.choice(["true", ""]),
        Kind.FILES: [f"photo-{number}" for number in range(max(1, field.limits.min_files))],
        Kind.SIGNATURE: "photo-1",
        Kind.POSITION: chance.choice(["28.0000,120.7000,12", ""]),
        Kind.EXPRESSION: "",
    }
    return texts[field.kind]
