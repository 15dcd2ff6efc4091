"""Tables looked through: gaps, overlaps, rules that nothing reaches, types, names; and what could not be looked at."""

from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feel
from feel.dmn import analyse, decide
from feel.dmn.regions import representatives
from feel.order import compare
from tests.feel.models import component, decision, ident, input_data, item, knowledge, literal, model, table

PLAIN = frozenset({"gap", "overlap", "unreachable", "type", "name", "broken"})


def found(inputs, rules, policy="UNIQUE", outputs=("",), parts=()):
    names = [one.partition("|")[0].partition(":")[0] for one in inputs]
    known = {"n": "number", "s": "string", "b": "boolean", "d": "date", "x": ""}
    data = [input_data(name, known[name]) for name in known]
    needs = [f"input:{name}" for name in known if name in " ".join(names)]
    made = model(*parts, *data, decision("表", table(inputs, outputs, rules, policy), needs))
    return [(one.rule, one.message) for one in analyse(made)]


@pytest.mark.parametrize(
    ("inputs", "rules", "policy", "expected"),
    [
        (["n"], ["< 10 => 1", ">= 10 => 2"], "UNIQUE", []),
        (["n"], ["< 10 => 1", "> 10 => 2"], "UNIQUE", [("gap", "没有一行管到：n = 10。")]),
        (["n"], ["<= 10 => 1", ">= 10 => 2"], "UNIQUE", [("overlap", "第 1 行和第 2 行同时成立：n = 10。")]),
        (["n"], ["<= 10 => 1", ">= 10 => 2"], "FIRST", []),
        (["n"], ["<= 10 => 1", ">= 10 => 1"], "ANY", []),
        (["n"], ["<= 10 => 1", ">= 10 => 2"], "ANY", [("overlap", "第 1 行和第 2 行同时成立而结果不同：n = 10。")]),
        (["n"], ["< 10 => 1", "> 10 => 2"], "COLLECT", []),
        (["n"], ["<= 10 => 1", "> 11 => 2"], "UNIQUE", [("gap", "没有一行管到：n = 10.5。")]),
        (["n"], ["- => 1"], "UNIQUE", []),
        (["n"], [], "UNIQUE", [("gap", "没有一行管到：n = 0。")]),
        (["b"], ["true => 1"], "UNIQUE", [("gap", "没有一行管到：b = false。")]),
        (["b"], ["true => 1", "not(true) => 2"], "UNIQUE", []),
        (["s"], ['"甲" => 1', '"乙" => 2'], "UNIQUE", [("gap", '没有一行管到：s = "其他"。')]),
        (["s"], ['"甲" => 1', 'not("甲") => 2'], "UNIQUE", []),
        (["s"], ['"甲", "其他" => 1'], "UNIQUE", [("gap", '没有一行管到：s = "其他其他"。')]),
        (['s|"甲","乙"'], ['"甲" => 1', '"乙" => 2'], "UNIQUE", []),
        (['s|"甲","乙"'], ['"甲" => 1', '"丙" => 2'], "UNIQUE", [
            ("unreachable", "第 2 行永远不会成立：“s”没有能满足它的取值。"), ("gap", '没有一行管到：s = "乙"。'),
        ]),
        (["d"], ['< @"2026-01-01" => 1', '>= @"2026-01-01" => 2'], "UNIQUE", []),
        (["d"], ['<= @"2025-12-31" => 1', '>= @"2026-01-01" => 2'], "UNIQUE", []),
        (["d"], ['< date("2026-01-01") => 1', '> date("2026-01-01") => 2'], "UNIQUE", [
            ("gap", '没有一行管到：d = @"2026-01-01"。'),
        ]),
        (["n", "b"], ["< 10; true => 1", ">= 10; - => 2"], "UNIQUE", [("gap", "没有一行管到：n = 9，b = false。")]),
        (["n", "b"], ["< 10; - => 1", "-; true => 2", ">= 10; false => 3"], "UNIQUE", [
            ("overlap", "第 1 行和第 2 行同时成立：n = 9，b = true。"),
        ]),
        (["n"], ["< 20 => 1", "< 10 => 2", ">= 20 => 3"], "FIRST", [
            ("unreachable", "第 2 行永远轮不到：它管的都被更优先的行先管了，例如 n = 9。"),
        ]),
        (["n"], ["[5..3] => 1", "- => 2"], "FIRST", [("unreachable", "第 1 行永远不会成立：“n”没有能满足它的取值。")]),
        (["n"], ["? > 5 and ? < 10 => 1", "not(? > 5 and ? < 10) => 2"], "UNIQUE", []),
        (["n"], ["? between 1 and 5 => 1", "? in (< 1, > 5) => 2"], "UNIQUE", []),
        (["n"], ["5 <= ? => 1", "? != 7 => 2"], "FIRST", []),
        (["n"], ['"a" => 1', "- => 2"], "FIRST", [
            ("type", '第 1 行的“n”写的是文字 "a"，而这一列是数。'),
            ("unreachable", "第 1 行永远不会成立：“n”没有能满足它的取值。"),
        ]),
        (["x"], ["< 5 => 1", '"a" => 2', ">= 5 => 3"], "UNIQUE", [
            ("type", '第 2 行的“x”写的是文字 "a"，而这一列是数。'),
            ("unreachable", "第 2 行永远不会成立：“x”没有能满足它的取值。"),
        ]),
    ],
)  # fmt: skip
def test_a_table_is_looked_through(inputs, rules, policy, expected):
    assert found(inputs, rules, policy) == expected


