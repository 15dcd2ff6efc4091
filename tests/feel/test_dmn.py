"""Decision models: boxes, requirements, knowledge, services, types, imports; and how a decision explains itself."""

from decimal import Decimal

import pytest

import feel
from feel.dmn import UnknownDecisionError, decide, sentences
from tests.feel.engine import HOST
from tests.feel.models import (
    component,
    decision,
    definitions,
    ident,
    input_data,
    item,
    knowledge,
    literal,
    model,
    service,
    table,
)

DOUBLED = (
    f'<functionDefinition><formalParameter name="x" typeRef="number"/>{literal("x * 2")}</functionDefinition>'
)


def value_of(logic: str, *parts: str, inputs=None, needs=(), kind: str = "") -> str:
    made = model(*parts, decision("d", logic, needs, kind))
    assert made.findings == ()
    return feel.format_value(decide(made, "d", inputs or {}, HOST).value)


def entry(name: str, logic: str, kind: str = "") -> str:
    variable = f'<variable name="{name}" typeRef="{kind}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def box(kind: str, **parts: str) -> str:
    inner = "".join(f"<{name}>{logic}</{name}>" for name, logic in parts.items())
    return f'<{kind} iteratorVariable="i">{inner}</{kind}>'


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        (literal("1 + 1"), "2"),
        (literal(""), "null"),
        ("", "null"),
        (
            f"<context>{entry('a', literal('1'))}{entry('b c', literal('a + 1'))}</context>",
            '{a: 1, "b c": 2}',
        ),
        (f"<context>{entry('a b', literal('1'))}{entry('', literal('a b + 1'))}</context>", "2"),
        (f"<context>{entry('a', literal('[1]'), 'number')}</context>", "{a: 1}"),
        (f"<context>{entry('a', literal('true'), 'number')}</context>", "{a: null}"),
        (f"<list>{literal('1')}{literal('2')}</list>", "[1, 2]"),
        (
            (
                '<relation><column name="n"/><column name="k" typeRef="number"/>'
                f"<row>{literal('1')}{literal('2')}</row><row>{literal('3')}{literal('true')}</row></relation>"
            ),
            "[{n: 1, k: 2}, {n: 3, k: null}]",
        ),
        (box("conditional", **{"if": literal("true"), "then": literal("1"), "else": literal("2")}), "1"),
        (box("filter", **{"in": literal("[1, 2]"), "match": literal("item > 1")}), "[2]"),
        (box("for", **{"in": literal("1..3"), "return": literal("i + count(partial)")}), "[1, 3, 5]"),
        (box("some", **{"in": literal("[1, 2]"), "satisfies": literal("i > 1")}), "true"),
        (box("every", **{"in": literal("[1, 2]"), "satisfies": literal("i > 1")}), "false"),
        (
            (f"<context>{entry('f', DOUBLED)}{entry('', literal('f(4)'))}</context>"),
            "8",
        ),
        (
            f'<invocation>{literal("abs")}<binding><parameter name="n"/>{literal("-3")}</binding></invocation>',
            "3",
        ),
        (literal("1", "string"), "null"),
    ],
)
def test_every_box_is_an_expression(logic, value):
    assert value_of(logic) == value


def test_a_decision_is_made_of_its_requirements_once():
    made = model(
        input_data("保费", "number"),
        decision("税", literal("保费 * 0.06"), ["input:保费"], "number"),
        decision("合计", literal("保费 + 税"), ["input:保费", "decision:税"], "number"),
        decision("两倍", literal("税 + 税"), ["decision:税"]),
    )
    outcome = decide(made, "合计", {"保费": 100})
    assert outcome.value == 106
    assert [(step.decision, step.value) for step in outcome.trace] == [("税", 6), ("合计", 106)]
    assert decide(made, "合计", {"保费": 100, "税": 1}).value == 101
    assert decide(made, "合计", {}).value is None


