"""Closures over slots: scopes, loops, filters, functions, calls; and the same as a plain walk over the tree."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feel
from feel.exchange import to_feel
from feel.limits import Run
from feel.text import literal_of
from tests.feel.engine import HOST, literal, reasons, rows
from tests.feel.grammar import expression
from tests.feel.interpreter import interpret
from tests.feel.scopes import SCOPE


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        true and true                                 ⇒ true
        true and null                                 ⇒ null
        false and null                                ⇒ false
        null and false                                ⇒ false
        true and 1                                    ⇒ null
        false and "x"                                 ⇒ false
        true or null                                  ⇒ true
        null or true                                  ⇒ true
        false or null                                 ⇒ null
        false or 0                                    ⇒ null
        not(true)                                     ⇒ false
        not(null)                                     ⇒ null
        not(0)                                        ⇒ null
        1 = 1.0                                       ⇒ true
        1 = "1"                                       ⇒ null
        1 != "1"                                      ⇒ null
        null = null                                   ⇒ true
        null = 1                                      ⇒ false
        null != 1                                     ⇒ true
        1 < null                                      ⇒ null
        "a" < "b"                                     ⇒ true
        true < false                                  ⇒ null
        [1, 2] = [1, 2]                               ⇒ true
        [1, 2] = [2, 1]                               ⇒ false
        [1] = [1, 2]                                  ⇒ false
        [1, "2"] = [1, 2]                             ⇒ null
        [1, "2"] = [2, 2]                             ⇒ false
        {a: 1} = {a: 1}                               ⇒ true
        {a: 1} = {b: 1}                               ⇒ false
        {a: 1, b: 2} = {b: 2, a: 1}                   ⇒ true
        [1..2] = [1..2]                               ⇒ true
        [1..2] = [1..2)                               ⇒ false
        [1..2] = [1..3]                               ⇒ false
        abs = abs                                     ⇒ true
        2 between 1 and 3                             ⇒ true
        3 between 1 and 2                             ⇒ false
        null between 1 and 2                          ⇒ null
        1 between 1 and "2"                           ⇒ null
        5 between 6 and null                          ⇒ false
        5 between null and 4                          ⇒ false
        5 between 4 and null                          ⇒ null
    """),
)
def test_logic_and_comparison_have_three_values(text, value):
    assert literal(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        5 in [1..5]                                   ⇒ true
        5 in [1..5)                                   ⇒ false
        5 in (> 4)                                    ⇒ true
        5 in > 4                                      ⇒ true
        5 in (1, 2, [4..6])                           ⇒ true
        5 in (1, 2)                                   ⇒ false
        5 in [1, 2, 5]                                ⇒ true
        5 in [[1..2], [4..6]]                         ⇒ true
        5 in [[1..10]]                                ⇒ true
        [1..3] in [[1..3]]                            ⇒ true
        [1..3] in [[1..4], [2..3]]                    ⇒ false
        5 in ("a", 6)                                 ⇒ null
        5 in "a"                                      ⇒ null
        null in (null, 1)                             ⇒ true
        1 in null                                     ⇒ false
        [1] in [[1], [2]]                             ⇒ true
        [1, 2] in ([1, 2])                            ⇒ true
        "b" in ["a".."c"]                             ⇒ true
        5 in (? > 3)                                  ⇒ true
        "火灾" in (contains(?, "火"))                 ⇒ true
        5 in (? > 10, 5)                              ⇒ true
        5 in (= 5)                                    ⇒ true
        5 in (!= 5)                                   ⇒ false
        5 in ["a".."c"]                               ⇒ null
        [1..2] in ([1..2])                            ⇒ true
        @"2026-05-01" in [@"2026-01-01"..@"2026-12-31"] ⇒ true
        {a: 1} in [{a: 1}]                            ⇒ true
        true in (true)                                ⇒ true
    """),
)
def test_a_value_is_in_ranges_lists_and_tests(text, value):
    assert literal(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        [1, 2, 3][1]                                  ⇒ 1
        [1, 2, 3][-1]                                 ⇒ 3
        [1, 2, 3][0]                                  ⇒ null
        [1, 2, 3][4]                                  ⇒ null
        [1, 2, 3][1.5]                                ⇒ null
        [1, 2, 3][1 + 1]                              ⇒ 2
        [][1]                                         ⇒ null
        [][1 + 0]                                     ⇒ null
        5[1]                                          ⇒ 5
        5[2]                                          ⇒ null
        null[1]                                       ⇒ null
        null[true]                                    ⇒ []
        5[item > 3]                                   ⇒ [5]
        [1, 2, 3][item > 1]                           ⇒ [2, 3]
        [1, 2, 3][null]                               ⇒ []
        [1, 2, 3]["x"]                                ⇒ null
        [{x: 1}, {x: 2}][x > 1]                       ⇒ [{x: 2}]
        [{x: 1}, {y: 2}][x = 1]                       ⇒ [{x: 1}]
        [{item: 1}, {item: 2}][item = 2]              ⇒ [{item: 2}]
        [{x: 1}, {x: 2}].x                            ⇒ [1, 2]
        [{x: [1]}, {x: 2}].x                          ⇒ [[1], 2]
        [[1, 2], [3]][item[1] = 3]                    ⇒ [[3]]
        {a: {b: 1}}.a.b                               ⇒ 1
        {a: 1}.b                                      ⇒ null
        null.a                                        ⇒ null
        5.a                                           ⇒ null
        [1..5].start                                  ⇒ 1
        (< 5).end included                            ⇒ false
        {a: 1, b: a + 1, c: b * 2}.c                  ⇒ 4
        {a: 1, a: 2}                                  ⇒ null
        {}                                            ⇒ {}
        ["a".."c"].end                                ⇒ "c"
        [1.."a"]                                      ⇒ null
        [1..null].end                                 ⇒ null
        [1..1 + null]                                 ⇒ null
        (< true)                                      ⇒ null
    """),
)
def test_lists_contexts_and_ranges_are_taken_apart(text, value):
    assert literal(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        for i in [1, 2] return i * 2                  ⇒ [2, 4]
        for i in 1..3 return i                        ⇒ [1, 2, 3]
        for i in 3..1 return i                        ⇒ [3, 2, 1]
        for i in [1..3] return i                      ⇒ [1, 2, 3]
        for i in (1..3) return i                      ⇒ [2]
        for i in (1..2) return i                      ⇒ []
        for i in 1..1.5 return i                      ⇒ null
        for i in "a".."c" return i                    ⇒ null
        for i in @"2026-05-01"..@"2026-05-03" return i.day ⇒ [1, 2, 3]
        for i in [@"2026-05-01"..@"2026-05-02"] return i.day ⇒ [1, 2]
        for i in (< 5) return i                       ⇒ null
        for i in 5 return i                           ⇒ [5]
        for i in null return i                        ⇒ null
        for i in [] return i                          ⇒ []
        for i in [1, 2], j in [3, 4] return i * j     ⇒ [3, 4, 6, 8]
        for i in [[1, 2], [3]], j in i return j       ⇒ [1, 2, 3]
        for i in 0..4 return if i = 0 then 1 else i * partial[-1] ⇒ [1, 1, 2, 6, 24]
        for i in [1, 2] return for j in [3] return count(partial) ⇒ [[0], [0]]
        some i in [1, 2] satisfies i > 1              ⇒ true
        some i in [1, 2] satisfies i > 2              ⇒ false
        some i in [1, null] satisfies i > 2           ⇒ null
        some i in [] satisfies i > 2                  ⇒ false
        some i in null satisfies true                 ⇒ null
        some i in [1] satisfies 1                     ⇒ null
        every i in [1, 2] satisfies i > 0             ⇒ true
        every i in [1, 2] satisfies i > 1             ⇒ false
        every i in [1, null] satisfies i > 0          ⇒ null
        every i in [] satisfies false                 ⇒ true
        every i in [1, 2], j in [1] satisfies i >= j  ⇒ true
        if true then 1 else 2                         ⇒ 1
        if null then 1 else 2                         ⇒ 2
        if "a" then 1 else 2                          ⇒ null
    """),
)
def test_loops_and_conditions(text, value):
    assert literal(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        (function(a, b) a - b)(3, 1)                  ⇒ 2
        (function(a, b) a - b)(b: 3, a: 1)            ⇒ -2
        (function(a, b) a = null)(b: 3)               ⇒ true
        (function(a) a)(c: 3)                         ⇒ null
        (function(a) a)(1, 2)                         ⇒ null
        (function(a) a)()                             ⇒ null
        (function() 5)()                              ⇒ 5
        (function(a: number) 5)("x")                  ⇒ null
        (function(a: number) a)([7])                  ⇒ 7
        (function(a: list<number>) a)(7)              ⇒ [7]
        (function(a: nobody knows) a)(7)              ⇒ 7
        {f: function(n) if n = 0 then 0 else n + f(n - 1), r: f(10)}.r ⇒ 55
        {a: 1, f: function() a, r: f()}.r             ⇒ 1
        {f: function(x) function(y) x + y, r: f(1)(2)}.r ⇒ 3
        {f: for i in [1, 2] return function() i, r: [f[1](), f[2]()]}.r ⇒ [1, 2]
        {m: min, r: m(3, 1)}.r                        ⇒ 1
        {m: abs, r: m(-3)}.r                          ⇒ 3
        {m: abs, r: m(1, 2)}.r                        ⇒ null
        sort([2, 1], function(x, y) x < y)            ⇒ [1, 2]
        (function(x) external {java: {class: "a"}})(1) ⇒ null
        5(1)                                          ⇒ null
        nobody(1)                                     ⇒ null
        substring(start position: 3, string: "foobar") ⇒ "obar"
        substring(start: 3, string: "foobar")         ⇒ null
        min(list: [2, 1])                             ⇒ 1
        abs(1, 2)                                     ⇒ null
        1 instance of number                          ⇒ true
        null instance of Any                          ⇒ false
        null instance of Null                         ⇒ true
        [1] instance of list<number>                  ⇒ true
        [1, null] instance of list<number>            ⇒ true
        ["a"] instance of list<number>                ⇒ false
        [1] instance of list                          ⇒ null
        {a: 1, b: 2} instance of context<a: number>   ⇒ true
        {a: null} instance of context<a: number>      ⇒ true
        {b: 1} instance of context<a: number>         ⇒ false
        [1..2] instance of range<number>              ⇒ true
        (> 1) instance of range<string>               ⇒ false
        (function(a: number) "x") instance of function<number> -> string ⇒ true
        (function(a: number) "x") instance of function<number> -> number ⇒ false
        (function(a: number) a) instance of function<string> -> number   ⇒ false
        (function(a) a) instance of function<> -> number ⇒ false
        1 instance of nobody                          ⇒ null
        @"P1D" instance of days and time duration     ⇒ true
        @"2026-05-01" instance of date and time       ⇒ false
    """),
)
def test_functions_calls_and_types(text, value):
    assert literal(text) == value


