"""The runner of the public suite: strict counting, skips that count as failures, a record that only grows."""

import io
import json
from decimal import Decimal

import pytest

from feel.temporal import Time
from tests.feel.models import decision, input_data, literal, service
from tests.workflows.trial.files import write
from workflows.trial import suite, suite_command

HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>m.dmn</modelName>'
)


def case(number: str, node: str, expected: str, inputs: str = "", more: str = "") -> str:
    return (
        f'<testCase id="{number}"{more}>{inputs}<resultNode name="{node}"><expected>{expected}</expected></resultNode>'
        "</testCase>"
    )


def value(kind: str, text: str) -> str:
    return f'<value xsi:type="xsd:{kind}">{text}</value>'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a suite of one directory, and a record of its own."""
    monkeypatch.setattr(suite_command, "RECORD", tmp_path / "passed.txt")
    directory = tmp_path / "suite" / "TestCases" / "compliance-level-3" / "0001-things"
    directory.mkdir(parents=True)
    write(
        directory,
        "m.dmn",
        input_data("x"),
        decision("same", literal("x"), ["input:x"]),
        decision("third", literal("1 / 3")),
        decision("broken", literal("1 +")),
        decision("error", literal("nobody")),
        decision("long", literal("for i in 1..9999, j in 1..9999 return i")),
        service("both", ["same", "third"], ["x"]),
        service("one", ["same"], ["x"]),
    )
    return tmp_path / "suite"


def cases(folder, *lines: str) -> None:
    path = folder / "TestCases" / "compliance-level-3" / "0001-things" / "things.xml"
    path.write_text(HEAD + "".join(lines) + "</testCases>", encoding="utf-8")


def given(inner: str) -> str:
    return f'<inputNode name="x">{inner}</inputNode>'


@pytest.mark.parametrize(
    "inner",
    [
        value("decimal", "1.50"),
        value("double", "1e3"),
        value("string", " a "),
        "<value>plain</value>",
        value("boolean", "true"),
        value("date", "2026-05-01"),
        value("time", "10:00:00@Etc/UTC"),
        value("dateTime", "2026-05-01T10:00:00+08:00"),
        value("duration", "P1Y"),
        value("duration", "PT1H"),
        '<value xsi:nil="true"/>',
        f"<list><item>{value('decimal', '1')}</item><item>{value('string', 'a')}</item></list>",
        '<list xsi:nil="true"/>',
        f'<component name="a">{value("decimal", "1")}</component><component name="b" xsi:nil="true"/>',
    ],
)
def test_every_form_of_a_value_is_read_and_compared(folder, inner):
    cases(folder, case("1", "same", inner, given(inner)))
    (result,) = suite.results(suite.folder_of(folder), 3)
    assert result.passed, result


@pytest.mark.parametrize(
    ("line", "passed", "silently_wrong"),
    [
        (case("1", "third", value("decimal", "0.333333333")), True, False),
        (case("1", "third", value("decimal", "0.3333")), False, True),
        (case("1", "third", value("string", "0.333333333")), False, True),
        (case("1", "third", '<value xsi:nil="true"/>'), False, True),
        (case("1", "error", '<value xsi:nil="true"/>'), True, False),
        (case("1", "error", ""), True, False),
        (case("1", "broken", '<value xsi:nil="true"/>'), False, False),
        (case("1", "nobody", '<value xsi:nil="true"/>'), False, False),
        (case("1", "long", '<value xsi:nil="true"/>'), False, False),
        (case("1", "same", value("decimal", "1")), False, False),
        (case("1", "third", value("decimal", "0.333333333"), more=' type="bkm"'), False, False),
        (
            case(
                "1",
                "third",
                value("decimal", "0.333333333"),
                more=' type="decisionService" invocableName="both"',
            ),
            True,
            False,
        ),
        (
            case(
                "1",
                "same",
                value("decimal", "4"),
                given(value("decimal", "4")),
                ' type="decisionService" invocableName="one"',
            ),
            True,
            False,
        ),
    ],
)
def test_a_case_is_judged_strictly(folder, line, passed, silently_wrong):
    cases(folder, line)
    (result,) = suite.results(suite.folder_of(folder), 3)
    assert (result.passed, result.is_silently_wrong) == (passed, silently_wrong), result


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        (True, Decimal(1), False),
        (Decimal(1), "1", False),
        ([Decimal(1)], [Decimal(1), Decimal(2)], False),
        ({"a": Decimal(1)}, {"b": Decimal(1)}, False),
        ({"a": Decimal(1)}, {"a": Decimal(1)}, True),
        (Time(1, 0), Time(1, "Etc/UTC"), True),
        (Time(1, 0), Time(1, None), False),
        (None, None, True),
    ],
)
def test_values_are_the_same_in_kind_and_in_full(one, other, holds):
    assert suite.same(one, other) is holds


GOOD = case("1", "third", value("decimal", "0.333333333"))
BAD = case("1", "third", value("decimal", "0.4"))


def test_what_has_passed_must_pass_for_ever(folder, capsys):
    cases(folder, GOOD)
    assert suite_command.main([str(folder)]) == 0
    assert suite_command.recorded() == frozenset()
    assert suite_command.main([str(folder), "--record"]) == 0
    assert suite_command.recorded() == {"3/0001-things/things/1"}
    cases(folder, BAD)
    assert suite_command.main([str(folder), "--record"]) == 1
    assert suite_command.recorded() == {"3/0001-things/things/1"}
    assert "以前通过、现在没有：3/0001-things/things/1" in capsys.readouterr().out


def test_what_is_not_there_is_not_lost(folder, capsys):
    cases(folder, GOOD)
    suite_command.main([str(folder), "--record"])
    cases(folder, case("2", "third", ""))
    assert suite_command.main([str(folder)]) == 0
    capsys.readouterr()


def test_counts_are_told_for_people_and_programs(folder, capsys):
    skipped = case("3", "third", value("decimal", "1"), more=' type="bkm"')
    cases(
        folder,
        GOOD,
        BAD.replace('id="1"', 'id="2"'),
        skipped,
        case("4", "broken", ""),
        case("5", "error", value("string", "a")),
    )
    assert suite_command.main([str(folder), "--level", "3", "--only", "things"]) == 0
    told = capsys.readouterr().out
    assert "3/0001-things: 1/5，错值 1，跳过 1" in told
    assert "✗ 3/0001-things/things/2：得到了别的值" in told
    assert "✗ 3/0001-things/things/3：跳过：不认识的用例种类 bkm" in told
    assert "✗ 3/0001-things/things/4：写得不对" in told
    assert "✗ 3/0001-things/things/5：得到空值" in told
    suite_command.main([str(folder), "--json"])
    counts = json.loads(capsys.readouterr().out)["levels"]["3"]
    assert counts == {"total": 5, "passed": 1, "failed": 4, "wrong_non_null": 1, "skipped": 1}


def test_a_folder_without_a_suite_is_wrong_use(tmp_path, capsys):
    assert suite_command.main([str(tmp_path)]) == 2
    assert "没有测试集" in capsys.readouterr().err


def test_a_late_answer_is_a_failure(folder, monkeypatch):
    monkeypatch.setattr(suite, "LATEST", -1.0)
    cases(folder, GOOD)
    (result,) = suite.results(suite.folder_of(folder), 3)
    assert not result.passed


def test_lines_name_models_from_the_folder(folder, capsys, monkeypatch):
    line = '{"model": "TestCases/compliance-level-3/0001-things/m.dmn", "decision": "same", "inputs": {"x": "[1]"}}'
    monkeypatch.setattr("sys.stdin", io.StringIO(line))
    assert suite_command.main([str(folder), "--lines"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == "[1]"


def test_other_files_beside_the_cases_are_passed_over(folder):
    cases(folder, GOOD)
    other = folder / "TestCases" / "compliance-level-3" / "0001-things" / "notes.xml"
    other.write_text("<notes/>", encoding="utf-8")
    assert len(list(suite.results(suite.folder_of(folder), 3))) == 1


def test_damage_fails_what_it_damages_and_nothing_else(folder, capsys):
    cases(folder, GOOD, case("2", "third", value("decimal", "abc")))
    suite_command.main([str(folder), "--record"])
    capsys.readouterr()
    cases(folder, "<broken")
    extra = folder / "TestCases" / "compliance-level-3" / "0001-things" / "more.xml"
    extra.write_text(HEAD + GOOD + "</testCases>", encoding="utf-8")
    assert suite_command.main([str(folder)]) == 1
    told = capsys.readouterr().out
    assert "✗ 3/0001-things/things：文件读不懂" in told
    assert "✗ 以前通过、现在没有：3/0001-things/things" in told
    assert "第 3 级：1/2" in told


def test_a_value_that_is_none_of_its_kind_fails_its_case(folder):
    cases(folder, GOOD, case("2", "third", value("decimal", "abc")))
    good, bad = suite.results(suite.folder_of(folder), 3)
    assert (good.passed, bad.passed, bad.is_silently_wrong) == (True, False, False)


@pytest.mark.parametrize("arguments", [["--only", "zzz"], ["--level", "2"]])
def test_no_case_at_all_is_wrong_use(folder, capsys, arguments):
    cases(folder, GOOD)
    assert suite_command.main([str(folder), *arguments]) == 2
    assert "没有这样的用例" in capsys.readouterr().err
