"""Conditions that are not true because a part has no value: why, in the trail and in the error."""

import pytest

from tests.workflows.engine.drawing import end, inclusive, start, step, xor
from tests.workflows.engine.walking import NOW, RememberingHost, walk
from workflows import engine
from workflows.engine import NoPathError, sentence

EXCLUSIVE = (
    [start(), xor("g"), step("a"), step("b"), end()],
    "start > g; g ? 高危 = true > a; g ! b; a > end; b > end",
)
INCLUSIVE = ([start(), inclusive("g"), step("a"), step("b"), end()], EXCLUSIVE[1])


def doubts(drawing, variables):
    spec = walk(*drawing, variables).spec
    trail = engine.start(spec, variables, RememberingHost(), NOW).trail
    return [one.detail for one in trail if one.kind == "doubt"]


@pytest.mark.parametrize("drawing", [EXCLUSIVE, INCLUSIVE])
def test_a_condition_over_a_name_that_is_not_there_says_why_and_the_default_is_taken(drawing):
    (doubt,) = doubts(drawing, {"高位": True})
    assert doubt["text"] == "“g”的有一条路没有走：条件里有值是空的"
    assert doubt["condition"] == "高危 = true"
    (reason,) = doubt["reasons"]
    assert reason == {"part": "高危", "why": "没有这个名称", "detail": "高危", "suggestion": "高位"}


@pytest.mark.parametrize("variables", [{"高危": True}, {"高危": False}, {"高危": None}])
def test_a_condition_that_is_plainly_true_or_false_needs_no_word(variables):
    assert doubts(EXCLUSIVE, variables) == []


def test_a_condition_over_a_missing_number_is_told():
    drawing = (EXCLUSIVE[0], "start > g; g ? 保费 > 5 > a; g ! b; a > end; b > end")
    ((reason,),) = (doubt["reasons"] for doubt in doubts(drawing, {"保费": None}))
    assert (reason["part"], reason["why"]) == ("保费 > 5", "两边或参数的类型不合")


def test_a_condition_that_is_a_variable_without_value_is_told_without_a_reason():
    drawing = (EXCLUSIVE[0], "start > g; g ? 高危 > a; g ! b; a > end; b > end")
    (doubt,) = doubts(drawing, {"高危": None})
    assert (doubt["condition"], doubt["reasons"]) == ("高危", [])


def test_without_a_default_the_error_tells_it():
    spec = walk(*EXCLUSIVE, {"高危": True}).spec
    wrong = engine.Spec.from_json(spec.to_json().replace(b'"default":true', b'"default":false'))
    with pytest.raises(NoPathError) as caught:
        engine.start(wrong, {}, RememberingHost(), NOW)
    assert "条件“高危 = true”没有成立" in sentence(caught.value)
    with pytest.raises(NoPathError) as caught:
        engine.start(wrong, {"高危": False}, RememberingHost(), NOW)
    assert "出口。请补填变量" in sentence(caught.value)
