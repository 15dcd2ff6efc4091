"""Regular expressions: what XPath allows becomes RE2, what it forbids or RE2 lacks becomes null."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from feel.builtins import characters
from feel.builtins.characters import complement, difference, union
from feel.builtins.xpath import UntranslatableError, translated
from feel.limits import PATTERN
from tests.feel.engine import HOST
from workflows.patterns import compile_pattern

POINTS = st.tuples(st.integers(0, 300), st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + pair[1]))
SETS = st.lists(POINTS, max_size=5).map(lambda pairs: union(tuple(pairs)))


def matches(text, pattern, flags=None):
    return feel.evaluate(
        "matches(text, pattern, flags)", {"text": text, "pattern": pattern, "flags": flags}, HOST
    )


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "holds"),
    [
        ("foobar", "^fo*b", None, True),
        ("foobar", "^bar", None, False),
        ("FooBar", "foobar", "i", True),
        ("a\nb", "^b", None, False),
        ("a\nb", "^b", "m", True),
        ("a\nb", "a.b", None, False),
        ("a\nb", "a.b", "s", True),
        ("ab", "a b", "x", True),
        ("a b", r"a\ b", "x", None),
        ("a b", "a[ ]b", "x", True),
        ("[", r"\[ ", "x", True),
        ("helloworld", r"hello \s world", "x", False),
        ("a.b", "a.b", "q", True),
        ("axb", "a.b", "q", False),
        ("A.B", "a.b", "qi", True),
        ("a", "a", "z", None),
        ("a", "a", "", True),
        ("中文", r"^\w+$", None, True),
        ("a_b", r"^\w+$", None, False),
        ("_", r"\W", None, True),
        ("٣", r"^\d$", None, True),
        ("a", r"^\D$", None, True),
        ("\u00a0", r"\s", None, False),
        ("\t", r"^\s$", None, True),
        ("a", r"^\S$", None, True),
        ("é:x", r"^\i\c*$", None, True),
        ("1", r"^\i", None, False),
        ("1", r"^\I$", None, True),
        (" ", r"^\C$", None, True),
        ("ß", r"^\p{Ll}$", None, True),
        ("A", r"^\P{Ll}$", None, True),
        ("中", r"^\p{IsCJKUnifiedIdeographs}$", None, True),
        ("a", r"^\P{IsCJKUnifiedIdeographs}$", None, True),
        ("中", r"^[\P{IsBasicLatin}]$", None, True),
        ("B", "^[A-Z-[OI]]$", None, True),
        ("O", "^[A-Z-[OI]]$", None, False),
        ("o", "^[A-Z-[OI]]$", "i", False),
        ("5", r"^[\d-[5]]$", None, False),
        ("6", r"^[\d-[5]]$", None, True),
        ("b", r"^[\p{L}-[aeiou]]$", None, True),
        ("b", r"^[^a-c-[b]]$", None, False),
        ("z", r"^[^a-c-[b]]$", None, True),
        ("a", "^[a-z-[a-z]]$", None, False),
        ("-", "^[a-]$", None, True),
        ("-", "^[-a]$", None, True),
        ("^", "^[a^]$", None, True),
        ("\t", r"^[\t\n]$", None, True),
        ("x", r"^[\W]$", None, False),
        ("aaa", "^a{3}$", None, True),
        ("aaa", "^a{2,}$", None, True),
        ("aaa", "^a{1,2}$", None, False),
        ("-", r"^\-$", None, True),
        ("\n", r"^\n$", None, True),
        ("ab", "(?:a)(b)", None, True),
        ("a", "(", None, None),
        ("a", "a)", None, None),
        ("a", "a{,2}", None, None),
        ("a", "a{x}", None, None),
        ("a", "a{1", None, None),
        ("a", "}", None, None),
        ("a", "]", None, None),
        ("a", "[a", None, None),
        ("a", "[]a]", None, None),
        ("a", "[a[b]]", None, None),
        ("a", "[a-[b]c]", None, None),
        ("a", "[z-a]", None, None),
        (r"a", r"[a-\d]", None, None),
        ("a", "a**", None, None),
        ("aa", r"(a)\1", None, None),
        ("a", "(?=a)", None, None),
        ("a", "(?i)a", None, None),
        ("a", "(?<n>a)", None, None),
        ("a", r"\bA", None, None),
        ("a", r"\x41", None, None),
        ("a", r"\Qa\E", None, None),
        ("a", r"\pL", None, None),
        ("a", r"\p{L", None, None),
        ("a", r"\p{Han}", None, None),
        ("a", r"\p{IsNowhere}", None, None),
        ("a", "a\\", None, None),
        ("a", "a" * PATTERN, None, False),
        ("a", "a" * (PATTERN + 1), None, None),
        ("a", r"\p{L}{900}", None, None),
    ],
)
def test_a_pattern_means_what_xpath_says(text, pattern, flags, holds):
    assert matches(text, pattern, flags) is holds


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "flags", "outcome"),
    [
        ("banana", "a", "o", None, "bonono"),
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", None, "[1=ab][2=]cd"),
        ("abracadabra", "a.*?a", "*", None, "*c*bra"),
        ("abc", "b", "[$0]", None, "a[b]c"),
        ("abc", "(b)", "$12", None, "ab2c"),
        ("abc", "b", "$3", None, "ac"),
        ("abcdefghijkl", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", "$11", None, "kl"),
        ("abc", "b", r"\$\\", None, "a$\\c"),
        ("a.c", ".", "$1", "q", "a$1c"),
        ("abc", "b", "$", None, None),
        ("abc", "b", "$x", None, None),
        ("abc", "b", "\\", None, None),
        ("abc", "b", r"\n", None, None),
        ("abc", "x*", "-", None, None),
        ("", "^$", "-", None, None),
        ("火灾、爆炸", "、", "和", None, "火灾和爆炸"),
    ],
)
def test_what_matches_is_replaced(text, pattern, replacement, flags, outcome):
    scope = {"text": text, "pattern": pattern, "replacement": replacement, "flags": flags}
    assert feel.evaluate("replace(text, pattern, replacement, flags)", scope, HOST) == outcome


@pytest.mark.parametrize(
    ("text", "delimiter", "parts"),
    [
        ("John Doe", r"\s", ["John", "Doe"]),
        ("a;b;c;;", ";", ["a", "b", "c", "", ""]),
        ("", ";", [""]),
        ("abc", ";", ["abc"]),
        ("a1b22c", r"\d+", ["a", "b", "c"]),
        ("a、b，c", "[、，]", ["a", "b", "c"]),
        ("abc", "", None),
        ("abc", "x*", None),
    ],
)
def test_a_text_is_split_at_matches(text, delimiter, parts):
    assert feel.evaluate("split(text, delimiter)", {"text": text, "delimiter": delimiter}, HOST) == parts


def test_without_an_engine_patterns_give_null_with_a_reason():
    result = feel.explain('matches("a", "a")', {})
    assert (result.value, result.warnings[0].code) == (None, "pattern")


@given(st.text(max_size=20), st.text("smixq", max_size=3))
def test_what_is_translated_is_understood_or_refused(pattern, flags):
    try:
        source = translated(pattern, flags).text
    except UntranslatableError:
        return
    compile_pattern(source)


@pytest.mark.parametrize(
    ("pattern", "positions"),
    [
        ("abc", 3),
        ("a{5}", 5),
        ("a{2,5}b", 6),
        ("(ab){3}", 6),
        ("((a{2}b){3}c){2}", 20),
        ("[a-z]*", 1),
        (r"\d|x+", 2),
        ("", 0),
    ],
)
def test_a_pattern_is_measured_by_what_a_character_may_be_compared_with(pattern, positions):
    assert translated(pattern, "").positions == positions


@given(st.text("ab01[]()-^$.*+?{},\\dswWDpP|LN", max_size=14), st.text("ab01-_é中 ", max_size=8))
def test_a_pattern_never_raises(pattern, text):
    assert matches(text, pattern) in (True, False, None)


@given(SETS, SETS, st.integers(0, 400))
def test_sets_of_characters_are_sets(one, other, point):
    def has(part):
        return any(first <= point <= last for first, last in part)

    assert has(union(one, other)) == (has(one) or has(other))
    assert has(complement(one)) == (not has(one))
    assert has(difference(one, other)) == (has(one) and not has(other))


@pytest.mark.parametrize("name", sorted(characters.CATEGORIES))
def test_categories_are_those_of_unicode(name):
    part = characters.of_category(name)
    for code in (*range(0x300), 0x4E00, 0xE000, 0xFFFF, 0x1F40E, 0xE0001, 0xE0100, 0x50000, 0xF0000):
        expected = unicodedata.category(chr(code)).startswith(name)
        assert any(first <= code <= last for first, last in part) is expected