@pytest.mark.parametrize(
    ("inputs", "rules", "message"),
    [
        (["n"], ["> n => 1", "- => 2"], "第 1 行的“n”要看别的值才知道，没有分析"),
        (["s"], ['contains(?, "火") => 1', 'not(contains(?, "火")) => 2'], "第 1 行的“s”要看别的值才知道"),
        (["s"], ['< "m" => 1', '>= "m" => 2'], "第 1 行的“s”要看别的值才知道"),
        (["x"], ["[1, 2] => 1", "count(?) > 1 => 2"], "要看别的值才知道"),
        (["[x]"], ["[1] => 1"], "列“[x]”的类型不清楚，没有分析"),
        (["n", "n + 1"], ["< 5; - => 1", ">= 5; > 7 => 2"], "“n”和“n + 1”取自同一个输入，没有分析"),
    ],
)
def test_what_cannot_be_analysed_is_said(inputs, rules, message):
    notes = [said for rule, said in found(inputs, rules, "FIRST") if rule == "unanalysed"]
    assert len(notes) == 1
    assert message in notes[0]
    assert notes[0].endswith("可能没有找全。")


def test_a_cell_that_is_not_known_hides_no_certain_fault_and_makes_none_up():
    rules = ["< 5; > x => 1", "< 3; - => 2", "[10..20]; - => 3"]
    told = found(["n", "b"], rules, "UNIQUE")
    assert ("gap", "没有一行管到：n = 5，b = true。") in told
    assert not any(rule == "overlap" for rule, _ in told)


def test_a_table_with_too_many_combinations_is_said_to_be_so():
    random = Random(1)
    names = [f"b{place}" for place in range(60)]
    rules = []
    for number in range(255):
        cells = {place: random.choice(("true", "false")) for place in random.sample(range(60), 3)}
        rules.append("; ".join(cells.get(place, "-") for place in range(60)) + f" => {number}")
    data = [input_data(name, "boolean") for name in names]
    made = model(
        *data, decision("d", table(names, [""], rules, "FIRST"), [f"input:{name}" for name in names])
    )
    assert any("组合太多，没有查完" in one.message for one in analyse(made) if one.is_note)