def test_a_function_put_under_a_key_keeps_its_own_surroundings():
    text = "{n: 1, f: function() n, g: if true then f else f, n2: 2, h: [g, g], r: g()}.r"
    assert literal(text) == "1"
    assert literal("{a: (function(x) function() x)(7), b: a()}.b") == "7"


@pytest.mark.parametrize(
    ("text", "scope", "value"),
    [
        ("is defined(a)", {"a": None}, True),
        ("is defined(a)", {}, False),
        ("is defined(a.b)", {"a": {"b": None}}, True),
        ("is defined(a.b)", {"a": 1}, False),
        ("is defined(1)", {}, True),
        ("is defined(null)", {}, False),
        ("count(a[is defined(b)])", {"a": [{"b": None}, {"c": 1}]}, 1),
    ],
)
def test_a_form_can_ask_whether_a_name_is_there(text, scope, value):
    assert feel.evaluate(text, scope) == value


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1 + null", ["type"]),
        ("1 / 0", ["division"]),
        ("1e6144 * 10", ["number"]),
        ("nobody", ["name"]),
        ("nobody(1)", ["function"]),
        ("{a: 1}.b", ["name"]),
        ('date("x")', ["argument"]),
        ('@"x"', ["argument"]),
        ('matches("a", "(")', ["pattern"]),
        ("(function() external {})()", ["external"]),
        ("{f: function() f(), r: f()}.r", ["limit"]),
        ('(function(a: number) a)("x")', ["coercion"]),
        ("true and 1", ["type"]),
        ("[1, 2, 3][9]", ["argument"]),
        ('5 in "a"', ["type"]),
        ("1 instance of nobody", ["name"]),
        ("1 instance of list", ["argument"]),
        ("for i in (<5) return i", ["type"]),
        ("{a: 1, a: 2}", ["argument"]),
        ("if 1 then 2 else 3", ["type"]),
        ("all(1)", ["argument"]),
        ("now(1)", ["argument"]),
    ],
)
def test_every_null_that_is_no_plain_null_has_a_reason(text, codes):
    assert reasons(text) == codes


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("投保费 > 1", "“投保费”为空：没有这个名称（投保费）。是不是“投保 费”？"),
        ('subtring("a", 1)', '“subtring("a", 1)”为空：没有这个函数（subtring）。是不是“substring”？'),
        ("单位.名陈", "“单位.名陈”为空：没有这个名称（名陈）。是不是“名称”？"),
        ('@"2026-05-01".yaer', '“@"2026-05-01".yaer”为空：没有这个名称（yaer）。是不是“year”？'),
        ("{premium: 1, r: premuim}.r", "“premuim”为空：没有这个名称（premuim）。是不是“premium”？"),
        ("1 instance of nmber", "“1 instance of nmber”为空：没有这个名称（nmber）。是不是“number”？"),
        (
            "[1] instance of list<nmbr>",
            "“[1] instance of list<nmbr>”为空：没有这个名称（nmbr）。是不是“number”？",
        ),
        (
            'substring("a")',
            '“substring("a")”为空：函数的参数不合要求（substring(string, start position, [length])）。',
        ),
        (
            "decimal(n: 1, scael: 2)",
            "“decimal(n: 1, scael: 2)”为空：函数的参数不合要求（decimal(n, scale)）。是不是“scale”？",
        ),
        (
            'split(string: "a", delim: "b")',
            '“split(string: "a", delim: "b")”为空：函数的参数不合要求（split(string, delimiter)）。是不是“delimiter”？',
        ),
        ("{f: function(a, b) a, r: f(1)}.r", "“f(1)”为空：函数的参数不合要求（function(a, b)）。"),
        (
            "{f: function(amount) amount, r: f(amuont: 1)}.r",
            "“f(amuont: 1)”为空：函数的参数不合要求（function(amount)）。是不是“amount”？",
        ),
        ("{g: min, r: g()}.r", "函数的参数不合要求（min(list, …)）。"),
        ("xyzzy", "“xyzzy”为空：没有这个名称（xyzzy）。"),
        ("1 / 0", "“1 / 0”为空：除数为零。"),
        ("x" * 100, "“" + "x" * 39 + "…”为空：没有这个名称（" + "x" * 100 + "）。"),
    ],
)
def test_a_reason_names_the_part_and_what_may_have_been_meant(text, sentence):
    scope = {"投保 费": 5, "单位": {"名称": "甲"}}
    assert feel.explain(text, scope).warnings[0].sentence(text) == sentence


