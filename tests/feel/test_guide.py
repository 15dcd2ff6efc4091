"""Every example of docs/feel.md gives what the page says, and every built-in is on it."""

import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import feel
from feel.builtins import BUILTINS
from rules.working_days import published_calendar
from workflows.host import feel_host

TEXT = (Path(__file__).parents[2] / "docs" / "feel.md").read_text(encoding="utf-8")
GIVEN, ANSWER = "给定 ", "→ "
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOST = feel_host(published_calendar(), NOW)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)\n```", TEXT, re.DOTALL)


def said(text: str, given: dict[str, object]) -> list[str]:
    """Return the literal and the warnings, or the error, as the page writes them."""
    try:
        result = feel.explain(text, given, HOST)
    except feel.FeelError as error:
        return [f"✗ {error}"]
    return [feel.format_value(result.value), *(f"  ⚠ {one.sentence(text)}" for one in result.warnings)]


@pytest.mark.parametrize("block", blocks("feel"))
def test_an_example_gives_what_the_page_says(block):
    question, _, answer = block.partition(f"\n{ANSWER}")
    lines = question.splitlines()
    given = json.loads(lines.pop(0).removeprefix(GIVEN)) if question.startswith(GIVEN) else {}
    assert said("\n".join(lines), given) == answer.splitlines()


@pytest.mark.parametrize("block", blocks("feel-cell"))
def test_a_cell_holds_as_the_page_says(block):
    cell, *lines = block.splitlines()
    assert lines
    for line in lines:
        value, _, answer = line.partition(f" {ANSWER}")
        assert feel.format_value(feel.unary_test(cell, feel.evaluate(value, {}), {})) == answer, line


def test_the_page_has_enough_examples_and_names_every_function():
    assert len(blocks("feel")) > 40
    named = set(re.findall(r"`([a-z][a-z ]*)", TEXT))
    assert BUILTINS.keys() - named == set()
