"""`run.py decide`: a decision of a file, with its explanation, by the line, with what the file imports."""

import io
import json
from functools import partial
from pathlib import Path

import pytest

from tests.feel.models import decision, ident, input_data, literal
from tests.workflows.trial.files import DMN_TYPE, visits, write
from workflows.trial import answers, decisions


@pytest.fixture
def file(tmp_path):
    return visits(tmp_path)


def test_a_decision_gives_its_value(file, capsys):
    assert decisions.main([str(file), "次数", '{"保费": 50000, "高危": true}']) == 0
    assert decisions.main([str(file), "服务", '{"保费": 50000, "高危": false}']) == 0
    assert capsys.readouterr().out.splitlines() == ["4", "{次数: 2, 两倍: 4}"]


def test_an_explanation_stands_beside_the_value(file, capsys):
    assert decisions.main([str(file), "次数", '{"保费": 5, "高危": true}', "--explain"]) == 0
    told = capsys.readouterr()
    assert told.out == "1\n"
    assert "第 1 行成立。起作用的是“保费”，“高危”换成别的也一样。" in told.err


def test_what_is_wrong_with_the_file_is_a_warning(file, capsys):
    assert decisions.main([str(file), "坏的", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["value"] == "null"
    assert any(line.startswith("坏的：第 1 行第 4 个字") for line in told["warnings"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["没有"], "文件里没有决策“没有”；有的是：两倍、"),
        (["次数", "[1]"], "输入要是一个 JSON 对象。"),
        (["次数", "{"], "不是合法的 JSON"),
    ],
)
def test_what_cannot_be_answered_is_told(file, arguments, message, capsys):
    assert decisions.main([str(file), *arguments]) == 1
    assert message in capsys.readouterr().err


def test_a_file_that_is_no_model_is_told(tmp_path, capsys):
    bad = tmp_path / "bad.dmn"
    bad.write_text("<!DOCTYPE x []><x/>", encoding="utf-8")
    assert decisions.main([str(bad), "x"]) == 1
    assert decisions.main([str(tmp_path / "none.dmn"), "x"]) == 1
    told = capsys.readouterr().err
    assert "文件里不能有 DOCTYPE" in told
    assert "没有文件" in told


def test_without_a_file_the_use_is_told(capsys):
    with pytest.raises(SystemExit):
        decisions.main([])
    assert "缺少 FILE.dmn 和 NAME" in capsys.readouterr().err


def test_each_line_has_its_answer(file, capsys):
    inputs = {"保费": "50000", "高危": "true"}
    lines = [
        {"model": "visits.dmn", "decision": "次数", "inputs": inputs},
        {"model": "visits.dmn", "service": "服务", "inputs": inputs},
        {"decision": "次数", "inputs": {"保费": 5}},
        {"model": "visits.dmn", "decision": "次数", "inputs": inputs, "explain": True},
        {"model": "visits.dmn"},
        {"model": "other.dmn", "decision": "次数"},
    ]
    source = io.StringIO("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    answers.answer_lines(partial(decisions.answer, folder=file.parent, file=file), source)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["value"] for line in told] == ["4", "{次数: 4, 两倍: 8}", "1", "4", None, None]
    assert "why" in told[3]
    assert "缺少 decision" in told[4]["error"]
    assert "没有文件" in told[5]["error"]


def test_lines_are_read_for_one_file(file, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"decision": "次数", "inputs": {"保费": "5"}}\n'))
    monkeypatch.setattr(
        answers.answer_lines,
        "__defaults__",
        (io.StringIO('{"decision": "次数", "inputs": {"保费": "5"}}\n'),),
    )
    assert decisions.main([str(file), "--lines"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == "1"


def test_a_model_reads_what_it_imports_from_its_folder(tmp_path, capsys):
    write(
        tmp_path,
        "base.dmn",
        input_data("a"),
        decision("b", literal("a + 1"), ["input:a"]),
        namespace="urn:base",
    )
    write(
        tmp_path,
        "top.dmn",
        decision("d", literal("base.b * 2"), ["decision:urn:base#" + ident("b")]),
        imports=f'<import namespace="urn:base" name="base" importType="{DMN_TYPE}"/>',
    )
    assert decisions.main([str(tmp_path / "top.dmn"), "d", '{"a": 1}']) == 0
    assert capsys.readouterr().out == "4\n"


def test_models_that_import_each_other_come_to_an_end(tmp_path, capsys):
    for own, other in (("one", "two"), ("two", "one")):
        line = f'<import namespace="urn:{other}" name="{other}" importType="{DMN_TYPE}"/>'
        write(tmp_path, f"{own}.dmn", decision("d", literal("1")), namespace=f"urn:{own}", imports=line)
    assert decisions.main([str(tmp_path / "one.dmn"), "d"]) == 0
    assert capsys.readouterr().out == "1\n"


def test_a_changed_file_is_read_again(tmp_path, capsys):
    path = write(tmp_path, "m.dmn", decision("d", literal("1")))
    decisions.main([str(path), "d"])
    import os

    write(tmp_path, "m.dmn", decision("d", literal("2")))
    os.utime(path, ns=(1, 1))
    decisions.main([str(path), "d"])
    assert capsys.readouterr().out == "1\n2\n"


def test_a_path_that_no_file_can_have_is_told(capsys):
    line = json.dumps({"model": "a\0b", "decision": "d"})
    answers.answer_lines(partial(decisions.answer, folder=Path()), io.StringIO(line + "\n"))
    assert json.loads(capsys.readouterr().out)["error"] == "没有文件“a\0b”。"
