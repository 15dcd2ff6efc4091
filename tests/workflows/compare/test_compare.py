"""What two bundles differ in is told once, in words, and the other way round from the other side."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.bundles import Bundle, shipped_bundle
from workflows.compare import Area, Change, Kind, compare

SHIPPED = shipped_bundle("fund_reversal")
DIAGRAM, FORM = "diagrams/fund_reversal.bpmn", "forms/approve_fund_reversal.json"
TABLE = "decisions/assign_expert.dmn"
MIRRORED = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}
STEP = 'name="审批红字冲销"'
EDITS = {
    "renamed": (DIAGRAM, STEP, 'name="批准冲销"', "环节“审批红字冲销”改名为“批准冲销”。"),
    "article": (DIAGRAM, 'weiran:article="6"', "", "环节“审批红字冲销”的条款原为“6”，现在没有了。"),
    "deadline": (DIAGRAM, STEP, STEP + ' weiran:deadline="x"', "环节“审批红字冲销”的期限设为“x”。"),
    "form": (
        DIAGRAM,
        STEP,
        STEP + ' weiran:form="other"',
        "环节“审批红字冲销”的表单由“approve_fund_reversal”改为“other”。",
    ),
    "operation": (
        DIAGRAM,
        'operation name="approve_reversal"',
        'operation name="other"',
        "环节“审批红字冲销”的操作由“操作：approve_reversal”改为“操作：other”。",
    ),
    "role": (
        DIAGRAM,
        'weiran:roles="provider_finance"',
        'weiran:roles="insurer"',
        "开始事件“红字冲销”的可以办的角色由“provider_finance”改为“insurer”。",
    ),
    "rewired": (
        DIAGRAM,
        'sourceRef="is_approved" targetRef="end_refused"',
        'sourceRef="is_approved" targetRef="end_reversed"',
        "连线“退回”的走向由“批准？ → 不冲销”改为“批准？ → 已冲销”。",
    ),
    "moved": (DIAGRAM, '<dc:Bounds x="', '<dc:Bounds x="9', "办起来没有不同。"),
    "field label": (FORM, '"label": "结论"', '"label": "批准吗"', "改名为“批准吗”。"),
    "policy": (TABLE, "COLLECT", "RULE ORDER", "的命中规则由“COLLECT”改为“RULE ORDER”。"),
    "row": (TABLE, "&gt;= 90", "&gt;= 80", "的行“第 3 行”的“评分”由“>= 90”改为“>= 80”。"),
    "column": (TABLE, 'label="专业对口"', 'label="对口"', "的输入列“对口”的标题由“专业对口”改为“对口”。"),
}


def edited(*names: str) -> Bundle:
    files = dict(SHIPPED.files)
    for name in names:
        file, old, new, _told = EDITS[name]
        text = files[file].decode()
        assert old in text, (name, old)
        files[file] = text.replace(old, new, 1).encode()
    return Bundle(files)


def seen_from_behind(change: Change) -> tuple[object, ...]:
    place = change.place
    kind = MIRRORED.get(change.kind, change.kind)
    return kind, place.area, place.file, place.id, change.what, change.after, change.before


def seen(change: Change) -> tuple[object, ...]:
    place = change.place
    return change.kind, place.area, place.file, place.id, change.what, change.before, change.after


@pytest.mark.parametrize("name", EDITS)
def test_one_edit_is_told_in_one_sentence(name):
    found = compare(SHIPPED, edited(name))
    assert any(change.text.endswith(EDITS[name][3]) for change in found), [change.text for change in found]
    assert len([change for change in found if change.place.id]) == 1


@given(st.sets(st.sampled_from(sorted(set(EDITS) - {"form", "deadline"}))))
@settings(max_examples=15, deadline=None)
def test_each_difference_is_seen_from_both_sides(names):
    other = edited(*sorted(names))
    there, back = compare(SHIPPED, other), compare(other, SHIPPED)
    assert sorted(map(seen_from_behind, there)) == sorted(map(seen, back))
    assert bool(there) == bool(names)
    assert compare(other, edited(*sorted(names))) == ()


def test_a_new_step_and_its_ways_are_told_apart_from_where_they_are_drawn():
    text = SHIPPED.files[DIAGRAM].decode()
    way = '<bpmn:sequenceFlow id="flow_02" sourceRef="approve_fund_reversal" targetRef="is_approved"/>'
    assert way in text
    step = (
        '<bpmn:userTask id="second_look" name="再看一遍" weiran:form="approve_fund_reversal"/>'
        '<bpmn:sequenceFlow id="flow_02" sourceRef="approve_fund_reversal" targetRef="second_look"/>'
        '<bpmn:sequenceFlow id="flow_new" sourceRef="second_look" targetRef="is_approved"/>'
    )
    found = compare(SHIPPED, Bundle({**SHIPPED.files, DIAGRAM: text.replace(way, step).encode()}))
    told = {(change.kind, change.element) for change in found if change.place.area is Area.FLOW}
    assert told == {(Kind.ADDED, "second_look"), (Kind.REWIRED, "flow_02"), (Kind.ADDED, "flow_new")}


def test_other_bytes_of_the_same_meaning_are_layout():
    files = {**SHIPPED.files, FORM: SHIPPED.files[FORM].replace(b"\n", b"\n\n")}
    (change,) = compare(SHIPPED, Bundle(files))
    assert (change.kind, change.place.area) == (Kind.MOVED, Area.LAYOUT)