def test_allowed_values_of_types_bound_the_columns():
    parts = (
        item("tKind", "string", '"矿山","建筑"'),
        item("tNarrow", "tKind", '"矿山"'),
        item("tUnit", inner=component("kind", "tKind")),
        input_data("kind", "tNarrow"),
        input_data("unit", "tUnit"),
    )
    narrow = decision("a", table(["kind"], [""], ['"矿山" => 1']), ["input:kind"])
    inner = decision("b", table(["unit.kind"], [""], ['"矿山" => 1']), ["input:unit"])
    told = [(one.element, one.message) for one in analyse(model(*parts, narrow, inner))]
    assert told == [("b", '没有一行管到：unit.kind = "建筑"。')]


def test_results_are_checked_against_their_column():
    outputs = [':string|"高","低"']
    told = found(["n"], ['< 1 => "中"', ">= 1 => 5"], outputs=outputs)
    assert told == [
        ("type", '第 1 行的“结果”给出 "中"，不在这一列的可取值里。'),
        ("type", "第 2 行的“结果”给出的是数，而这一列是文字。"),
    ]


def test_a_lower_priority_is_hidden_by_a_higher_one():
    outputs = ['|"高","低"']
    told = found(["n"], ['> 5 => "低"', '> 3 => "高"', '<= 3 => "高"'], "PRIORITY", outputs)
    assert told == [("unreachable", "第 1 行永远轮不到：它管的都被更优先的行先管了，例如 n = 6。")]


def test_an_example_is_data_as_well():
    data = input_data("n", "number")
    made = model(data, decision("d", table(["n"], [""], ["< 1 => 1", "<= 1 => 2"]), ["input:n"]))
    examples = {one.rule: one.example for one in analyse(made)}
    assert examples == {"overlap": {"n": "0"}, "gap": {"n": "2"}}


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ('n > "10"', ['“n > "10"”永远为空：数和文字不能这样放在一起。']),
        ('n + "10"', ['“n + "10"”永远为空：数和文字不能这样放在一起。']),
        ('n between 1 and "5"', ['“n between 1 and "5"”永远为空：数和文字不能这样放在一起。']),
        ("s - s", ["“s - s”永远为空：文字和文字不能这样放在一起。"]),
        ("d + 1", ["“d + 1”永远为空：日期和数不能这样放在一起。"]),
        ('d + @"P1D" > d', []),
        ('@"P1D" * n', []),
        ("n = null", []),
        ("x > 1", []),
        ('[{n: "a"}][n = "a"]', []),
        ('for n in ["a"] return n = "a"', []),
        ('(function(n) n = "a")("a")', []),
        ('{n: "a", r: n = "a"}.r', []),
        ("if b then n else s > 1", ["“s > 1”永远为空：文字和数不能这样放在一起。"]),
        ('open("/etc/passwd").read()', ["没有函数“open”。是不是“append”？"]),
        ("sbustring(s, 1)", ["没有函数“sbustring”。是不是“substring”？"]),
        ("保废 > 1", ["没有名称“保废”：要引用的输入和决策须在图上连线。是不是“保费”？"]),
        ("workdays(2)", []),
        ("rate(1)", []),
    ],
)
def test_expressions_are_checked_for_names_and_types(text, messages):
    kinds = {"n": "number", "s": "string", "b": "boolean", "d": "date", "x": "", "保费": "number"}
    made = model(
        *(input_data(name, kind) for name, kind in kinds.items()),
        knowledge("rate", {"n": ""}, literal("n")),
        decision("决策", literal(text), [*(f"input:{name}" for name in kinds), "knowledge:rate"]),
    )
    assert [one.message for one in analyse(made, frozenset({"workdays"}))] == messages


def test_a_model_that_cannot_be_read_is_told_once():
    assert [one.rule for one in analyse(model(decision("d", literal("1 +"))))] == ["broken"]


def test_tables_inside_of_other_boxes_are_looked_through():
    inner = table(["n"], [""], ["< 1 => 1"])
    logic = f'<context><contextEntry><variable name="t"/>{inner}</contextEntry></context>'
    told = [one.rule for one in analyse(model(input_data("n", "number"), decision("d", logic, ["input:n"])))]
    assert told == ["gap"]


