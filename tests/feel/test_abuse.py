"""The abuse cases of the project's founders, read where they lie: those about expressions, one claim for each."""

import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import feel
from tests.feel.engine import HOST
from tests.feel.hostile import HOSTILE
from tests.feel.test_limits import end_of

BESIDE = Path(__file__).parents[3] / "shared" / "cases"
CASES = Path(os.environ["TCK_DIR"]).parent if "TCK_DIR" in os.environ else BESIDE
FILE = CASES / "abuse_open.json"
IDS = (
    [case["id"] for case in json.loads(FILE.read_text("utf-8")) if case["area"] == "expr"]
    if FILE.exists()
    else []
)


def no_python_is_run() -> bool:
    return end_of("__import__('os').system('id')") == "syntax"


def an_unknown_function_is_told() -> bool:
    return feel.references('open("/etc/passwd").read()').functions == {"open"}


def a_power_is_a_number_or_null() -> bool:
    return end_of("9**9**9") == "value" and end_of("9**(9**9)") == "null"


def deep_nesting_is_refused() -> bool:
    return end_of("(" * 3000 + "1" + ")" * 3000) == "syntax"


def doubled_text_is_too_long() -> bool:
    return end_of(HOSTILE["text doubled"][0]) == "string"


def a_vast_range_is_too_large() -> bool:
    return end_of("for i in 1..1000000000 return i") == "range"


def what_is_not_finite_is_null() -> bool:
    found = feel.evaluate('[number("Infinity"), number("NaN"), n]', {"n": Decimal("NaN")}, HOST)
    return found == [None, None, None]


def a_missing_variable_is_null_with_a_reason() -> bool:
    result = feel.explain("missing_variable > 5", {})
    return result.value is None and [reason.code for reason in result.warnings] == ["name", "type"]


def a_long_text_is_refused() -> bool:
    return end_of("1" + " " * 4000) == "syntax"


def a_text_is_never_an_expression() -> bool:
    hostile = "1) or (1=1"
    return feel.unary_test('"x"', hostile, {}) is False and feel.evaluate("v", {"v": hostile}) == hostile


def a_vast_duration_takes_no_loop() -> bool:
    return end_of('@"2026-01-01" + @"P999999999M"') == "value"


CLAIMS: dict[str, Callable[[], bool]] = {
    "ABUSE-EXPR-01": no_python_is_run,
    "ABUSE-EXPR-03": an_unknown_function_is_told,
    "ABUSE-EXPR-05": a_power_is_a_number_or_null,
    "ABUSE-EXPR-07": deep_nesting_is_refused,
    "ABUSE-EXPR-09": doubled_text_is_too_long,
    "ABUSE-EXPR-11": a_vast_range_is_too_large,
    "ABUSE-EXPR-13": what_is_not_finite_is_null,
    "ABUSE-EXPR-15": a_missing_variable_is_null_with_a_reason,
    "ABUSE-EXPR-17": a_long_text_is_refused,
    "ABUSE-EXPR-19": a_text_is_never_an_expression,
    "ABUSE-EXPR-23": a_vast_duration_takes_no_loop,
}
ELSEWHERE = {
    "ABUSE-EXPR-21": "tests/workflows: what is stored is checked by its hash",
    "ABUSE-EXPR-25": "tests/workflows: the engine bounds the number of instances",
}


@pytest.mark.skipif(not IDS, reason=f"没有 {FILE}，没有对照滥用案例")
def test_every_case_about_expressions_has_a_claim():
    assert set(IDS) <= {*CLAIMS, *ELSEWHERE}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_an_abuse_ends_as_its_case_says(claim):
    assert claim()
