"""A planted fault for each rule that only publication asks for: the smallest drawing that has it, and only it."""

import json

import pytest

from forms.schema import parse_form
from tests.workflows.engine.drawing import (
    Shape,
    boundary,
    draw,
    end,
    inclusive,
    inputs,
    message,
    outputs,
    several,
    shape,
    start,
    step,
    timer,
    xor,
)
from workflows.check import findings_of
from workflows.engine import DiagramError, Finding, compile_process

LINE = "start > a > end"
QUESTION = {"id": "f_1", "type": "radio", "key": "answer", "label": "答复", "valuesKey": "decision"}
FORM = {"schemaVersion": 18, "id": "a", "properties": {"title": "答复"}, "components": [QUESTION]}


def found(shapes, flows: str, subject: str | None = None, **options: str) -> list[Finding]:
    """Return what is found in a drawing whose elements all have names and whose steps a last day."""
    source = draw(shapes, flows, **options).decode()
    for one in shapes:
        source = source.replace(f'id="{one.id}" name="{one.id}"', f'id="{one.id}" name="名 {one.id}"')
    if subject is not None:
        source = source.replace("isExecutable", f'weiran:subject="{subject}" isExecutable')
    form = parse_form(json.dumps(FORM).encode())
    spec = compile_process(source.encode())
    return list(
        findings_of(spec, frozenset({"a", "b"}), lambda _: None, lambda _: form, frozenset({"known"}))
    )


def own(identity: str = "a", extension: str = "", inner: str = "", **attributes: str) -> Shape:
    """A user task with a last day."""
    given = {f"weiran__{name}": text for name, text in {"deadline": "scheme", **attributes}.items()}
    return shape("userTask", identity, inner, extension, **given)


def work(operation: str, extension: str) -> Shape:
    inside = f'<weiran:operation name="{operation}"/>{extension}'
    return shape("serviceTask", "s", extension=inside)


CHOICE = "start > a > g; g ? {} > end; g ! b; b > end"
PLANTED = [
    (
        "timer_value",
        "E",
        "t",
        [start(), own(), end(), boundary("t", "a", timer("date", "2026-05-01T08:00:00"))],
        LINE + "; t > end",
    ),
    (
        "timer_value",
        "E",
        "t",
        [start(), own(), end(), boundary("t", "a", timer("duration", "P11Y"))],
        LINE + "; t > end",
    ),
    (
        "timer_value",
        "E",
        "t",
        [start(), own(), end(), boundary("t", "a", timer("cycle", "R3/PT30S"), interrupting=False)],
        LINE + "; t > end",
    ),
    (
        "timer_value",
        "E",
        "t",
        [start(), own(), end(), boundary("t", "a", timer("cycle", "R/PT1H"), interrupting=False)],
        LINE + "; t > end",
    ),
    (
        "timer_value",
        "E",
        "t",
        [start(), own(), end(), boundary("t", "a", timer("date", "true"))],
        LINE + "; t > end",
    ),
    (
        "rounds",
        "W",
        "a",
        [start(), own(inner=several("standard", loopMaximum="60", loopCondition="true")), end()],
        LINE,
    ),
    ("instances", "E", "a", [start(), own(inner=several("parallel", loopCardinality="51")), end()], LINE),
    ("no_due", "W", "a", [start(), step("a"), end()], LINE),
    (
        "start_twice",
        "E",
        "m2",
        [shape("startEvent", "m1", message("x")), shape("startEvent", "m2", message("x")), own(), end()],
        "m1 > a; m2 > a; a > end",
    ),
    (
        "open_join",
        "W",
        "i",
        [start(), own(), own("b"), xor("g"), inclusive("i"), end()],
        "start > g; g ? true > a; g ! b; a > i; b > i; i > end",
    ),
    ("unknown_name", "E", "g", [start(), own(), own("b"), xor("g"), end()], CHOICE.format('nobody = "x"')),
    (
        "not_yet",
        "E",
        "g",
        [start(), own(), own("b", outputs(later="1")), xor("g"), end()],
        CHOICE.format("later = 1"),
    ),
    (
        "answer",
        "E",
        "a",
        [start(), own(extension=outputs(place="answers.plaice")), own("b", title="string(place)"), end()],
        "start > a > b > end",
    ),
    (
        "answer",
        "E",
        "a",
        [start(), own(extension=outputs("plaice")), own("b", title="string(plaice)"), end()],
        "start > a > b > end",
    ),
    (
        "result",
        "E",
        "s",
        [start(), work("set_deadline", outputs("dew")), own(title="string(dew)"), end()],
        "start > s > a > end",
    ),
    (
        "result",
        "E",
        "s",
        [start(), work("set_deadline", outputs(due="result.dew")), own(title="string(due)"), end()],
        "start > s > a > end",
    ),
    (
        "value",
        "E",
        "g",
        [start(), own(extension=outputs(told="answers.answer")), own("b"), xor("g"), end()],
        CHOICE.format('told = "maybe"'),
    ),
    ("unused", "W", "a", [start(), own(extension=outputs(lost="1")), end()], LINE),
    (
        "decision",
        "E",
        "d",
        [start(), shape("businessRuleTask", "d", weiran__decision="unknown"), end()],
        "start > d > end",
    ),
    (
        "article_elsewhere",
        "E",
        "s",
        [start(), work("seal_archive", inputs(visit_id="visit_id")), end()],
        "start > s > end",
    ),
]


