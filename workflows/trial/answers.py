"""What a trial answers: a FEEL literal, the reasons for null, or the error in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite
from typing import TextIO

from msgspec import Struct, field

import feel
from rules.working_days import published_calendar
from workflows.engine import DiagramError
from workflows.host import feel_host
from workflows.runtime import wall_clock

Question = Mapping[str, object]
Data = dict[str, object]


class QuestionError(Exception):
    """A question that cannot be understood; the message is for people."""


class Answer(Struct, frozen=True):
    """The literal of a value, or an error in words; reasons for null and, if asked for, an explanation."""

    value: str | None
    warnings: list[str] = field(default_factory=list)
    error: str | None = None
    why: list[str] = field(default_factory=list)

    def as_data(self) -> Data:
        """Return the answer as JSON has it."""
        told: Data = {"value": self.value, "warnings": self.warnings, "error": self.error}
        return {**told, "why": self.why} if self.why else told


def answered(question: Question, answer: Callable[[Question], Answer]) -> Answer:
    """Return the answer to a question; everything that can go wrong with one is an error in words."""
    try:
        return answer(question)
    except (feel.FeelError, QuestionError) as error:
        return Answer(None, error=str(error))
    except DiagramError as error:
        return Answer(None, error="；".join(finding.message_zh for finding in error.findings))


def answer_lines(answer: Callable[[Question], Answer], lines: TextIO | None = None) -> int:
    """Print one JSON line for each that comes in, by standard input if not told else; 0, since each has its answer."""
    for line in sys.stdin if lines is None else lines:
        if line.strip():
            print(json.dumps(_answered_line(line, answer), ensure_ascii=False, default=str), flush=True)
    return 0


def _answered_line(line: str, answer: Callable[[Question], Answer]) -> Data:
    try:
        question = read_json(line.strip())
    except QuestionError as error:
        return Answer(None, error=str(error)).as_data()
    if not isinstance(question, dict):
        return Answer(None, error="每行要是一个 JSON 对象。").as_data()
    told = answered(question, answer).as_data()
    return {"id": _as_given(question["id"]), **told} if "id" in question else told


def _as_given(identity: object) -> object:
    """Return an id as JSON can say it again; a number beyond that comes back as text."""
    if not isinstance(identity, Decimal):
        return identity
    return float(identity) if isfinite(float(identity)) else str(identity)


def report(answer: Answer, *, as_json: bool) -> int:
    """Print an answer for people or programs; 1 if it is an error."""
    if as_json:
        print(json.dumps(answer.as_data(), ensure_ascii=False))
    elif answer.error is not None:
        print(f"✗ {answer.error}", file=sys.stderr)
    else:
        print(answer.value)
        for line in [*answer.warnings, *answer.why]:
            print(f"  {line}", file=sys.stderr)
    return 0 if answer.error is None else 1


def read_json(text: str) -> object:
    """Return what a JSON text stands for, with exact numbers. Raises: QuestionError."""
    try:
        found: object = json.loads(text, parse_float=Decimal, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise QuestionError(
            f"不是合法的 JSON：第 {error.lineno} 行第 {error.colno} 个字起看不懂。"
        ) from error
    except (ValueError, ArithmeticError) as error:
        raise QuestionError("不是合法的 JSON：有一个数太长，或者不是数。") from error
    except RecursionError as error:
        raise QuestionError("不是合法的 JSON：嵌套太深。") from error
    return found


def _refused(constant: str) -> object:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError(constant)


def read_inputs(given: object) -> Data:
    """Return inputs by name: a text is a FEEL literal, anything else is what JSON says. Raises: QuestionError."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise QuestionError("inputs 要是一个 JSON 对象。")
    return {str(name): _value(str(name), value) for name, value in given.items()}


def text_of(question: Question, *names: str) -> str:
    """Return the text under the first of these names. Raises: QuestionError."""
    found = next((question[name] for name in names if name in question), None)
    if not isinstance(found, str) or not found.strip():
        raise QuestionError(f"缺少 {names[0]}。")
    return found


def present_host() -> feel.Host:
    """Return what expressions may ask of their surroundings: our functions, the regex engine, this moment."""
    return feel_host(published_calendar(), wall_clock())


def _value(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        found: object = feel.evaluate(value, {})
    except feel.FeelError as error:
        raise QuestionError(f"输入“{name}”不是 FEEL 的值：{error}") from error
    return found
