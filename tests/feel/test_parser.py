"""Texts to trees: precedence, names of several words, unary tests, and what is said of a fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from feel.limits import NESTING, NODES
from feel.nodes import UnaryTests, children
from feel.parser import parse_type
from feel.printer import format_expression
from tests.feel.engine import literal, rows


@pytest.mark.parametrize(
    ("text", "same"),
    rows("""
        1 + 2 * 3                        ⇒ 1 + (2 * 3)
        1 - 2 - 3                        ⇒ 1 - 2 - 3
        2 ** 3 ** 2                      ⇒ (2 ** 3) ** 2
        2 ** -1                          ⇒ 2 ** (-1)
        -2 ** 2                          ⇒ (-2) ** 2
        -a * b                           ⇒ (-a) * b
        a or b and c                     ⇒ a or (b and c)
        a = b and c != d                 ⇒ (a = b) and (c != d)
        1 + 2 = 3                        ⇒ (1 + 2) = 3
        a between 1 and 2 and b          ⇒ (a between 1 and 2) and b
        a in [1..3] or b                 ⇒ (a in ([1..3])) or b
        a instance of number and b       ⇒ (a instance of number) and b
        if a then b else c + 1           ⇒ if a then b else (c + 1)
        for i in a return i + 1          ⇒ for i in a return (i + 1)
        some i in a satisfies i and b    ⇒ some i in a satisfies (i and b)
        a.b[1].c(2)                      ⇒ (((a.b)[1]).c)(2)
        function(x) x + 1                ⇒ function(x) (x + 1)
        ((a))                            ⇒ a
        ]1..5[                           ⇒ (1..5)
        a in (1, >2, [3..4])             ⇒ a in (1, (> 2), [3..4])
        (= 5)                            ⇒ [5..5]
    """),
)
def test_operators_bind_as_the_grammar_says(text, same):
    assert feel.parse(text) == feel.parse(same)


@pytest.mark.parametrize(
    ("text", "names", "tree"),
    [
        ("投保 保费", ["投保 保费"], "投保 保费"),
        ("投保   保费 > 10", ["投保 保费"], "投保 保费 > 10"),
        ("a-b", ["a-b"], "a-b"),
        ("a-b", [], "a - b"),
        ("a - b", ["a-b"], "a - b"),
        ("a+b", ["a", "b", "a+b"], "a+b"),
        ("(a)+(b)", ["a+b"], "a + b"),
        ("date and time", [], "date and time"),
        ("if needed", ["if needed"], "if needed"),
        ("a b c", ["a b", "a b c"], "a b c"),
        ("月 1 日", [], "月 1 日"),
    ],
)
def test_the_longest_known_name_is_read(text, names, tree):
    assert format_expression(feel.parse(text, names)) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        {a b: 1, c: a b + 1}.c                           ⇒ 2
        {"a+b": 1, c: a+b}.c                             ⇒ 1
        {if: 1}.if                                       ⇒ 1
        {date and time: 5}.date and time                 ⇒ 5
        for 应 缴 in [1, 2] return 应 缴 * 2             ⇒ [2, 4]
        {f: function(a b, c) a b - c, r: f(c: 1, a b: 5)}.r ⇒ 4
        {a: {b c: 7}}.a.b c                              ⇒ 7
    """),
)
def test_names_become_known_where_they_are_declared(text, value):
    assert literal(text) == value


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("-", 5, True),
        (" - ", None, True),
        ("5", 5, True),
        ("5, 6", 6, True),
        ("not(5, 6)", 6, False),
        ("not(5) or true", 5, True),
        ("< 5", 4, True),
        ("[1..5)", 5, False),
        ("? > 3 and ? < 6", 5, True),
        ('contains(?, "火")', "防火", True),
        ("null", None, True),
        ("not(null)", 1, True),
        ("!= 5", 5, False),
        ("= 5", 5, True),
        ("not(= 5)", 5, False),
        ("[1, 2, 5]", 5, True),
        ("> limit", 5, True),
        ('"a"', 5, None),
        ('not("a")', 5, None),
    ],
)
def test_a_cell_tests_its_value(text, value, holds):
    assert feel.unary_test(text, value, {"limit": 4}) is holds


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "第 1 行第 1 个字：表达式到此就结束了，这里应为一个值、名称或“(”。"),
        ("1 +", "第 1 行第 4 个字：表达式到此就结束了，这里应为一个值、名称或“(”。"),
        ("a\n  > 2 3", "第 2 行第 7 个字：遇到“3”"),
        ("(1", "第 1 行第 3 个字：表达式到此就结束了，这里应为“)”。"),
        ("1 2", "第 1 行第 3 个字：遇到“2”，这里应为运算符或表达式的结尾。"),
        ("a ＞ 1", "请把“＞”改为半角的“>”。"),
        ("“火”", '请把““”改为半角的“"”。'),
        ("a，b", "请把“，”改为半角的“,”。"),
        ("a == b", "第 1 行第 4 个字：遇到“=”，这里应为一个值、名称或“(”。等于写“=”，不等于写“!=”。"),
        ("a <> b", "第 1 行第 4 个字：遇到“>”，这里应为一个值、名称或“(”。不等于写“!=”，等于写“=”。"),
        ("a =< b", "小于或等于写“<=”。"),
        ("a => b", "大于或等于写“>=”。"),
        ("a + /* what it is for", "这段注释缺少结尾的“*/”。"),
        ("/** what it is for", "这段注释缺少结尾的“*/”。"),
        ("a && b", "请改用“and”。"),
        ("a || b", "请改用“or”。"),
        ("!a", "请改用“not(…)”。"),
        ('"abc', "这段文字缺少右边的引号。"),
        ("[1, 2", "这里应为“,”或“]”。"),
        ("{a: 1", "这里应为“,”或“}”。"),
        ("{1: 2}", "这里应为名称。"),
        ("f(1", "这里应为“,”或“)”。"),
        ("f(a: 1, 2)", "这里应为参数名和“:”。"),
        ("if a then b", "这里应为“else”。"),
        ("for i in a", "这里应为“,”或“return”。"),
        ("every i in a", "这里应为“,”或“satisfies”。"),
        ("a between 1", "这里应为“and”。"),
        ("a in (1", "这里应为“,”或“)”。"),
        ("a instance number", "这里应为“of”。"),
        ("a instance of 1", "这里应为类型的名称。"),
        ("a instance of list<number", "这里应为“>”。"),
        ("a.[", "这里应为名称。"),
        ("[1..2", "这里应为“]”或“)”。"),
        ("@1", "这里应为引号中的日期、时间或时长。"),
        ("function a", "这里应为“(”。"),
        ("function(a", "这里应为“,”或“)”。"),
    ],
)
def test_a_fault_is_told_in_chinese_with_its_place(text, sentence):
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.parse(text)
    assert sentence in str(caught.value)