def test_a_decision_is_known_by_the_name_of_its_variable_and_by_its_own():
    text = '<decision id="_d" name="own"><variable name="of variable"/>' + literal("1") + "</decision>"
    made = model(text)
    assert decide(made, "of variable", {}).value == 1
    assert decide(made, "own", {}).value == 1
    with pytest.raises(UnknownDecisionError):
        decide(made, "nobody", {})
    with pytest.raises(UnknownDecisionError):
        decide(model(input_data("x")), "x", {})


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("number", 1, "1"),
        ("number", "1", "null"),
        ("number", [1], "1"),
        ("list<number>", 1, "[1]"),
        ("list<number>", ["a"], "null"),
        ("feel:string", "a", '"a"'),
        ("Any", [1, "a"], '[1, "a"]'),
        ("tAge", 18, "18"),
        ("tAge", 17, "null"),
        ("tAdult", 200, "null"),
        ("tAdult", 30, "30"),
        ("tNames", ["a"], '["a"]'),
        ("tNames", "a", '["a"]'),
        ("tNames", ["a", "b", "c"], "null"),
        ("tUnit", {"name": "甲", "workers": [{"age": 20}]}, '{name: "甲", workers: [{age: 20}]}'),
        ("tUnit", {"name": "甲", "workers": [{"age": 10}]}, "null"),
        ("tUnit", {"name": "甲"}, "null"),
        ("tUnit", {"name": None, "workers": None}, "{name: null, workers: null}"),
        ("dateTime", "x", "null"),
        ("tSelf", {"inner": 1}, "{inner: 1}"),
    ],
)
def test_an_input_must_fit_its_type_or_is_null(kind, given, value):
    types = (
        item("tAge", "number", ">= 18"),
        item("tAdult", "tAge", "[0..150]"),
        item("tNames", "string", constraint="count(?) < 3", many=True),
        item(
            "tUnit",
            inner=component("name", "string")
            + component("workers", inner=component("age", "tAge"), many=True),
        ),
        item("tSelf", inner=component("inner", "tSelf")),
    )
    assert (
        value_of(literal("x"), *types, input_data("x", kind), inputs={"x": given}, needs=["input:x"]) == value
    )


def test_a_date_becomes_midnight_where_a_moment_is_wanted():
    assert value_of(literal('@"2026-05-01"'), kind="date and time") == '@"2026-05-01T00:00:00Z"'


def test_knowledge_is_a_function_with_types_and_may_call_itself():
    parts = (
        knowledge("阶乘", {"n": "number"}, literal("if n = 0 then 1 else n * 阶乘(n - 1)")),
        knowledge("成文", {"n": ""}, literal("n"), kind="string"),
        item("tFunction", inner='<functionItem outputTypeRef="string"><parameters name="n"/></functionItem>'),
        knowledge("成文二", {"n": ""}, literal("n"), kind="tFunction"),
        knowledge("无体", {}, ""),
        knowledge("外部", {"n": ""}, literal("{java: 1}"), how="Java"),
    )
    needs = [f"knowledge:{name}" for name in ("阶乘", "成文", "成文二", "无体", "外部")]
    text = '[阶乘(5), 阶乘("a"), 阶乘([3]), 成文(1), 成文("a"), 成文二(1), 成文二("a"), 无体(), 外部(1)]'
    assert value_of(literal(text), *parts, needs=needs) == '[120, null, 6, null, "a", null, "a", null, null]'


def test_knowledge_may_need_knowledge():
    parts = (
        knowledge("two", {}, literal("2")),
        knowledge("times two", {"n": ""}, literal("n * two()"), ["knowledge:two"]),
    )
    assert value_of(literal("times two(4)"), *parts, needs=["knowledge:times two"]) == "8"


def test_a_service_is_decided_and_is_a_function():
    made = model(
        input_data("a", "number"),
        input_data("b", "number"),
        decision("sum", literal("a + b"), ["input:a", "input:b"]),
        decision("twice", literal("sum * 2"), ["decision:sum"]),
        service("one", ["twice"], ["a", "b"]),
        service("both", ["sum", "twice"], ["a", "b"]),
        service("of sum", ["twice"], [], ["sum"]),
        service("text", ["twice"], ["a", "b"], kind="string"),
        decision("calls", literal("one(1, 2)"), ["knowledge:one"]),
        decision("named", literal("one(b: 1, a: 5)"), ["knowledge:one"]),
        decision("wrong", literal('one("x", 2)'), ["knowledge:one"]),
        decision("few", literal("one(1)"), ["knowledge:one"]),
        decision("given", literal("of sum(10)"), ["knowledge:of sum"]),
        decision("loop", literal("again()"), ["knowledge:again"]),
        service("again", ["loop"]),
    )
    assert made.findings == ()
    found = {name: decide(made, name, {"a": 1, "b": 2}).value for name in ("one", "both", "text")}
    assert found == {"one": 6, "both": {"sum": 3, "twice": 6}, "text": None}
    calls = ("calls", "named", "wrong", "few", "given", "loop")
    assert [decide(made, name, {}).value for name in calls] == [6, 12, None, None, 20, None]
    assert decide(made, "one", {"a": 1}).value is None


