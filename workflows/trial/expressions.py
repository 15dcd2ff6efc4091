"""`run.py feel`: an expression and a context in, a FEEL literal or the explained error out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import feel
from workflows.trial.answers import (
    Answer,
    Question,
    QuestionError,
    answer_lines,
    answered,
    present_host,
    read_inputs,
    read_json,
    report,
    text_of,
)


def main(argv: Sequence[str]) -> int:
    """Carry out `feel`; 1 if the expression has an error."""
    parser = argparse.ArgumentParser(prog="run.py feel", description="算一个 FEEL 表达式")
    parser.add_argument("expression", nargs="?", help="表达式；- 表示从标准输入读")
    parser.add_argument(
        "context", nargs="?", default="{}", help='变量，JSON 对象，例如 {"保费": 60000}；或 @文件'
    )
    parser.add_argument("--test", metavar="VALUE", help="表达式是表格里的条件，用它检验这个 FEEL 值")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    parser.add_argument("--lines", action="store_true", help="从标准输入读 JSON 行，每行答一行")
    options = parser.parse_args(argv)
    if options.lines:
        return answer_lines(answer)
    if options.expression is None:
        parser.error("缺少表达式")
    text = sys.stdin.read() if options.expression == "-" else options.expression
    question = {"expression": text, **({} if options.test is None else {"test": options.test})}
    return report(answered(question, partial(_answer_here, context=options.context)), as_json=options.json)


def answer(question: Question) -> Answer:
    """Return the value of an expression: `expression`, with `context` (JSON) or `inputs` (FEEL literals).

    `test` makes the expression the tests of a cell, and is the value that is tested.
    """
    text = text_of(question, "expression", "text")
    scope = {**_context(question), **read_inputs(question.get("inputs"))}
    if "test" in question:
        tested = read_inputs({"test": question["test"]})["test"]
        program = feel.compile_unary_tests(text, feel.names_in(scope), present_host())
        result = program.explain({**scope, "?": tested})
    else:
        result = feel.explain(text, scope, present_host())
    return Answer(feel.format_value(result.value), [reason.sentence(text) for reason in result.warnings])


def _context(question: Question) -> Mapping[str, object]:
    given = question.get("context")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise QuestionError("变量要是一个 JSON 对象。")
    return given


def _answer_here(question: Question, context: str) -> Answer:
    """Answer somebody at the command line, who may keep the variables in a file."""
    return answer({**question, "context": read_json(_read(context))})


def _read(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"读不了文件“{text[1:]}”。") from error