@pytest.mark.parametrize(
    "body",
    [
        "n + f(n - 1)",
        "concatenate([n], f(n - 1))",
        "1 + [f(n - 1)][1]",
        "count(f(n - 1)[item > 1])",
        "some m in [n - 1] satisfies f(m) = 0",
    ],
)
def test_a_hundred_calls_in_calls_are_made_and_no_more(body):
    text = "{f: function(n) if n = 1 then 1 else " + body + ", r: f(%s)}.r"
    assert "limit" not in reasons(text % 100)
    assert "limit" in reasons(text % 101)


def test_calls_that_want_too_much_of_the_stack_are_not_made():
    text = "{f: function(n) if n = 1 then 1 else " + "-(" * 20 + "f(n - 1)" + ")" * 20 + ", r: f(%s)}.r"
    assert "limit" not in reasons(text % 20)
    assert "limit" in reasons(text % 100)


def test_a_cell_without_a_tested_value_tests_null():
    for cell, holds in (("1", False), ("< 1", None), ("null", True), ("-", True), ("? = null", True)):
        assert feel.compile_unary_tests(cell)({}) is holds


def test_no_callable_of_the_data_is_ever_called():
    called = []
    assert feel.evaluate("f(1)", {"f": called.append}) is None
    assert called == []


def test_a_host_function_is_called_by_place_and_by_name():
    host = feel.Host(
        functions={"add workdays": feel.HostFunction(("date", "days"), lambda date, days: (date, days))}
    )
    assert feel.evaluate("add workdays(1, 2)", {}, host) == [1, 2]
    assert feel.evaluate("add workdays(days: 1, date: 2)", {}, host) == [2, 1]
    assert feel.evaluate("add workdays(1)", {}, host) is None
    assert feel.evaluate("add workdays(day: 1, date: 2)", {}, host) is None


