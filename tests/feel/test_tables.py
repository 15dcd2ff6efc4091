"""Decision tables: hit policies, aggregations, several outputs, defaults, values that are not allowed."""

import pytest

import feel
from feel.dmn import decide
from tests.feel.engine import HOST
from tests.feel.models import decision, input_data, item, model, table

OUTPUTS = [':string|"高","中","低"']
RULES = ['>= 10 => "低"', '>= 20 => "高"', '>= 30 => "中"']


def decided(rules, outputs, value, policy="UNIQUE", aggregation="", inputs=("x",)):
    made = model(
        input_data("x"), decision("d", table(inputs, outputs, rules, policy, aggregation), ["input:x"])
    )
    assert made.findings == ()
    return decide(made, "d", {"x": value}, HOST)


def literal_of(outcome) -> str:
    return feel.format_value(outcome.value)


@pytest.mark.parametrize(
    ("policy", "value", "literal"),
    [
        ("UNIQUE", 15, '"低"'),
        ("UNIQUE", 25, "null"),
        ("UNIQUE", 5, "null"),
        ("ANY", 15, '"低"'),
        ("ANY", 25, "null"),
        ("PRIORITY", 25, '"高"'),
        ("PRIORITY", 35, '"高"'),
        ("FIRST", 35, '"低"'),
        ("RULE ORDER", 35, '["低", "高", "中"]'),
        ("RULE ORDER", 5, "null"),
        ("OUTPUT ORDER", 35, '["高", "中", "低"]'),
        ("COLLECT", 25, '["低", "高"]'),
        ("U", 15, '"低"'),
        ("A", 15, '"低"'),
        ("P", 25, '"高"'),
        ("F", 35, '"低"'),
        ("R", 25, '["低", "高"]'),
        ("O", 25, '["高", "低"]'),
        ("C", 15, '["低"]'),
    ],
)
def test_a_hit_policy_chooses_among_the_rules_that_hold(policy, value, literal):
    assert literal_of(decided(RULES, OUTPUTS, value, policy)) == literal


@pytest.mark.parametrize(
    ("aggregation", "value", "literal"),
    [
        ("SUM", 25, "30"),
        ("MIN", 25, "10"),
        ("MAX", 25, "20"),
        ("COUNT", 25, "2"),
        ("+", 35, "60"),
        ("<", 35, "10"),
        (">", 35, "30"),
        ("#", 35, "3"),
        ("SUM", 5, "null"),
        ("COUNT", 5, "null"),
    ],
)
def test_collected_results_are_aggregated(aggregation, value, literal):
    rules = [">= 10 => 10", ">= 20 => 20", ">= 30 => 30"]
    assert literal_of(decided(rules, [""], value, "COLLECT", aggregation)) == literal


@pytest.mark.parametrize(("aggregation", "codes"), [("MAX", {"type"}), ("SUM", {"type"})])
def test_results_that_cannot_be_aggregated_are_null_with_a_reason(aggregation, codes):
    outcome = decided([">= 1 => 1", '>= 1 => "a"'], [""], 5, "COLLECT", aggregation)
    assert outcome.value is None
    assert {reason.code for reason in outcome.warnings} == codes


def test_an_overlap_names_the_rules():
    outcome = decided(RULES, OUTPUTS, 25)
    assert [(reason.code, reason.detail) for reason in outcome.warnings] == [("overlap", "1, 2")]
    assert "几行同时成立" in outcome.warnings[0].sentence()


def test_several_columns_give_a_context():
    outcome = decided(['>= 1 => 1; "a"', '>= 2 => 2; "b"'], ["points", "reason"], 5, "COLLECT")
    assert literal_of(outcome) == '[{points: 1, reason: "a"}, {points: 2, reason: "b"}]'


def test_several_columns_have_an_order_of_priority_from_left_to_right():
    outputs = ['a|"x","y"', 'b|"m","n"']
    rules = ['- => "y"; "m"', '- => "x"; "n"', '- => "x"; "m"']
    assert literal_of(decided(rules, outputs, 5, "PRIORITY")) == '{a: "x", b: "m"}'


def test_a_default_stands_in_where_no_rule_holds():
    assert literal_of(decided(["> 10 => 1"], ["||0"], 5)) == "0"
    assert literal_of(decided(["> 10 => 1; 2"], ["a||0", "b"], 5)) == "{a: 0, b: null}"