def test_a_model_reads_what_it_imports():
    inner = model(
        item("tMoney", "number", "> 0"),
        input_data("保费", "tMoney"),
        decision("税", literal("保费 * 0.06"), ["input:保费"]),
        knowledge("rate", {}, literal("0.5")),
        namespace="urn:inner",
    )
    line = '<import namespace="urn:inner" name="基础" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    needs = ["decision:urn:inner#" + ident("税"), "knowledge:urn:inner#" + ident("rate")]
    made = model(
        input_data("x", "基础.tMoney"),
        decision("d", literal("基础.税 * 基础.rate()"), needs),
        decision("typed", literal("x"), ["input:x"]),
        imports={"urn:inner": inner},
        lines=line,
    )
    assert made.findings == ()
    assert decide(made, "d", {"保费": 100}).value == 3
    assert decide(made, "typed", {"x": -1}).value is None


def test_under_an_empty_name_an_import_is_as_if_it_were_our_own():
    one = model(decision("a", literal("1")), namespace="urn:one")
    two = model(item("tText", "string"), decision("b", literal("2")), namespace="urn:two")
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    made = model(
        decision("d", literal("a + b"), ["decision:urn:one#" + ident("a"), "decision:urn:two#" + ident("b")]),
        decision("e", literal("1"), kind="tText"),
        imports={"urn:one": one, "urn:two": two},
        lines="".join(
            f'<import namespace="{one}" name="" importType="{kind}"/>' for one in ("urn:one", "urn:two")
        ),
    )
    assert decide(made, "d", {}).value == 3
    assert decide(made, "e", {}).value is None


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([decision("d", literal("1 +"))], "第 1 行第 4 个字"),
        ([decision("d", f"<context>{entry('a', literal('1 +'))}</context>")], "条目“a”：第 1 行第 4 个字"),
        ([decision("d", literal("1"), ["input:nobody"])], "引用“#_nobody”没有对象。"),
        ([decision("d", literal("1"), ["input:urn:else#_x"])], "引用“urn:else#_x”没有对象。"),
        ([input_data("x", "nobody")], "没有类型“nobody”。"),
        ([input_data("x", "list<")], "没有类型“list<”。"),
        ([item("t", "number", "> ")], "类型“t”的可取值：第 1 行第 2 个字"),
        (
            [decision("a", literal("b"), ["decision:b"]), decision("b", literal("a"), ["decision:a"])],
            "绕回到自己",
        ),
        ([decision("a", literal("a"), ["decision:a"])], "绕回到自己"),
        (
            [
                knowledge("f", {}, literal("g()"), ["knowledge:g"]),
                knowledge("g", {}, literal("f()"), ["knowledge:f"]),
            ],
            "绕回到自己",
        ),
    ],
)
def test_what_is_wrong_with_a_model_is_found(parts, message):
    found = model(*parts).findings
    assert any(message in finding.message for finding in found), found


def test_a_missing_import_is_found_and_a_foreign_one_is_not_looked_for():
    lines = (
        '<import namespace="urn:x" name="x" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        '<import namespace="urn:y" name="y" importType="http://www.w3.org/2001/XMLSchema"/>'
    )
    assert [finding.message for finding in model(lines=lines).findings] == ["引入的模型“x”不在这一版里。"]


def test_a_cycle_decides_to_null_with_a_reason():
    made = model(decision("a", literal("a"), ["decision:a"]))
    outcome = decide(made, "a", {})
    assert (outcome.value, [reason.code for reason in outcome.warnings]) == (None, ["broken"])


def test_comments_and_unknown_elements_are_passed_over():
    made = model(
        "<extensionElements><x/></extensionElements>",
        decision("d", "<description>x</description>" + literal("1")),
    )
    assert decide(made, "d", {}).value == 1


def test_a_command_pays_for_a_decision_and_bounds_hold():
    meter = feel.Meter()
    made = model(decision("d", literal("for i in 1..9999, j in 1..9999 return i")))
    with pytest.raises(feel.FeelLimitError):
        decide(made, "d", {}, HOST, meter)
    assert meter.fuel < feel.ADVANCE_FUEL - 40_000