@pytest.mark.parametrize("error", [ValueError("没有这一年"), feel.FeelTypeError("不懂")])
def test_a_host_function_that_refuses_gives_null_with_its_words(error):
    def refuse():
        raise error

    host = feel.Host(functions={"f": feel.HostFunction((), refuse)})
    result = feel.explain("f()", {}, host)
    assert result.value is None
    assert result.warnings[0].detail == str(error)


def test_a_name_of_the_scope_hides_a_built_in():
    assert feel.evaluate("count", {"count": 5}) == 5
    assert feel.evaluate("count([1])", {"count": 5}) == 1
    assert feel.evaluate("{count: function(x) 7, r: count([1])}.r", {}) == 7
    assert feel.evaluate("date", {"date": 5}) == 5


def test_references_tell_names_and_foreign_functions():
    found = feel.references("投保 费 + a.b + f(x) + count(y) + (for i in z return i)", ["投保 费"])
    assert found.names == {"投保 费", "a", "x", "y", "z"}
    assert found.functions == {"f"}
    assert feel.references("> limit", unary=True).names == {"limit"}


def test_one_text_in_two_scopes_is_two_programs():
    assert feel.evaluate("a-b", {"a-b": 1, "a": 5, "b": 2}) == 1
    assert feel.evaluate("a-b", {"a": 5, "b": 2}) == 3