def test_a_value_that_is_not_allowed_decides_nothing():
    outcome = decided(["- => 1"], [""], "化工", inputs=['x|"矿山","建筑"'])
    assert (outcome.value, outcome.warnings[0].code) == (None, "coercion")
    assert literal_of(decided(["- => 1"], [""], None, inputs=['x|"矿山"'])) == "1"


def test_a_result_that_does_not_fit_its_column_is_null():
    assert decided(['- => "a"'], [":number"], 5).value is None


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [
        ("? > 10 and ? < 20", 15, True),
        ("count(?) = 2", [1, 2], True),
        ("x = 5", 5, True),
        ("not(5)", 5, False),
        ("not(5)", "a", False),
        ("1, 5", 5, True),
        ("null", None, True),
        ("-", None, True),
        ("", 7, True),
    ],
)
def test_a_cell_speaks_of_its_input(cell, value, holds):
    assert decided([f"{cell} => 1"], [""], value).value == (1 if holds else None)


def test_a_table_without_inputs_or_rules():
    made = model(decision("one", table([], [""], [" => 1"])), decision("none", table(["1"], [""], [])))
    assert decide(made, "one", {}).value == 1
    assert decide(made, "none", {}).value is None


@pytest.mark.parametrize(
    ("logic", "message"),
    [
        (table(["x"], [""], ["> => 1"]), "第 1 行的“x”：第 1 行第 2 个字"),
        (table(["x"], ["r"], ["1 => 1", "2 => 1 +"]), "第 2 行的“r”：第 1 行第 4 个字"),
        (table(["x +"], [""], ["1 => 1"]), "列“x +”的表达式：第 1 行第 4 个字"),
        (table(["x|1 +"], [""], ["1 => 1"]), "列“x”的可取值：第 1 行第 4 个字"),
        (table(["x"], ["||1 +"], ["1 => 1"]), "列“结果”的缺省值：第 1 行第 4 个字"),
        (table(["x"], [""], ["1 => 1"], "SOMETIMES"), "没有命中规则“SOMETIMES”。"),
        (table(["x"], [""], ["1 => 1"], "COLLECT", "PRODUCT"), "没有汇总方式“PRODUCT”。"),
        (table(["x"], [""], ["1; 2 => 1"]), "第 1 行有 2 个条件格，而表有 1 个条件列。"),
        (table(["x"], [""], ["1 => 1; 2"]), "第 1 行有 2 个结果格，而表有 1 个结果列。"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(logic, message):
    made = model(input_data("x"), decision("d", logic, ["input:x"]))
    assert made.findings[0].element == "d"
    assert message in made.findings[0].message
    outcome = decide(made, "d", {"x": 1})
    assert (outcome.value, outcome.warnings[0].code) == (None, "broken")


def test_an_explanation_tells_which_columns_mattered():
    rules = ["< 10; - => 1", "[10..20]; true => 2", "> 20; - => 3"]
    made = model(
        item("yes", "boolean"),
        input_data("a", "number"),
        input_data("b", "yes"),
        decision("d", table(["a", "b"], [""], rules), ["input:a", "input:b"]),
    )
    hits = {
        (a, b): decide(made, "d", {"a": a, "b": b}, explaining=True).trace[0].tables[0]
        for a, b in [(5, True), (15, True), (15, False), (25, None)]
    }
    assert [hit.rules for hit in hits.values()] == [(1,), (2,), (), (3,)]
    assert [hit.decisive for hit in hits.values()] == [(0,), (0, 1), (0, 1), (0,)]
    assert hits[5, True].labels == ("a", "b")
    assert decide(made, "d", {"a": 5, "b": True}).trace[0].tables[0].decisive is None


def test_after_the_first_hit_nothing_matters():
    rules = ["< 10; - => 1", "-; true => 2"]
    made = model(
        input_data("a"),
        input_data("b"),
        decision("d", table(["a", "b"], [""], rules, "FIRST"), ["input:a", "input:b"]),
    )
    hit = decide(made, "d", {"a": 5, "b": True}, explaining=True).trace[0].tables[0]
    assert hit.decisive == (0,)
