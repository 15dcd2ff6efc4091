"""`run.py feel`: for people, for programs, by the line."""

import io
import json

import pytest

from workflows.trial import answers, expressions


def test_a_value_is_printed_as_a_literal(capsys):
    assert expressions.main(["投保 保费 * 0.1", '{"投保 保费": 0.1}']) == 0
    assert capsys.readouterr().out == "0.01\n"


def test_reasons_for_null_are_told_beside_it(capsys):
    assert expressions.main(["保费 > 3", '{"保废": 5}']) == 0
    told = capsys.readouterr()
    assert told.out == "null\n"
    assert "“保费”为空：没有这个名称（保费）。是不是“保废”？" in told.err


def test_a_fault_is_explained_with_its_place(capsys):
    assert expressions.main(["保费 ＞ 3"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "第 1 行第 4 个字" in told.err
    assert "请把“＞”改为半角的“>”。" in told.err


def test_an_answer_as_json(capsys):
    assert expressions.main(["1 / 0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "value": "null",
        "warnings": ["“1 / 0”为空：除数为零。"],
        "error": None,
    }


def test_the_tests_of_a_cell_are_tried_on_a_value(capsys):
    assert expressions.main(["> limit, 1", '{"limit": 5}', "--test", "7"]) == 0
    assert expressions.main(['"甲", "乙"', "--test", '"丙"']) == 0
    assert capsys.readouterr().out == "true\nfalse\n"


def test_expression_and_context_may_come_from_elsewhere(capsys, monkeypatch, tmp_path):
    file = tmp_path / "context.json"
    file.write_text('{"a": [1, 2]}', encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("sum(a)"))
    assert expressions.main(["-", f"@{file}"]) == 0
    assert capsys.readouterr().out == "3\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["1", "{"], "不是合法的 JSON"),
        (["1", "[1]"], "变量要是一个 JSON 对象。"),
        (["1", "@/nowhere/at/all.json"], "读不了文件"),
        (["  "], "缺少 expression。"),
        (["for i in 1..1e9 return i"], "循环的范围太大"),
        (["1", "--test", "1 +"], "输入“test”不是 FEEL 的值"),
    ],
)
def test_what_cannot_be_answered_is_told(arguments, message, capsys):
    assert expressions.main(arguments) == 1
    assert message in capsys.readouterr().err


def test_without_an_expression_the_use_is_told(capsys):
    with pytest.raises(SystemExit) as caught:
        expressions.main([])
    assert caught.value.code == 2
    assert "缺少表达式" in capsys.readouterr().err


LINES = [
    ({"id": 1, "expression": "a + 1", "context": {"a": 0.1}}, {"id": 1, "value": "1.1"}),
    ({"id": "x", "expression": "d.year", "inputs": {"d": '@"2026-05-01"'}}, {"id": "x", "value": "2026"}),
    ({"text": "s + s", "inputs": {"s": '"火"'}}, {"value": '"火火"'}),
    ({"expression": "[n, t, l]", "inputs": {"n": 1.5, "t": True, "l": [1]}}, {"value": "[1.5, true, [1]]"}),
    ({"expression": "> 3", "test": "5"}, {"value": "true"}),
    ({"expression": "1 +"}, {"value": None}),
    ({"expression": "1", "inputs": {"a": "1 +"}}, {"value": None}),
    ({"expression": "1", "inputs": [1]}, {"value": None}),
    ({"expression": "1", "context": [1]}, {"value": None}),
    ({}, {"value": None}),
    ([], {"value": None}),
]


def test_each_line_has_its_answer(capsys):
    lines = "\n".join(
        [*(json.dumps(question, ensure_ascii=False) for question, _ in LINES), "{", "", "1" * 5000]
    )
    assert answers.answer_lines(expressions.answer, io.StringIO(lines)) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for answer, (_, expected) in zip(told, LINES, strict=False):
        assert {name: answer.get(name) for name in expected} == expected
        assert (answer["error"] is None) == (answer["value"] is not None)
    assert len(told) == len(LINES) + 2
    assert all("不是合法的 JSON" in answer["error"] for answer in told[-2:])


def test_lines_come_from_standard_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert expressions.main(["--lines"]) == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": NaN, "expression": "1"}', {"value": None, "error": "不是合法的 JSON：有一个数太长，或者不是数。"}),
        ('{"id": 1.5, "expression": "1"}', {"id": 1.5, "value": "1", "error": None}),
        ('{"id": 1e400, "expression": "1"}', {"id": "1E+400", "value": "1", "error": None}),
        ('{"expression": "null", "test": null}', {"value": "true", "error": None}),
        ('{"expression": "a", "context_text": "@/etc/hostname"}', {"value": "null", "error": None}),
        ('{"expression": ', {"value": None, "error": "不是合法的 JSON：第 1 行第 15 个字起看不懂。"}),
        ("[" * 100000, {"value": None, "error": "不是合法的 JSON：嵌套太深。"}),
        ('{"expression": "1", "context": {"a": ' + "1" * 5000 + "}}", {
            "value": None, "error": "不是合法的 JSON：有一个数太长，或者不是数。",
        }),
    ],
)  # fmt: skip
def test_odd_lines_are_answered_in_words_and_no_file_is_read(capsys, line, told):
    answers.answer_lines(expressions.answer, io.StringIO(line + "\n"))
    answer = json.loads(capsys.readouterr().out)
    assert {name: answer.get(name) for name in told} == told
