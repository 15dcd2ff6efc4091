"""Tokens: numbers, strings and their escapes, names of any script, signs, comments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from feel.lexer import KEYWORDS, number_value, string_value, tokenize
from feel.limits import TEXT
from tests.feel.engine import literal, rows


def kinds(text: str) -> list[str]:
    return [token.kind for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 .5 1.5 1e3 2E-7", ["number"] * 5),
        ("1..3", ["number", "..", "number"]),
        ("[1.5..2.5]", ["[", "number", "..", "number", "]"]),
        ("a.b", ["name", ".", "name"]),
        ("a**b", ["name", "**", "name"]),
        ("a<=b!=c->d", ["name", "<=", "name", "!=", "name", "->", "name"]),
        ("if then else", ["if", "then", "else"]),
        ("iffy", ["name"]),
        ("投保单位 保费", ["name", "name"]),
        ("? _x é 中文1", ["name"] * 4),
        ("a // to the end\nb", ["name", "name"]),
        ("a /* to * the / end */ b", ["name", "name"]),
        ("/* open", ["/", "*", "name"]),
        ("“a”", ["junk", "name", "junk"]),
        ("a　b\u00a0c\ufeffd\u200be", ["name"] * 5),
        ("", []),
    ],
)
def test_a_text_is_cut_into_tokens(text, expected):
    assert kinds(text) == [*expected, "end"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a"', "a"),
        (r'"\n\r\t\"\\\'"', "\n\r\t\"\\'"),
        (r'"\d\s"', r"\d\s"),
        (r'"中"', "中"),
        (r'"\u4E2d"', "中"),
        (r'"\U01F40E"', "🐎"),
        (r'"\uD83D\uDC0E"', "🐎"),
        (r'"\UFFFFFF"', "\ufffd"),
        (r'"\uD83D"', "\ufffd"),
        ('"\ud83d"', "\ufffd"),
        ('"two\nlines"', "two\nlines"),
    ],
)
def test_a_string_stands_for_its_characters(text, value):
    (token, _) = tokenize(text)
    assert string_value(token) == value


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
        007                                        ⇒ 7
        .50                                        ⇒ 0.5
        1e3                                        ⇒ 1000
        12345678901234567890123456789012345        ⇒ 12345678901234567890123456789012340
        0.1 + 0.2                                  ⇒ 0.3
        1e6145                                     ⇒ null
        1e400                                      ⇒ 1E+400
        1e-400                                     ⇒ 1E-400
    """),
)
def test_numbers_have_34_digits(text, value):
    assert literal(text) == value


def test_a_number_too_large_for_the_language_has_no_value():
    assert number_value(tokenize("9e99999")[0]) is None


def test_a_text_beyond_the_bound_is_refused_before_it_is_read():
    tokenize(" " * TEXT)
    with pytest.raises(feel.FeelSyntaxError, match=f"不能长于 {TEXT} 个字符"):
        tokenize(" " * (TEXT + 1))


@given(st.text(max_size=60))
def test_tokens_cover_the_text_and_never_overlap(text):
    tokens = tokenize(text)
    places = [place for token in tokens for place in (token.start, token.end)]
    assert places == sorted(places)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert tokens[-1].end == len(text)


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_every_text_can_be_written_as_a_string(text):
    assert feel.evaluate(feel.format_value(text), {}) == text


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_keywords_are_their_own_kind(word):
    assert kinds(word) == [word, "end"]
