"""`run.py import-bpmn`: a verdict for every file, in words or as data; drafts written where they are wanted."""

import json

import pytest

from tests.workflows.importer.foreign import between, node
from workflows.bundles import Bundle
from workflows.importer.command import main

FOREIGN = between(node("exclusiveGateway", "g"), node("task", "b"), ways=("s>g", "g>b", "g>e", "b>e"))


@pytest.fixture
def files(tmp_path):
    (tmp_path / "good.bpmn").write_bytes(FOREIGN)
    (tmp_path / "broken.bpmn").write_bytes(FOREIGN[:80])
    (tmp_path / "folder.bpmn").mkdir()
    names = ("good", "broken", "folder", "missing")
    return [str(tmp_path / f"{name}.bpmn") for name in names]


def test_every_file_has_its_verdict_and_that_is_enough(files, capsys):
    assert main(["--check", "--json", *files]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["status"]) for one in told] == list(
        zip(files, ["rewritten", "refused", "refused", "refused"], strict=True)
    )
    assert all(set(one) == {"file", "status", "changes", "message"} for one in told)
    assert all(set(change) == {"rule", "element", "message"} for change in told[0]["changes"])
    assert all(one["message"] for one in told[1:])


def test_drafts_are_written_as_the_files_of_a_bundle_and_say_so(files, tmp_path, capsys):
    assert main(["--into", str(tmp_path / "out"), files[0]]) == 0
    folder = tmp_path / "out" / "good" / "p"
    assert str(folder) in capsys.readouterr().out
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert Bundle(found).spec.key == "p"
    assert Bundle(found).names("forms") == {step.form for step in Bundle(found).spec.steps.values()}
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert main(["--check", files[0]]) == 0
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}


def test_without_check_a_refused_file_is_a_failure(files, tmp_path):
    assert main(["--into", str(tmp_path / "out"), *files]) == 1


def test_a_rewrite_can_be_switched_off_and_what_is_then_wrong_is_said(files, capsys):
    assert main(["--check", "--off", "G2", files[0]]) == 0
    assert "没有缺省出口" in capsys.readouterr().out


def test_no_file_is_wrong_use():
    with pytest.raises(SystemExit) as ended:
        main(["--check"])
    assert ended.value.code == 2