NUMBER_CELLS = st.sampled_from(["-", "< 2", "<= 2", "> 2", ">= 2", "[1..3]", "(1..3)", "2", "not(2)", "1, 3"])
WORD_CELLS = st.sampled_from(["-", '"a"', '"b"', 'not("a")', '"a", "b"'])
TRUTH_CELLS = st.sampled_from(["-", "true", "false"])
RULES = st.lists(st.tuples(NUMBER_CELLS, WORD_CELLS, TRUTH_CELLS), min_size=1, max_size=5)
GRID = list(product([0, 1, 1.5, 2, 2.5, 3, 4], ["a", "b", "c"], [True, False]))


@settings(max_examples=120)
@given(RULES, st.sampled_from(["UNIQUE", "FIRST"]))
def test_what_is_found_is_what_deciding_everywhere_shows(rules, policy):
    lines = [f"{'; '.join(cells)} => {number}" for number, cells in enumerate(rules, 1)]
    data = [input_data("n", "number"), input_data("s", "string"), input_data("b", "boolean")]
    needs = ["input:n", "input:s", "input:b"]
    made = model(*data, decision("d", table(["n", "s", "b"], [""], lines, policy), needs))
    all_hits = model(*data, decision("d", table(["n", "s", "b"], [""], lines, "RULE ORDER"), needs))
    hits = [_hits(all_hits, n, s, b) for n, s, b in GRID]
    told = {one.rule for one in analyse(made)}
    assert ("gap" in told) == (not all(hits))
    assert ("overlap" in told) == (policy == "UNIQUE" and any(len(rules_at) > 1 for rules_at in hits))
    if policy == "FIRST":
        first = {rules_at[0] for rules_at in hits if rules_at}
        assert ("unreachable" in told) == (first != set(range(1, len(rules) + 1)))


def _hits(made, n, s, b):
    outcome = decide(made, "d", {"n": n, "s": s, "b": b})
    return outcome.trace[0].tables[0].rules


@settings(max_examples=60)
@given(RULES)
def test_an_example_shows_what_it_says(rules):
    lines = [f"{'; '.join(cells)} => {number}" for number, cells in enumerate(rules, 1)]
    data = [input_data("n", "number"), input_data("s", "string"), input_data("b", "boolean")]
    made = model(*data, decision("d", table(["n", "s", "b"], [""], lines), ["input:n", "input:s", "input:b"]))
    for one in analyse(made):
        if one.rule in ("gap", "overlap"):
            values = {name: feel.evaluate(text, {}) for name, text in one.example.items()}
            assert (len(_hits(made, **values)) > 1) == (one.rule == "overlap")


@pytest.mark.parametrize(
    ("kind", "points", "count"),
    [
        ("number", [], 1),
        ("number", ["1", "2"], 5),
        ("date", [], 1),
        ("date", ['@"2026-01-01"', '@"2026-01-02"'], 4),
        ("date", ['@"2026-01-01"', '@"2026-01-03"'], 5),
        ("date", ['@"99999-01-01"'], 3),
        ("time", [], 1),
        ("time", ['@"10:00:00"', '@"11:00:00"'], 5),
        ("time", ['@"00:00:00"', '@"23:59:30"'], 3),
        ("time", ['@"10:00:00+08:00"'], 3),
        ("date and time", [], 1),
        ("date and time", ['@"2026-01-01T00:00:00Z"', '@"2026-01-01T10:00:00+08:00"'], 5),
        ("days and time duration", [], 1),
        ("days and time duration", ['@"P1D"'], 3),
        ("years and months duration", [], 1),
        ("years and months duration", ['@"P1Y"', '@"P13M"'], 4),
        ("boolean", [], 2),
        ("string", ['"a"', '"b"', '"a"'], 3),
    ],
)
def test_a_column_is_cut_at_its_points(kind, points, count):
    values = [feel.evaluate(point, {}) for point in points]
    from feel.exchange import to_feel
    from feel.limits import PLAIN as NOBODY
    from feel.limits import Run

    regions = representatives(kind, [to_feel(Run(NOBODY), value) for value in values])
    assert len(regions) == count
    if kind not in ("boolean", "string"):
        assert all(compare(Run(NOBODY), low, high) == -1 for low, high in pairwise(regions))