@pytest.mark.parametrize(("rule", "weight", "element", "shapes", "flows"), PLANTED)
def test_a_planted_fault_is_told_and_nothing_else(rule, weight, element, shapes, flows):
    told = found(shapes, flows, "visit")
    assert [(one.rule, one.weight, one.element) for one in told] == [(rule, weight, element)], told
    assert told[0].message_zh


def test_a_step_without_a_name_may_be_called_as_its_form():
    spec = compile_process(draw([start(), step("a", deadline="scheme"), end()], LINE))
    form = parse_form(json.dumps(FORM).encode())
    (told,) = findings_of(spec, frozenset({"a"}), lambda _: None, lambda _: form)
    assert (told.rule, told.weight, told.fix.name) == ("unnamed", "W", "set_name")
    assert told.fix.arguments == {"element": "a", "name": "答复"}


def test_two_steps_of_one_name_are_told_apart():
    source = draw([start(), own(), own("b"), end()], "start > a > b > end").decode()
    source = source.replace('name="a"', 'name="填报"').replace('name="b"', 'name="填报"')
    (told,) = findings_of(compile_process(source.encode()), frozenset({"a", "b"}), lambda _: None)
    assert (told.rule, told.element) == ("name_twice", "b")


def test_of_a_subject_that_nobody_knows_a_name_may_still_be_given():
    told = found([start(), own(), own("b"), xor("g"), end()], CHOICE.format('nobody = "x"'))
    assert [(one.rule, one.weight) for one in told] == [("unknown_name", "W")]


def test_a_paired_inclusive_join_is_no_fault():
    shapes = [start(), own(), own("b"), inclusive("g1"), inclusive("g2"), end()]
    assert found(shapes, "start > g1; g1 ? true > a; g1 ! b; a > g2; b > g2; g2 > end") == []


@pytest.mark.parametrize(
    ("shapes", "flows", "lane", "name", "arguments"),
    [
        (
            [start(), step("a"), step("b"), xor("g"), end()],
            "start > g; g ? x = 1 > a; g > b; a > end; b > end",
            "coordinator",
            "set_default",
            {"gateway": "g", "flow": "flow_3"},
        ),
        (
            [start(), step("a"), end()],
            "start > a; a ? true > end",
            "coordinator",
            "remove_condition",
            {"flow": "flow_2"},
        ),
    ],
)
def test_a_mechanical_fix_comes_with_the_finding(shapes, flows, lane, name, arguments):
    with pytest.raises(DiagramError) as told:
        compile_process(draw(shapes, flows, lane=lane))
    fixes = [one.fix for one in told.value.findings if one.fix is not None]
    assert [(fix.name, fix.arguments) for fix in fixes] == [(name, arguments)]