def test_a_table_is_paid_for_by_what_its_cells_say():
    long = ", ".join(f"> {number}" for number in range(1000, 1300))
    made = model(
        input_data("x", "number"),
        decision("plain", table(["x"], [""], ["> 1000 => 1"] * 100, "COLLECT"), ["input:x"]),
        decision("long", table(["x"], [""], [f"{long} => 1"] * 100, "COLLECT"), ["input:x"]),
    )
    spent = {}
    for name in ("plain", "long"):
        meter = feel.Meter()
        decide(made, name, {"x": 1}, HOST, meter)
        spent[name] = feel.ADVANCE_FUEL - meter.fuel
    assert spent["long"] > 100 * spent["plain"]


def test_allowed_values_are_paid_for_by_the_same_meter():
    meter = feel.Meter()
    made = model(
        item("t", "number", "every x in 1..900 satisfies x < 901"),
        input_data("x", "list<t>"),
        decision("d", literal("x"), ["input:x"]),
    )
    with pytest.raises(feel.FeelLimitError):
        decide(made, "d", {"x": list(range(5000))}, HOST, meter)


def test_a_run_that_python_cannot_nest_ends_as_a_bound():
    def deeper():
        raise RecursionError

    made = model(decision("d", literal("f()")))
    host = feel.Host(functions={"f": feel.HostFunction((), deeper)})
    with pytest.raises(feel.FeelLimitError):
        decide(made, "d", {}, host)


def test_an_explanation_tells_what_was_read_and_what_was_not():
    made = model(
        input_data("保费", "number"),
        input_data("高危", "boolean"),
        input_data("备注", "string"),
        decision(
            "加价", literal("if 高危 then 保费 * 0.1 else 0"), ["input:保费", "input:高危", "input:备注"]
        ),
        decision(
            "次数",
            table(["加价", "高危"], [""], ["> 0; - => 4", "0; - => 1"]),
            ["decision:加价", "input:高危"],
        ),
    )
    outcome = decide(made, "次数", {"保费": 100, "高危": False, "备注": "x"}, explaining=True)
    step = outcome.trace[0]
    assert (step.used, step.unused) == (("高危",), ("保费", "备注"))
    assert sentences(outcome) == [
        "“加价”= 0。看了“高危”，没有用到“保费”、“备注”。",
        "“次数”= 1。看了“加价”、“高危”。",
        "“次数”的决策表：加价 = 0，高危 = false；第 2 行成立。起作用的是“加价”，“高危”换成别的也一样。",
    ]


def test_an_explanation_gives_the_reasons_for_null():
    made = model(
        input_data("x", "number"),
        decision("d", literal("x + 1"), ["input:x"]),
        decision("t", table(["1"], [""], ["2 => 1"])),
    )
    told = sentences(decide(made, "d", {}, explaining=True))
    assert told == ["“d”= null。看了“x”。", "“x + 1”为空：两边或参数的类型不合（null + number）。"]
    assert sentences(decide(made, "t", {}))[1] == "“t”的决策表：1 = 1；没有一行成立。"


def test_reading_in_an_inner_function_counts_as_reading():
    made = model(
        input_data("a"),
        input_data("b"),
        decision("d", literal("(for i in [1, 2] return (function(x) x + a)(i))[1]"), ["input:a", "input:b"]),
    )
    step = decide(made, "d", {"a": 1, "b": 2}, explaining=True).trace[0]
    assert (step.used, step.unused) == (("a",), ("b",))


def test_a_long_value_is_shortened_in_an_explanation():
    made = model(decision("d", literal('"' + "x" * 100 + '"')))
    assert "…" in sentences(decide(made, "d", {}))[0]


def test_a_tree_of_lxml_is_read_as_well():
    from xml.etree import ElementTree as ET

    from lxml import etree

    from feel.dmn import load

    root = etree.fromstring(ET.tostring(definitions(decision("d", literal("1") + "<!-- c -->"))))
    assert decide(load(root), "d", {}).value == 1