def test_a_kind_without_order_is_not_cut():
    assert representatives("list", []) is None


@pytest.mark.parametrize(
    ("inputs", "rules", "policy", "rules_found"),
    [
        (["n"], ["? in [1, 2] => 1", "- => 2"], "FIRST", []),
        (["n"], ["? in (1, < x) => 1", "- => 2"], "FIRST", ["unanalysed"]),
        (["n"], ["? = x => 1", "- => 2"], "FIRST", ["unanalysed"]),
        (["n"], ["? > x => 1", "- => 2"], "FIRST", ["unanalysed"]),
        (["n"], ["? > 1 and ? < x => 1", "- => 2"], "FIRST", ["unanalysed"]),
        (["n"], ["? between 1 and x => 1", "- => 2"], "FIRST", ["unanalysed"]),
        (["n"], ["? + 1 = 2 => 1", "- => 2"], "FIRST", ["unanalysed"]),
        (["n"], ["? = 5 => 1", "not(? = 5) => 2"], "UNIQUE", []),
        (["b"], ["? => 1", "not(?) => 2"], "UNIQUE", []),
        (["n"], ["[1, 2] => 1", "not(1, 2) => 2"], "UNIQUE", []),
        (["x"], ["- => 1"], "UNIQUE", []),
        (["n:tNobody"], ["> 1 => 1", "<= 1 => 2"], "UNIQUE", []),
        (["n"], ["null => 1", "- => 2"], "FIRST", []),
    ],
)
def test_cells_that_ask_are_analysed_as_far_as_they_can(inputs, rules, policy, rules_found):
    assert [rule for rule, _ in found(inputs, rules, policy) if rule != "name"] == rules_found


@pytest.mark.parametrize(
    ("outputs", "rule"),
    [
        ([":tNobody"], "- => 1"),
        (["|1, x"], "- => 5"),
        (["|1"], "- => x"),
        (["|1"], "- => null"),
        ([":number"], "- => null"),
    ],
)
def test_results_that_may_be_right_are_not_blamed(outputs, rule):
    assert [kind for kind, _ in found(["n"], [rule], "FIRST", outputs) if kind == "type"] == []


def test_arithmetic_goes_on_after_a_part_that_is_not_known():
    made = model(
        input_data("n", "number"),
        input_data("x"),
        decision("d", literal('x + n + "a" - n'), ["input:n", "input:x"]),
    )
    assert [one.rule for one in analyse(made)] == []


