"""Intervals: relations of Allen, open ends, `range()` from a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from tests.feel.engine import literal, rows

BOUNDS = st.tuples(st.sampled_from("[("), st.integers(0, 6), st.integers(0, 6), st.sampled_from("])"))


def interval(bounds) -> str:
    opening, low, high, closing = bounds
    return f"{opening}{min(low, high)}..{max(low, high)}{closing}"


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        before(1, 10)                     ⇒ true
        before(10, 1)                     ⇒ false
        before(1, [1..10])                ⇒ false
        before(1, (1..10])                ⇒ true
        before([1..10), 10)               ⇒ true
        before([1..10], [10..20])         ⇒ false
        before([1..10), [10..20])         ⇒ true
        before([1..10], (10..20])         ⇒ true
        after(12, [1..10])                ⇒ true
        after(10, [1..10])                ⇒ false
        after([11..20], 11)               ⇒ false
        after((11..20], 11)               ⇒ true
        after([11..20], [1..11))          ⇒ true
        meets([1..5], [5..10])            ⇒ true
        meets([1..5), [5..10])            ⇒ false
        met by([5..10], [1..5])           ⇒ true
        met by((5..10], [1..5])           ⇒ false
        overlaps([1..5], [5..8])          ⇒ true
        overlaps([1..5), [5..8])          ⇒ false
        overlaps([3..5], [1..8])          ⇒ true
        overlaps before([1..5], [3..8])   ⇒ true
        overlaps before([1..5), (1..5])   ⇒ true
        overlaps before([1..5], [1..5])   ⇒ false
        overlaps after([3..8], [1..5])    ⇒ true
        overlaps after((1..5], [1..5))    ⇒ true
        overlaps after([1..5], [1..5))    ⇒ false
        finishes(10, [1..10])             ⇒ true
        finishes(10, [1..10))             ⇒ false
        finishes([5..10], [1..10])        ⇒ true
        finishes([5..10), [1..10])        ⇒ false
        finished by([1..10], (1..10])     ⇒ true
        finished by([1..10], 10)          ⇒ true
        includes([1..10], 10)             ⇒ true
        includes([1..10), 10)             ⇒ false
        includes([1..10], (1..10))        ⇒ true
        includes((1..10], [1..5])         ⇒ false
        during(5, [1..10])                ⇒ true
        during((1..10), [1..10])          ⇒ true
        starts(1, [1..10])                ⇒ true
        starts(1, (1..10])                ⇒ false
        starts([1..5], [1..10])           ⇒ true
        starts((1..5], [1..10])           ⇒ false
        started by([1..10], [1..5])       ⇒ true
        started by((1..10], 1)            ⇒ false
        coincides(5, 5)                   ⇒ true
        coincides(3, 4)                   ⇒ false
        coincides([1..5], [1..5])         ⇒ true
        coincides((1..5), [1..5])         ⇒ false
        before((< 5), 5)                  ⇒ true
        before(5, (< 5))                  ⇒ false
        includes((> 1), [2..3])           ⇒ true
        includes([2..3], (> 1))           ⇒ false
        overlaps((< 5), (> 4))            ⇒ true
        overlaps((< 5), (>= 5))           ⇒ false
        starts((< 5), (< 6))              ⇒ true
        finishes((> 5), (> 4))            ⇒ true
        before(1, "a")                    ⇒ null
        before([1..2], ["a".."b"])        ⇒ null
        before(1, null)                   ⇒ null
        meets(1, [1..2])                  ⇒ null
        before(@"2026-05-01", @"2026-05-02") ⇒ true
        before("a", "b")                  ⇒ true
        before(point: 1, range: [2..3])   ⇒ true
    """),
)
def test_relations_of_points_and_intervals(text, value):
    assert literal(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[18..21)", "[18..21)"),
        (" ]18..21[ ", "(18..21)"),
        ("[-1..1.5]", "[-1..1.5]"),
        ("[18..)", "(>= 18)"),
        ("(18..)", "(> 18)"),
        ("(..21]", "(<= 21)"),
        ("]..21)", "(< 21)"),
        ("[1..1]", "[1..1]"),
        ('["a".."b"]', '["a".."b"]'),
        ('[@"2026-01-01"..@"2026-12-31"]', '[@"2026-01-01"..@"2026-12-31"]'),
        ('[date("2026-01-01")..date("2026-12-31")]', '[@"2026-01-01"..@"2026-12-31"]'),
        ('[duration("P1D")..duration("P2D")]', '[@"P1D"..@"P2D"]'),
        ('[time("10:00:00")..time("11:00:00")]', '[@"10:00:00"..@"11:00:00"]'),
        ('(date and time("2026-01-01T00:00:00")..)', '(> @"2026-01-01T00:00:00")'),
        ("", "null"),
        ("[..]", "null"),
        ("(..)", "null"),
        ("[..5]", "null"),
        ("[5..]", "null"),
        ("[2..1]", "null"),
        ('[1.."a"]', "null"),
        ("[null..5]", "null"),
        ("[1+1..5]", "null"),
        ("[a..b]", "null"),
        ("[1..2", "null"),
        ("1..2", "null"),
        ('[-"a"..5]', "null"),
        ('[date("x")..date("2026-12-31")]', "null"),
        ("[1e9999..5]", "null"),
        ("[" + "1" * 5000 + "..5]", "null"),
    ],
)
def test_a_range_is_read_from_a_text(text, value):
    assert feel.format_value(feel.evaluate("range(text)", {"text": text})) == value


@given(BOUNDS, BOUNDS)
def test_opposite_relations_agree(one, other):
    a, b = interval(one), interval(other)
    for there, back in [
        ("before", "after"),
        ("meets", "met by"),
        ("overlaps", "overlaps"),
        ("overlaps before", "overlaps after"),
        ("finishes", "finished by"),
        ("during", "includes"),
        ("starts", "started by"),
        ("coincides", "coincides"),
    ]:
        assert literal(f"{there}({a}, {b})") == literal(f"{back}({b}, {a})")


@given(BOUNDS, st.integers(0, 6))
def test_a_point_is_in_an_interval_or_before_or_after_it(bounds, point):
    text = interval(bounds)
    found = [
        literal(f"{word}")
        for word in (f"{point} in {text}", f"before({point}, {text})", f"after({point}, {text})")
    ]
    if text[1] != text[-2] or text == "[" + text[1] + ".." + text[1] + "]":
        assert found.count("true") == 1