def test_a_program_is_compiled_once_and_runs_often():
    program = feel.compile("a + 1")
    assert [program({"a": number}) for number in range(3)] == [1, 2, 3]
    assert program.text == "a + 1"


def test_a_cell_that_gives_no_boolean_is_null():
    assert feel.unary_test("?", 5, {}) is True
    assert feel.unary_test("? + 1", "a", {}) is None


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_closures_give_what_a_walk_over_the_tree_gives(random: Random):
    text = expression(random)
    compiled, walked = _both(text)
    assert compiled == walked, text


@pytest.mark.parametrize(
    "text",
    [
        "(function(x: unknown thing) true[1] between 1 and 2) instance of function<number> -> number",
        "(function(x: number) x > 1) instance of function<number> -> boolean",
    ],
)
def test_closures_and_the_walk_agree_where_the_fuzzer_once_saw_them_differ(text):
    compiled, walked = _both(text)
    assert compiled == walked


def _both(text):
    try:
        compiled = feel.format_value(feel.evaluate(text, SCOPE, HOST))
        run = Run(HOST)
        run.fuel *= 10
        scope = {name: to_feel(run, value) for name, value in SCOPE.items()}
        walked = literal_of(run, interpret(feel.parse(text, SCOPE), scope, run))
    except (feel.FeelSyntaxError, feel.FeelLimitError) as error:
        return type(error), type(error)
    return compiled, walked


def test_names_are_reached_through_several_functions():
    text = "(function(a) function(b) function(c) [a, b, c, n, count([a])])(1)(2)(3)"
    assert feel.evaluate(text, {"n": 7}) == [1, 2, 3, 7, 1]
    text = "(function(a) (function(b) (function(c) is defined(a) and is defined(n) and not(is defined(m)))(3))(2))(1)"
    assert feel.evaluate(text, {"n": 7}) is True


def test_a_host_function_is_called_with_what_it_wants_only():
    host = feel.Host(functions={"f": feel.HostFunction(("n",), lambda n: n + 1, ("number",))})
    assert feel.evaluate("f(1)", {}, host) == 2
    result = feel.explain('f("a")', {}, host)
    assert (result.value, result.warnings[0].detail) == (None, "string / number")


def test_names_of_data_that_are_no_names_are_passed_over():
    assert feel.evaluate("count(v)", {"v": {1: 2}, "x" * 5000 + " y": 1}) == 1


def test_mentions_tell_the_places_of_what_a_text_asks_for():
    text = "投保 费 > 1 and f(a, count(a)) and (for i in z return i + a)"
    found = [(one.name, text[one.start : one.end], one.called) for one in feel.mentions(text, ["投保 费"])]
    assert found == [
        ("投保 费", "投保 费", False),
        ("f", "f", True),
        ("a", "a", False),
        ("a", "a", False),
        ("z", "z", False),
        ("a", "a", False),
    ]
    assert [one.name for one in feel.mentions("> limit, ?", unary=True)] == ["limit", "?"]


class Costly(dict[str, object]):
    """A scope whose names nobody may ask for: to list the facts of a case is to read all its records."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("somebody lists the scope")


@pytest.mark.parametrize("text", ["unknown", "unknown > 5", "unknown(1)", "known.a + unknown"])
def test_a_value_alone_is_had_without_listing_the_scope(text: str) -> None:
    program = feel.compile(text)
    assert program(Costly(known={"a": 1})) is None
    with pytest.raises(AssertionError, match="lists the scope"):
        program.explain(Costly(known={"a": 1}))