def test_a_fault_carries_its_place_as_data():
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.parse("保费 >\n 10 + 元 + )")
    error = caught.value
    assert (error.line, error.column, error.start, error.length) == (2, 11, 15, 1)
    assert (error.found, error.expected) == (")", "这里应为一个值、名称或“(”")


@pytest.mark.parametrize("text", ["a,", "a b, c)", "not(a) b", "- 1 2"])
def test_a_faulty_cell_is_refused(text):
    with pytest.raises(feel.FeelSyntaxError):
        feel.parse_unary_tests(text)


def test_a_long_piece_is_shortened_in_the_sentence():
    with pytest.raises(feel.FeelSyntaxError, match="…"):
        feel.parse('1 "' + "x" * 60 + '"')


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("[", "]"), ("{a:", "}"), ("-", ""), ("if 1 then 1 else ", ""), ("f(", ")"), ("not(", ")")],
)
def test_deep_nesting_is_refused_and_never_breaks_the_parser(opening, closing):
    shallow = NESTING // 2
    feel.parse(opening * shallow + "1" + closing * shallow)
    deep = 3999 // (len(opening) + len(closing))
    with pytest.raises(feel.FeelSyntaxError, match="嵌套不能深于"):
        feel.parse(opening * deep + "1" + closing * deep)


@pytest.mark.parametrize("piece", [".a", "[1]", "(1)", " instance of number", " in 1"])
def test_a_tower_of_postfixes_is_refused(piece):
    with pytest.raises(feel.FeelSyntaxError):
        feel.parse("a" + piece * (3900 // len(piece)))


def test_a_deep_type_is_refused():
    with pytest.raises(feel.FeelSyntaxError, match="嵌套不深于"):
        feel.parse("1 instance of " + "list<" * 70 + "number" + ">" * 70)


def test_too_many_parts_are_refused():
    feel.parse(" + ".join(["1"] * 400))
    with pytest.raises(feel.FeelSyntaxError, match=f"不能多于 {NODES} 个部分"):
        feel.parse("+".join(["1"] * 1200))


PIECES = ["1", "a", "(", ")", "[", "]", "+", "-", "..", ",", "if", "then", "in", '"x"', "."]


@given(st.lists(st.sampled_from(PIECES)))
def test_any_row_of_tokens_is_read_or_refused_at_a_place_in_the_text(pieces):
    text = " ".join(pieces)
    assert all(0 <= start <= end <= len(text) for start, end in _places(text))


def _places(text):
    try:
        found = [feel.parse(text)]
    except feel.FeelSyntaxError as error:
        return [(error.start, error.start + error.length)]
    for node in found:
        found += children(node)
    return [node.span for node in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("number", "number"),
        ("date and time", "date and time"),
        ("list<context<a: number, b: string>>", "list"),
        ("function<number, string> -> boolean", "function"),
        ("range<date>", "range"),
        ("a.tItem", "a.tItem"),
    ],
)
def test_types_are_read_by_themselves(text, kind):
    assert parse_type(text).name == kind


@pytest.mark.parametrize("text", ["", "1", "list<number", "number>", "context<a number>", "function<a"])
def test_what_is_no_type_is_refused(text):
    with pytest.raises(feel.FeelSyntaxError):
        parse_type(text)


def test_an_empty_cell_has_no_tests():
    assert feel.parse_unary_tests("-") == UnaryTests((0, 1), (), negated=False)
