"""Text to tokens. Names with spaces or operators inside are put together by the parser, longest match first."""

from __future__ import annotations

import re
from typing import NamedTuple

from feel.errors import FeelSyntaxError
from feel.limits import TEXT
from feel.values import Value, number, scalar_text

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "true",
        "false",
        "null",
        "function",
        "external",
    ]
)

# Letters of any script, without the full-width punctuation that the grammar's ranges would let in.
_START = (
    r"?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3005-\u3007\u3021-\u3029\u3031-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff10-\uff19\uff21-\uff3a"
    r"\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
_PART = _START + r"0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = r"\s\u180e\u200b\ufeff"
TOKEN = re.compile(
    rf"(?P<skip>(?:[{_SPACE}]+|//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>[{_START}][{_PART}]*)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<sign>\*\*|\.\.|->|<=|>=|!=|[-+*/<>=()\[\]{},:.@])"
    r"|(?P<junk>.)",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
HALF_WIDTH = {
    "＞": ">", "＜": "<", "＝": "=", "（": "(", "）": ")", "，": ",", "“": '"', "”": '"', "‘": '"', "’": '"',
    "＋": "+", "－": "-", "＊": "*", "／": "/", "×": "*", "÷": "/", "≥": ">=", "≤": "<=", "≠": "!=", "：": ":",
    "【": "[", "】": "]", "［": "[", "］": "]", "｛": "{", "｝": "}", "。": ".", "．": ".", "、": ",", "；": ",",
    "'": '"', "＂": '"', "＠": "@", "–": "-", "—": "-",
}  # fmt: skip
OTHER_SIGNS = {
    "<>": "不等于写“!=”，等于写“=”。",
    "==": "等于写“=”，不等于写“!=”。",
    "=<": "小于或等于写“<=”。",
    "=>": "大于或等于写“>=”。",
}
WORD_SIGNS = {"&": "and", "|": "or", "!": "not(…)", "；": ","}


class Token(NamedTuple):
    """A piece of text: `kind` is number, name, string, junk, end, or the keyword or sign itself."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text, closed by one of kind `end`; raises FeelSyntaxError if it is too long."""
    if len(text) > TEXT:
        raise FeelSyntaxError(text, TEXT, 1, f"表达式不能长于 {TEXT} 个字符", "请拆成几个较短的表达式。")
    tokens = []
    place = 0
    new = tuple.__new__
    while match := TOKEN.match(text, place):
        kind = match.lastgroup or ""
        start, place = match.span()
        if kind == "skip":
            continue
        piece = match.group()
        if kind == "sign" or (kind == "name" and piece in KEYWORDS):
            kind = piece
        tokens.append(new(Token, (kind, piece, start, place)))
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def refuse(text: str, token: Token, expected: str) -> FeelSyntaxError:
    """Return the error for a token that does not fit, with a suggestion where one is likely."""
    return FeelSyntaxError(
        text, token.start, token.end - token.start, f"这里应为{expected}", _suggestion(text, token)
    )


def string_value(token: Token) -> str:
    """Return what a string literal stands for; a backslash before any other character stays."""
    body = token.text[1:-1]
    return scalar_text(ESCAPE.sub(_unescaped, body) if "\\" in body else body)


def number_value(token: Token) -> Value:
    """Return what a number literal stands for; None if it is too large."""
    return number(token.text)


def name_text(text: str) -> str:
    """Return a name with its white space made single spaces."""
    return " ".join(text.split())


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        value = int(code, 16)
        return chr(value) if value <= 0x10FFFF else "\ufffd"
    return ESCAPED.get(match[3], match[0])


def _suggestion(text: str, token: Token) -> str:
    if token.text in HALF_WIDTH:
        return f"请把“{token.text}”改为半角的“{HALF_WIDTH[token.text]}”。"
    if token.text == '"':
        return "这段文字缺少右边的引号。"
    if token.text in WORD_SIGNS:
        return f"请改用“{WORD_SIGNS[token.text]}”。"
    if "/*" in text[max(token.start - 1, 0) : token.end + 1]:
        return "这段注释缺少结尾的“*/”。"
    return OTHER_SIGNS.get(text[max(token.start - 1, 0) : token.end], "")
