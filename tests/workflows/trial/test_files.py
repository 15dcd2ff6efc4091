"""`run.py check`: shipped files pass; faults are told with the input that shows them; notes are no faults."""

import json

from tests.feel.models import decision, ident, input_data, literal, table
from tests.workflows.trial.files import DMN_TYPE, write
from workflows.trial import files


def test_what_is_shipped_passes(capsys):
    assert files.main([]) == 0
    assert capsys.readouterr().out.count("✓") >= 5


def test_a_planted_gap_is_told_with_its_example(tmp_path, capsys):
    rules = ["< 30000 => 1", "> 30000 => 2"]
    logic = table(["保费"], [":number"], rules)
    path = write(tmp_path, "gap.dmn", input_data("保费", "number"), decision("次数", logic, ["input:保费"]))
    assert files.main([str(path)]) == 1
    assert "决策“次数”：没有一行管到：保费 = 30000。" in capsys.readouterr().out
    assert files.main([str(path), "--json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert told["status"] == "refused"
    assert told["findings"][0]["example"] == {"保费": "30000"}


def test_a_note_is_no_fault(tmp_path, capsys):
    logic = table(["n"], [""], ["> m => 1", "- => 2"], "FIRST")
    parts = (input_data("n", "number"), input_data("m", "number"))
    path = write(tmp_path, "note.dmn", *parts, decision("d", logic, ["input:n", "input:m"]))
    assert files.main([str(path)]) == 0
    assert "注意：决策“d”：第 1 行的“n”要看别的值才知道" in capsys.readouterr().out


def test_files_that_cannot_be_read_are_told(tmp_path, capsys):
    bad = tmp_path / "bad.bpmn"
    bad.write_text("<x", encoding="utf-8")
    assert files.main([str(bad), str(tmp_path / "none.dmn")]) == 1
    told = capsys.readouterr().out
    assert "不是合法的 XML" in told
    assert "读不了这个文件" in told


def test_a_diagram_with_a_role_that_nobody_has_is_told(tmp_path, capsys):
    source = (files.DIAGRAMS / "service_refusal.bpmn").read_text("utf-8")
    path = tmp_path / "odd.bpmn"
    path.write_text(source.replace('name="coordinator"', 'name="nobody"', 1), encoding="utf-8")
    assert files.main([str(path)]) == 1
    assert "nobody" in capsys.readouterr().out


def test_a_file_is_checked_with_those_that_it_imports(tmp_path, capsys):
    base = (input_data("a", "number"), decision("b", literal("a + 1"), ["input:a"]))
    write(tmp_path, "base.dmn", *base, namespace="urn:base")
    line = f'<import namespace="urn:base" name="base" importType="{DMN_TYPE}"/>'
    needs = ["decision:urn:base#" + ident("b")]
    path = write(tmp_path, "top.dmn", decision("d", literal("base.b * 2"), needs), imports=line)
    assert files.main([str(path)]) == 0
    (tmp_path / "base.dmn").unlink()
    assert files.main([str(path)]) == 1
    assert "引入的模型“base”不在这一版里。" in capsys.readouterr().out


def test_a_decision_that_calls_what_is_not_there_is_refused(tmp_path, capsys):
    path = write(tmp_path, "open.dmn", decision("d", literal('open("/etc/passwd").read()')))
    assert files.main([str(path)]) == 1
    assert "没有函数“open”" in capsys.readouterr().out