def test_boxes_nested_too_deep_are_refused():
    logic = "<list>" * 200 + literal("1") + "</list>" * 200
    assert "嵌套不能深于" in model(decision("d", logic)).findings[0].message
    inner = "<list>" * 39 + literal("(" * 55 + "1" + ")" * 55) + "</list>" * 39
    assert decide(model(decision("d", inner)), "d", {}).value is not None


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        (box("conditional", **{"if": literal("true")}), "null"),
        (box("for", **{"in": f"<list>{literal('1')}</list>", "return": literal("i")}), "[1]"),
        (box("for", **{"in": literal("[1, 2]", "list<number>"), "return": literal("i")}), "[1, 2]"),
        (box("for", **{"return": literal("i")}), "null"),
    ],
)
def test_boxes_may_lack_a_part(logic, value):
    assert value_of(logic) == value


def test_a_loop_that_cannot_be_read_is_found():
    logic = box("for", **{"in": literal("1 2"), "return": literal("i")})
    assert "运算符或表达式的结尾" in model(decision("d", logic)).findings[0].message


def test_a_type_that_nobody_knows_holds_nothing_back():
    made = model(decision("d", literal("1", "tNobody")), decision("e", literal("1", "list<tNobody>")))
    assert decide(made, "d", {}).value == 1
    assert decide(made, "e", {}).value == 1


def test_a_type_made_of_another_keeps_its_tests():
    types = (item("tBase", "number", "> 0"), item("tTop", "tBase", "< 10"))
    for given, value in ((5, "5"), (-5, "null"), (50, "null")):
        assert (
            value_of(literal("x"), *types, input_data("x", "tTop"), inputs={"x": given}, needs=["input:x"])
            == value
        )


def nested_items(count: int, width: int) -> list[str]:
    """Return item definitions each of which holds the next one `width` times."""
    return [
        item(f"t{n}", inner="".join(component(f"c{place}", f"t{n + 1}") for place in range(width)))
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("count", "width", "message"),
    [(500, 1, "嵌套不能深于 60 层。"), (22, 2, "展开后不能多于 2000 个部分。")],
)
def test_types_are_bounded_before_anything_walks_through_them(count, width, message):
    made = model(*nested_items(count, width), item(f"t{count}", "number"), decision("d", literal("1")))
    assert any(one.message.endswith(message) for one in made.findings)
    assert decide(made, "d", {}, HOST).value == 1


def test_a_long_chain_of_decisions_is_decided():
    links = [decision(f"d{n}", literal(f"d{n - 1} + 1"), [f"decision:d{n - 1}"]) for n in range(1, 400)]
    made = model(decision("d0", literal("0")), *links)
    assert decide(made, "d399", {}, HOST).value == 399


def test_a_circle_is_found_beside_what_leads_to_it_and_from_it():
    made = model(
        decision("before", literal("1")),
        decision("a", literal("b"), ["decision:b", "decision:before"]),
        decision("b", literal("a"), ["decision:a"]),
        decision("between", literal("b"), ["decision:b"]),
        decision("c", literal("c"), ["decision:c", "decision:between"]),
    )
    assert sorted(one.element for one in made.findings) == ["a", "c"], "each circle once"


def test_what_a_service_takes_is_not_decided_by_it():
    made = model(
        input_data("a", "number"),
        decision("taken", literal("500")),
        decision("given", literal("taken + a"), ["decision:taken", "input:a"]),
        service("s", ["given"], ["a"], ["taken"]),
    )
    outcome = decide(made, "s", {"a": Decimal(1)}, HOST)
    assert outcome.value is None
    assert outcome.warnings[0].sentence() == "没有给出这个输入（taken）。"
    assert decide(made, "s", {"a": Decimal(1), "taken": Decimal(2)}, HOST).value == 3
    assert decide(made, "given", {"a": Decimal(1)}, HOST).value == 501


def test_a_default_must_fit_its_column_and_a_sum_its_function():
    made = model(
        input_data("n", "number"),
        decision("d", table(["n"], [':number||"z"'], ["> 5 => 1"]), ["input:n"]),
        decision("s", table(["n"], [""], ['- => "a"', '- => "b"'], "COLLECT", "SUM"), ["input:n"]),
    )
    assert decide(made, "d", {"n": Decimal(1)}, HOST).value is None
    assert decide(made, "s", {"n": Decimal(1)}, HOST).value is None


def test_a_name_that_is_too_long_to_be_written_is_told_once():
    name = "名" * 5000
    made = model(item("t", inner=component(name, "number")), decision("d", literal("1")))
    assert [one.element for one in made.findings] == [name]
    assert decide(made, "d", {}, HOST).value == 1
