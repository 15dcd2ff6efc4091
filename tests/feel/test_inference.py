"""What type a text has without running it, and which types can stand where."""

import pytest

import feel
from feel.inference import common, type_of
from feel.parser import parse_type
from feel.types import ANY, Type, conforms, kind_name, resolve

UNIT = Type("context", (Type("number"), ANY), ("n", "any"))
NAMES = {
    "n": Type("number"),
    "s": Type("string"),
    "u": UNIT,
    "us": Type("list", (UNIT,)),
    "l": Type("list"),
    "r": Type("range", (Type("date"),)),
    "bare": Type("range"),
    "d": Type("date and time"),
    "f": Type("function", (), (), Type("string")),
    "any": ANY,
}


def kind_of(text: str) -> str | None:
    found = type_of(feel.parse(text, NAMES), NAMES)
    return None if found is None else found.kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", "number"),
        ("null", "Null"),
        ('@"2026-05-01"', "date"),
        ('@"x"', "Null"),
        ("n", "number"),
        ("any", None),
        ("nobody", None),
        ("-n", "number"),
        ("n ** 2", "number"),
        ("n + 1 * 2", "number"),
        ("s + s", "string"),
        ("s - s", None),
        ("n + s", None),
        ("n > 1 and s = s", "boolean"),
        ("n between 1 and 2", "boolean"),
        ("n in (1, 2)", "boolean"),
        ("some x in l satisfies x", "boolean"),
        ("n instance of number", "boolean"),
        ("if n > 1 then 1 else 2", "number"),
        ("if n > 1 then 1 else null", "number"),
        ("if n > 1 then 1 else s", "Any"),
        ("if n > 1 then 1 else nobody", None),
        ("for x in l return x", "list"),
        ("[1, 2]", "list"),
        ("[nobody]", "list"),
        ("{a: 1, b: a + 1}.b", "number"),
        ("{a: nobody}.a", None),
        ("u.n", "number"),
        ("u.any", None),
        ("u.nobody", None),
        ("us.n", None),
        ("nobody.n", None),
        ("r.start", "date"),
        ("bare.start", None),
        ("r.start included", "boolean"),
        ("d.year", "number"),
        ("d.nobody", None),
        ("us[1]", "context"),
        ("us[n > 1]", "list"),
        ("us[nobody]", None),
        ("l[1]", None),
        ("l[true]", "list"),
        ("s[1]", "string"),
        ("any[1]", None),
        ("[1..2]", "range"),
        ("(< nobody)", "range"),
        ("function(a: number, b: nobody, c) a", "function"),
        ("function() external {}", "function"),
        ("upper case(s)", "string"),
        ("max(1, 2)", None),
        ("f(1)", "string"),
        ("n(1)", None),
        ("(function(a) a)(1)", None),
        ("= 5", "boolean"),
    ],
)
def test_the_type_of_a_text(text, kind):
    assert kind_of(text) == kind


def test_the_type_of_a_cell_is_not_told():
    assert type_of(feel.parse_unary_tests("1"), NAMES) is None


def test_what_several_have_in_common():
    number, null = Type("number"), Type("Null")
    assert common([]) == null
    assert common([null, number, number]) == number
    assert common([number, Type("string")]) == ANY
    assert common([number, None]) is None


def written(text: str) -> Type:
    return resolve(parse_type(text), {})


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        ("number", "number", True),
        ("number", "Any", True),
        ("Null", "number", True),
        ("number", "string", False),
        ("list<number>", "list<Any>", True),
        ("list<Any>", "list<number>", False),
        ("list<list<number>>", "list<list<number>>", True),
        ("range<number>", "range<string>", False),
        ("context<a: number, b: string>", "context<a: number>", True),
        ("context<a: number>", "context<a: number, b: string>", False),
        ("context<a: number>", "context<a: string>", False),
        ("function<Any> -> number", "function<number> -> Any", True),
        ("function<number> -> number", "function<Any> -> number", False),
        ("function<> -> number", "function<number> -> number", False),
        ("function<> -> number", "function<> -> string", False),
    ],
)
def test_a_type_conforms_to_another(one, other, holds):
    assert conforms(written(one), written(other)) is holds


def test_a_list_of_anything_conforms_to_no_list_of_numbers_but_to_a_bare_one():
    assert conforms(Type("list"), Type("list"))
    assert not conforms(Type("list"), written("list<number>"))
    assert conforms(written("list<number>"), Type("list"))


def test_kinds_have_chinese_names():
    assert kind_name("number") == "数"
    assert kind_name("function") == "函数"
    assert kind_name("tHazard") == "tHazard"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("abs instance of function<number> -> number", True),
        ("min instance of function<list<number>> -> number", True),
        ("{a: {b: 1}} instance of context<a: context<b: number>>", True),
        ("{a: {b: 1}} instance of context<a: context<b: string>>", False),
        ("[[1]] instance of list<list<number>>", True),
        ("[1..2] instance of range<Any>", True),
        ("(function(a: list<number>) a)([1, null])", [1, None]),
        ("(function(a: context<b: number>) a.b)({b: 1})", 1),
        ("(function(a: context<b: number>) a.b)({c: 1})", None),
        ("(function(f: function<number> -> number) f(-1))(abs)", 1),
        ("(function(a: Any) a)(5)", 5),
        ("1 instance of function", None),
        ("1 instance of dayTimeDuration", False),
    ],
)
def test_values_of_compound_types(text, value):
    assert feel.evaluate(text, {}) == value
