"""One expression tried: the value, the error at its place, why a part is null, which names nobody knows."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from rules.working_days import published_calendar
from workflows.host import feel_host
from workflows.trial.attempts import Attempt, Surroundings, tried

HOST = feel_host(published_calendar(), datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
AROUND = Surroundings(
    {"保费": 65000, "年 保费": Decimal("1.5"), "fee": {"amount": 800}}, frozenset({"major_count"})
)


def came(expression: str, **more: str):
    return tried(Attempt(expression, **more), AROUND, HOST)


@pytest.mark.parametrize(
    ("expression", "value", "kind"),
    [
        ("保费 >= 60000", "true", "是非"),
        ("年 保费 * 2", "3", "数"),
        ("fee.amount", "800", "数"),
        ('add workdays(@"2026-09-28", 10)', '@"2026-10-16"', "日期"),
        ("null", "null", "空"),
        ("[1..3]", "[1..3]", "区间"),
        ("string(保费)", '"65000"', "文字"),
        ("abs", "function(n)", "函数"),
        ("today()", '@"2026-11-23"', "日期"),
    ],
)
def test_a_value_is_a_literal_with_its_kind(expression, value, kind):
    found = came(expression)
    assert (found.value, found.kind, found.fault) == (value, kind, None)
    assert (found.warnings, found.unknown) == ((), ())


def test_what_is_given_goes_before_what_is_there():
    assert came("保费 + 1", given="{保费: 1}").value == "2"
    assert came("新 名 + 1", given="{新 名: 1}").value == "2"


@pytest.mark.parametrize(
    ("cell", "tested", "value"),
    [
        (">= 60000", "65000", "true"),
        ("< 60000", "保费", "false"),
        ('contains(?, "化工")', '"宏达化工"', "true"),
    ],
)
def test_a_cell_is_tried_on_the_value_that_it_tests(cell, tested, value):
    assert came(cell, tested=tested).value == value
    assert came(cell, tested=tested).unknown == ()


@pytest.mark.parametrize(
    ("attempt", "field", "place"),
    [
        (Attempt("保费 ＞ 1"), "expression", (1, 4, 3, 1)),
        (Attempt("保费\n+"), "expression", (2, 2, 4, 0)),
        (Attempt("1", given="{a: }"), "given", (1, 5, 4, 1)),
        (Attempt("1", given="[1]"), "given", (0, 0, 0, 3)),
        (Attempt("> 1", tested="1 +"), "tested", (1, 4, 3, 0)),
        (Attempt("> 1", tested=" "), "tested", (0, 0, 0, 1)),
        (Attempt("> ]", tested="1"), "expression", (1, 4, 3, 0)),
        (Attempt("1" * 4001), "expression", (1, 4001, 4000, 1)),
        (Attempt("count(for i in 1..10000, j in 1..10000 return i)"), "expression", (0, 0, 0, 48)),
        (Attempt("1", given="{a: for i in 1..10000, j in 1..10000 return i}"), "given", (0, 0, 0, 46)),
    ],
)
def test_an_error_names_its_field_and_its_place(attempt, field, place):
    fault = tried(attempt, AROUND, HOST).fault
    assert fault.field == field
    assert (fault.line, fault.column, fault.start, fault.length) == place
    assert fault.text.endswith(("。", "”。"))


def test_a_name_that_nobody_knows_is_told_once_with_what_may_be_meant():
    found = came("保废 > 1 and conut([1]) = 1")
    name, function = found.unknown
    assert (name.name, name.suggestion, name.start, name.end) == ("保废", "保费", 0, 2)
    assert (function.name, function.suggestion, function.start) == ("conut", "count", 11)
    assert function.text == "没有这个函数：conut。是不是“count”？"
    assert [remark.text for remark in found.warnings if "没有这个" in remark.text] == []
    assert (found.warnings[0].start, found.warnings[0].end) == (0, 6)


def test_a_name_is_told_that_evaluation_never_came_to():
    (unknown,) = came("true or 完全不像的").unknown
    assert (unknown.start, unknown.suggestion, unknown.text) == (8, "", "没有这个名称：完全不像的。")


def test_a_name_that_has_no_value_yet_is_no_misspelling():
    (unknown,) = came("major_count > 0").unknown
    assert (unknown.text, unknown.suggestion) == ("“major_count”现在还没有值。", "")
    assert came("major_conut > 0").unknown[0].suggestion == "major_count"


def test_a_part_that_is_null_says_why_and_where():
    found = came("1 / 0")
    assert found.value == "null"
    assert [(one.start, one.end, one.text) for one in found.warnings] == [(0, 5, "“1 / 0”为空：除数为零。")]


def test_one_allowance_holds_for_all_fields():
    much = "count(for i in 1..9000 return i)"
    given = "{" + ", ".join(f"a{n}: {much}" for n in range(12)) + "}"
    assert came(much, given=given).fault is not None
