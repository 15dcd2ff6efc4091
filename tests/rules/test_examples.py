import json
import runpy
import sys
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from rules import parameters
from rules.examples import answer, main
from rules.examples.command import is_same
from rules.examples.reading import score
from tests.support.sources import ROOT

OPEN_FILE = ROOT.parent / "shared" / "cases" / "rules_open.json"


def test_the_open_examples_agree(capsys):
    if not OPEN_FILE.is_file():
        pytest.skip(f"the worked examples are not at {OPEN_FILE}")
    assert main([str(OPEN_FILE)]) == 0, capsys.readouterr().out


@pytest.fixture
def file_of(tmp_path):
    def write(*examples):
        file = tmp_path / "examples.json"
        file.write_text(json.dumps({"examples": examples}), encoding="utf-8")
        return str(file)

    return write


GOOD = {"id": "A", "topic": "fee", "input": {"fee_year": 2024}, "expected": {"due": "2025-03-31"}}


def test_agreement_is_one_line_each_and_exit_0(file_of, capsys):
    assert main([file_of(GOOD)]) == 0
    assert capsys.readouterr().out.splitlines() == ["A ok", "共 1 例，1 例一致，0 例不一致"]


def test_a_difference_shows_key_expected_and_got_and_exit_1(file_of, capsys):
    wrong = GOOD | {"id": "B", "expected": {"due": "2025-04-01", "tea": 1}}
    assert main([file_of(GOOD, wrong)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == 'B due 应为 "2025-04-01"，算得 "2025-03-31"；tea 应为 1，算得 "（没有答案）"'
    assert lines[2] == "共 2 例，1 例一致，1 例不一致"


@pytest.mark.parametrize(
    ("topic", "given", "said"),
    [
        ("fee", {"tea": 1}, "从这些输入看不出问的是什么：tea"),
        ("fee", {"fee_year": "soon"}, "输入里有读不懂的值：invalid literal for int() with base 10: 'soon'"),
        ("fee", {"net_premium_yuan": "many"}, "输入里有读不懂的值：不是数：many"),
        ("complaint", {"received": "yesterday"}, "输入里有读不懂的值：不是日期：yesterday"),
        ("complaint", {"received": 5}, "输入里有读不懂的值：不是日期：5"),
        ("training", {"year": 2021, "events": [{"on": 1}]}, "缺少 date"),
        ("fee", 5, "判例的形状不对：请照 cases/README.md 写"),
    ],
)
def test_what_cannot_be_answered_is_said_and_the_rest_goes_on(file_of, capsys, topic, given, said):
    assert main([file_of(GOOD | {"id": "C", "topic": topic, "input": given}, GOOD)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"C 无法作答：{said}"
    assert lines[1] == "A ok"


@pytest.mark.parametrize("example", [1, {"id": "D"}, {"id": "D", "expected": 1}])
def test_an_example_of_another_form_is_said_and_the_rest_goes_on(file_of, capsys, example):
    assert main([file_of(example, GOOD)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "无法作答：" in lines[0]
    assert lines[1] == "A ok"


def test_a_file_saved_with_a_mark_at_its_head_is_read(tmp_path, capsys):
    file = tmp_path / "examples.json"
    file.write_text(json.dumps({"examples": [GOOD]}), encoding="utf-8-sig")
    assert main([str(file)]) == 0, capsys.readouterr()


def test_a_question_without_a_year_is_not_moved_by_a_number_of_later(monkeypatch):
    floor = parameters.share("prevention_fund_floor", parameters.STANDARD_FIRST_DAY)
    later = replace(floor, row_id="later", value=Decimal("0.30"), first_day=date(2099, 1, 1))
    known = (*parameters.rows(), later)
    monkeypatch.setattr(parameters, "rows", lambda: known)
    monkeypatch.setattr(parameters, "_in_force", parameters._in_force.__wrapped__)
    asked = {"net_premium_yuan": "100.00"}
    assert answer("fee", asked)["min_required_yuan"] == "35.00"
    assert answer("fee", asked | {"year": 2099})["min_required_yuan"] == "30.00"


def test_programs_read_json(file_of, capsys):
    assert main([file_of(GOOD, GOOD | {"expected": {"due": None}}), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [row["ok"] for row in rows] == [True, False]
    assert rows[1]["differences"] == [{"key": "due", "expected": None, "got": "2025-03-31"}]


@pytest.mark.parametrize("argv", [[], ["a", "b"], ["--help"]])
def test_wrong_use_says_how(argv, capsys):
    assert main(argv) == 2
    assert capsys.readouterr().err.startswith("用法")


DEEP = pytest.param("[" * 100_000, id="nested too deeply")


@pytest.mark.parametrize("text", ["{", "[]", '{"examples": {}}', '{"examples": []}', '{"a": 1}', DEEP])
def test_a_file_of_another_form_is_wrong_use(tmp_path, capsys, text):
    file = tmp_path / "wrong.json"
    file.write_text(text, encoding="utf-8")
    assert main([str(file)]) == 2
    assert str(file) in capsys.readouterr().err


def test_a_file_that_is_not_there_is_wrong_use(tmp_path):
    assert main([str(tmp_path / "none.json")]) == 2


def test_the_package_runs_as_a_module(file_of, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rules.examples", file_of(GOOD)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("rules.examples", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("A ok")


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        (1, 1, True),
        (1, True, False),
        (True, True, True),
        ("1", 1, False),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ({"a": True}, {"a": True}, True),
        ({"a": True}, {"a": 1}, False),
        ({"a": 1}, {"a": 1, "b": 1}, False),
        (None, None, True),
        ("87.30", "87.3", False),
        (Decimal("1.5"), Decimal("1.5"), True),
    ],
)
def test_values_are_compared_exactly(expected, got, same):
    assert is_same(expected, got) is same


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ("87.25", "87.25"),
        ("87.50", "87.5"),
        ("100", "100.0"),
        ("0", "0.0"),
        ("0.04", "0.04"),
        ("90.00", "90.0"),
    ],
)
def test_scores_have_one_digit_or_as_many_as_they_need(points, text):
    assert score(Decimal(points)) == text