@pytest.mark.parametrize(
    ("inputs", "rules", "policy", "outputs", "messages"),
    [
        (["n"], ["null => 1", "not(null) => 2"], "UNIQUE", [""], []),
        (["n"], ["null => 1", "< 5 => 2", ">= 5 => 3"], "UNIQUE", [""], []),
        (["n"], ["null => 1", "null => 2", "- => 3"], "FIRST", [""], [
            "第 2 行永远轮不到：它管的都被更优先的行先管了，例如 n = null。",
        ]),
        (["d"], ['< "2026-01-01" => 1', "- => 2"], "FIRST", [""], [
            '第 1 行的“d”写的是文字 "2026-01-01"，而这一列是日期。',
            "第 1 行永远不会成立：“d”没有能满足它的取值。",
        ]),
        (["n"], ['["1".."5"] => 1', "- => 2"], "FIRST", [""], [
            '第 1 行的“n”写的是文字 "1"，而这一列是数。',
            '第 1 行的“n”写的是文字 "5"，而这一列是数。',
            "第 1 行永远不会成立：“n”没有能满足它的取值。",
        ]),
        (["s"], ['< "b" => 1', "- => 2"], "FIRST", [""], [
            "第 1 行的“s”要看别的值才知道，没有分析。空档、重叠和多余的行可能没有找全。",
        ]),
        (["n|? >= 0 and floor(?) = ?"], [">= 0 => 1"], "UNIQUE", [""], [
            "“n”的可取值要看别的值才知道，没有分析。空档、重叠和多余的行可能没有找全。",
        ]),
        (["n"], ["< 5 => 1 + 1", "- => 2"], "ANY", [""], []),
        (["n"], ["- => 1"], "UNIQUE", [':number||"z"'], ["缺省的“结果”给出的是文字，而这一列是数。"]),
        (["n"], ['- => "a"'], "UNIQUE", [':string|"a"||"z"'], ['缺省的“结果”给出 "z"，不在这一列的可取值里。']),
        (["n"], ['- => @"2026-02-30"'], "UNIQUE", [":date"], ["第 1 行的“结果”永远为空，写法不对。"]),
        (["n"], ["- => 1; 2"], "UNIQUE", ["o", "o"], ["结果列“o”用了不止一次。"]),
        (["n"], ["- => 1"], "PRIORITY", [""], [
            "命中规则 PRIORITY 要按结果列的可取值排先后，而没有一列写明可取值。",
        ]),
    ],
)  # fmt: skip
def test_what_is_found_is_a_fault_and_what_is_a_fault_is_found(inputs, rules, policy, outputs, messages):
    assert [message for _, message in found(inputs, rules, policy, outputs)] == messages


@pytest.mark.parametrize(
    ("rule", "outputs", "messages"),
    [
        ('- => "a"', [""], ["第 1 行的“结果”给出的是文字，不能求和。"]),
        ("- => 1; 2", ["a", "b"], ["汇总方式 SUM 只能用于一个结果列，这张表有 2 个。"]),
        ("- => 1", [""], []),
    ],
)
def test_a_sum_is_of_one_column_of_numbers(rule, outputs, messages):
    made = model(
        input_data("n", "number"),
        decision("表", table(["n"], outputs, [rule], "COLLECT", "SUM"), ["input:n"]),
    )
    assert [one.message for one in analyse(made)] == messages


def test_a_table_too_large_to_be_looked_through_is_told_so():
    rules = [f"[{n}..{n}] => {n}" for n in range(3000)]
    assert (
        "unanalysed",
        "“n”的格子太多，没有分析；行太多，重叠没有查完。空档、重叠和多余的行可能没有找全。",
    ) in found(["n"], rules)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("隐患[级别 = 3]", []),
        ("[{甲: 1}][甲 = 1]", []),
        ('get entries({甲: 1})[key = "甲"].value', []),
        ("[{甲: 1}][乙 = 1]", ["没有名称“乙”：要引用的输入和决策须在图上连线。"]),
        ("[1, 2][级别 = 3]", ["没有名称“级别”：要引用的输入和决策须在图上连线。"]),
        ("隐患[级别 = 3].级别 + 级别", ["没有名称“级别”：要引用的输入和决策须在图上连线。"]),
    ],
)
def test_an_entry_of_what_is_filtered_is_no_unknown_name(text, messages):
    made = model(input_data("隐患"), decision("d", literal(text), ["input:隐患"]))
    assert [one.message for one in analyse(made)] == messages


def test_names_are_known_once_and_a_decision_decides():
    made = model(
        input_data("n", "number"),
        decision("d", literal("1")),
        decision("d2", "", kind="number"),
        decision("n", literal("2")).replace(ident("n"), "other"),
    )
    assert [one.message for one in analyse(made)] == [
        "名称“n”用了不止一次：引用它的只见得到其中一个。",
        "“d2”还没有写怎么决定，结果总是空。",
    ]
