"""`run.py decide`: a DMN file, a decision or service of it, and inputs in; its value and why out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import feel
from feel import dmn
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
from workflows.trial.models import read_model


def main(argv: Sequence[str]) -> int:
    """Carry out `decide`; 1 if there is no such decision or it has an error."""
    parser = argparse.ArgumentParser(prog="run.py decide", description="算一个 DMN 文件里的决策")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.dmn")
    parser.add_argument("name", nargs="?", help="决策或决策服务的名称")
    parser.add_argument("inputs", nargs="?", default="{}", help='输入，JSON 对象，例如 {"保费": 60000}')
    parser.add_argument("--explain", action="store_true", help="说明哪几行成立、哪些输入起了作用")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    parser.add_argument("--lines", action="store_true", help="从标准输入读 JSON 行，每行答一行")
    options = parser.parse_args(argv)
    if options.lines:
        return answer_lines(partial(answer, folder=Path(), file=options.file))
    if options.file is None or options.name is None:
        parser.error("缺少 FILE.dmn 和 NAME")
    question: Question = {"model": str(options.file), "decision": options.name, "explain": options.explain}
    return report(
        answered({**question, "json": options.inputs}, partial(answer, folder=Path())), as_json=options.json
    )


def answer(question: Question, folder: Path, file: Path | None = None) -> Answer:
    """Return what a decision gives: `model` (a path), `decision` or `service`, `inputs` (FEEL literals).

    A path is taken from `folder`; `file` is the model where the question names none.
    """
    path = file if file is not None and "model" not in question else folder / text_of(question, "model")
    name = text_of(question, "decision", "service", "name")
    inputs = _given(question) if "json" in question else read_inputs(question.get("inputs"))
    model = read_model(path)
    try:
        outcome = dmn.decide(model, name, inputs, present_host(), explaining=bool(question.get("explain")))
    except dmn.UnknownDecisionError as error:
        known = "、".join(sorted(model.names))
        raise QuestionError(f"文件里没有决策“{name}”；有的是：{known}。") from error
    why = dmn.sentences(outcome) if question.get("explain") else []
    faults = [f"{finding.element}：{finding.message}" for finding in model.findings]
    return Answer(feel.format_value(outcome.value), [*dmn.reasons(outcome), *faults], why=why)


def _given(question: Question) -> dict[str, object]:
    given = read_json(str(question["json"]))
    if not isinstance(given, dict):
        raise QuestionError("输入要是一个 JSON 对象。")
    return given
