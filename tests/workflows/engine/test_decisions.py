"""Business rule tasks: our own tables, their proof, and what they cannot decide."""

from __future__ import annotations

import hashlib
from xml.etree import ElementTree as ET

import pytest

from tests.feel.models import decision, definitions, ident, input_data, literal
from tests.workflows.engine.drawing import decision_table, end, inputs, outputs, shape, start, step
from tests.workflows.engine.walking import RememberingHost, walk
from tests.workflows.trial.files import DMN_TYPE
from workflows.engine import DecisionError, DecisionFile, LimitError, decision_findings


def ask(file, variables, extension=None):
    extension = outputs("expert") if extension is None else extension
    rule = shape("businessRuleTask", "r", extension=extension, weiran__decision="assign")
    host = RememberingHost({"assign": file})
    return walk([start(), rule, step("a"), end()], "start > r > a > end", variables, host)


TWO = decision_table(
    "UNIQUE", [('"0577"', '"wang"', "3"), ('not("0577")', '"li"', "1")], ("expert", "visits")
)


def test_a_decision_gives_its_outputs_and_its_proof():
    case = ask(
        TWO,
        {"unit": {"region": "0577"}},
        inputs(region="unit.region") + outputs("expert", double="result.visits * 2"),
    )
    assert case.outcome.variables["expert"] == "wang"
    assert case.outcome.variables["double"] == 6
    (done,) = [done for done in case.outcome.trail if done.kind == "decision"]
    assert done.element == "r"
    assert done.detail["sha256"] == hashlib.sha256(TWO).hexdigest()
    assert done.detail["rules"] == [[1]]
    assert done.detail["inputs"] == {"region": "0577"}
    assert done.detail["result"] == {"expert": "wang", "visits": 3}
    assert case.spec.decisions == ("assign",)


def test_a_decision_reads_what_its_file_imports():
    base = definitions(
        input_data("region"), decision("b", literal("region"), ["input:region"]), namespace="urn:base"
    )
    line = f'<import namespace="urn:base" name="base" importType="{DMN_TYPE}"/>'
    own = definitions(
        decision("assign", literal('base.b + "!"'), ["decision:urn:base#" + ident("b")]), imports=line
    )
    file = DecisionFile(ET.tostring(own), (b"<broken", ET.tostring(base)))
    case = ask(file, {"region": "0577"}, outputs(expert="result.assign"))
    assert case.outcome.variables["expert"] == "0577!"
    assert [one.message for one in decision_findings(file)] == []


def test_a_decision_without_inputs_of_its_own_sees_the_variables():
    assert ask(TWO, {"region": "0571"}).outcome.variables["expert"] == "li"


def test_a_bare_result_has_the_name_of_the_decision():
    file = decision_table("FIRST", [("-", '"wang"')], ("",)).replace(b'name=""', b"")
    case = ask(file, {"region": "x"}, outputs(expert="result.assign"))
    assert case.outcome.variables["expert"] == "wang"


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
def test_trap_11_rows_that_overlap_are_an_incident_and_never_the_first(policy):
    file = decision_table(policy, [('"0577"', '"wang"'), ("-", '"li"')])
    with pytest.raises(DecisionError) as told:
        ask(file, {"region": "0577"})
    assert told.value.element == "r"
    assert told.value.facts["decision"] == "assign"


IN_ORDER = b'<outputValues id="v"><text>1, 2, 3, 7</text></outputValues>'


@pytest.mark.parametrize(
    ("policy", "rules", "result"),
    [
        ("FIRST", [("-", "1"), ("-", "2")], 1),
        ("ANY", [("-", "1"), ("-", "1")], 1),
        ("RULE ORDER", [("-", "1"), ("-", "2")], [1, 2]),
        ("COLLECT", [("-", "1"), ("-", "2")], [1, 2]),
        ('COLLECT" aggregation="MAX', [("-", "1"), ("-", "2")], 2),
        ('COLLECT" aggregation="MIN', [("-", "2"), ("-", "1")], 1),
        ('COLLECT" aggregation="SUM', [("-", "1"), ("-", "2")], 3),
        ('COLLECT" aggregation="COUNT', [("-", "7"), ("-", "7")], 2),
        ("PRIORITY", [("-", "3"), ("-", "1"), ("-", "2")], 1),
        ("OUTPUT ORDER", [("-", "3"), ("-", "1"), ("-", "2")], [1, 2, 3]),
    ],
)
def test_trap_11_each_policy_means_what_it_says(policy, rules, result):
    file = decision_table(policy, rules, ("n",)).replace(b' name="n"/>', b">" + IN_ORDER + b"</output>")
    assert ask(file, {"region": "x"}, outputs(n="result.assign")).outcome.variables["n"] == result


def test_trap_11_a_policy_that_nobody_knows_is_refused():
    with pytest.raises(DecisionError):
        ask(decision_table("NONSENSE", [("-", '"x"')]), {"region": "x"})


def test_trap_11_a_file_may_hold_several_decisions():
    other = '<decision id="other" name="other"><literalExpression id="l"><text>1</text></literalExpression>'
    other += "</decision>"
    case = ask(
        decision_table("FIRST", [("-", '"x"')], extra=other), {"region": "x"}, outputs(expert="result.assign")
    )
    assert case.outcome.variables["expert"] == "x"


@pytest.mark.parametrize(
    "file",
    [b"<x", b"<!DOCTYPE x><x/>", decision_table("FIRST", [("-", '"x"')]).replace(b'"assign"', b'"else"')],
)
def test_a_file_that_does_not_hold_the_decision_is_told(file):
    with pytest.raises(DecisionError):
        ask(file, {"region": "x"})


def test_a_decision_shares_the_fuel_of_its_command():
    endless = "count(for a in 1..1000, b in 1..1000 return a)"
    with pytest.raises(LimitError):
        ask(decision_table("FIRST", [("-", endless)]), {"region": "x"})


def test_a_null_on_the_way_is_no_obstacle():
    case = ask(decision_table("FIRST", [("-", "1 / 0")], ("n",)), {"region": "x"}, outputs(n="result.assign"))
    assert case.outcome.variables["n"] is None
