"""Trees to text and back."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from feel.nodes import RangeNode
from tests.feel.grammar import cell, expression
from tests.feel.scopes import SCOPE


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1+2*3", "1 + (2 * 3)"),
        ("-(5)", "-(5)"),
        ("- a", "-a"),
        ("-5", "-5"),
        ("(-5) ** 2", "(-5) ** 2"),
        ("a . b [ 1 ]", "(a.b)[1]"),
        ("f( )", "f()"),
        ("f(b : 1, a: 2)", "f(b: 1, a: 2)"),
        ('@"2026-05-01"', '@"2026-05-01"'),
        ('"say \\"火\\"\\n"', '"say \\"火\\"\\n"'),
        ('{a:1,"b c":2,"in":3}', '{a: 1, "b c": 2, "in": 3}'),
        ("a between 1 and 2", "a between 1 and 2"),
        ("a in 1", "a in (1)"),
        ("a instance of list<number>", "a instance of list<number>"),
        ("a instance of context<a:number,b:string>", "a instance of context<a: number, b: string>"),
        ("a instance of function<>->Any", "a instance of function<>->Any"),
        ("if a then b else c", "if a then b else c"),
        ("for i in 1..3,j in [1] return i", "for i in 1 .. 3, j in [1] return i"),
        ("some i in a satisfies i", "some i in a satisfies i"),
        ("]1..2[", "(1..2)"),
        ("(<=5)", "(<= 5)"),
        ("(>5)", "(> 5)"),
        ("!= 5", "!= 5"),
        ("function(a:number,b) external {java:1}", "function(a: number, b) external {}"),
        ("1e400", "1E+400"),
    ],
)
def test_a_tree_is_printed_in_one_way(text, printed):
    tree = feel.parse(text)
    assert feel.format_expression(tree) == printed
    assert feel.parse(printed) == tree


@pytest.mark.parametrize("text", ["-", "1, 2", "not(1, < 2)", "? > 1"])
def test_a_cell_is_printed_as_a_cell(text):
    tree = feel.parse_unary_tests(text)
    assert feel.parse_unary_tests(feel.format_expression(tree)) == tree


def test_an_interval_open_to_both_sides_is_null():
    assert (
        feel.format_expression(RangeNode((0, 0), None, None, start_included=False, end_included=False))
        == "null"
    )


@given(st.randoms(use_true_random=False))
def test_what_is_printed_reads_back_to_the_same_tree(random: Random):
    tree = _parsed(feel.parse, expression(random))
    assert tree is None or feel.parse(feel.format_expression(tree), SCOPE) == tree


@given(st.randoms(use_true_random=False))
def test_what_is_printed_of_a_cell_reads_back_to_the_same_tests(random: Random):
    tree = _parsed(feel.parse_unary_tests, cell(random))
    assert tree is None or feel.parse_unary_tests(feel.format_expression(tree), SCOPE) == tree


def _parsed(parse, text):
    try:
        return parse(text, SCOPE)
    except feel.FeelSyntaxError:
        return None
