"""The reference files of the MIWG suite: loaded, drawn, run to an end or a named wait, and equal when saved.

The files lie beside the project (`MIWG_DIR`); `passed.txt` names those that have once passed and must go on passing.
"""

import importlib.util
import os
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from tests.workflows.importer.trying import runs_of
from workflows.engine import compile_process
from workflows.importer import Known, command, import_diagram
from workflows.importer.pictures import DI

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "cases" / "bpmn-miwg"
FOLDER = Path(os.environ.get("MIWG_DIR", BESIDE)) / "Reference"
FILES = sorted(FOLDER.glob("*.bpmn"))
PASSED = Path(__file__).with_name("passed.txt")
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
NAMED = {
    f"{BPMN}{kind}" for kind in ("participant", "lane", "sequenceFlow", "userTask", "task", "subProcess")
}

OURS = [command.DIAGRAMS / f"{name}.bpmn" for name in ("complaint", "hazard_closure", "online_push")]

needs_files = pytest.mark.skipif(not FILES, reason="没有 MIWG_DIR，没有跑 BPMN 公开参考文件")


@pytest.fixture(scope="module")
def schema():
    found = importlib.util.find_spec("SpiffWorkflow")
    folder = Path(found.submodule_search_locations[0]) / "bpmn" / "parser" / "schema"
    return etree.XMLSchema(etree.parse(folder / "BPMN20.xsd"))


@needs_files
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_reference_file_becomes_drafts_that_run(path, schema):
    source = path.read_bytes()
    found = imported(path)
    assert found.drafts, found.refused
    told = " ".join(f"{one.message} {one.before}" for one in found.changes)
    trees = [etree.fromstring(draft.diagram) for draft in found.drafts]
    for draft, tree in zip(found.drafts, trees, strict=True):
        assert draft.findings == ()
        assert schema.validate(tree), schema.error_log
        assert_all_is_drawn(tree)
        assert all(run.ended or run.waits or len(run.hops) > 2 for run in runs_of(draft, rounds=1))
        again = import_diagram(draft.diagram)
        assert again.changes == ()
        assert again.drafts[0].files == draft.files
    kept = {" ".join(e.get("name").split()) for tree in trees for e in tree.iter() if e.get("name")}
    named = [e for e in etree.fromstring(source).iter(*NAMED) if (e.get("name") or "").strip()]
    assert [n for e in named if (n := " ".join(e.get("name").split())) not in kept and n not in told] == []


def assert_all_is_drawn(tree):
    drawn = {e.get("bpmnElement") for e in tree.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
    process = next(p for p in tree.iter(f"{BPMN}process"))
    for element in process.iter(
        f"{BPMN}sequenceFlow", f"{BPMN}userTask", f"{BPMN}startEvent", f"{BPMN}endEvent"
    ):
        assert element.get("id") in drawn


@needs_files
def test_what_once_passed_still_passes_and_what_passes_is_recorded():
    passed = [path.stem for path in FILES if is_runnable(imported(path))]
    assert passed == PASSED.read_text(encoding="utf-8").split()


def is_runnable(found):
    return not found.refused and not any(draft.findings for draft in found.drafts)


@cache
def imported(path):
    return import_diagram(path.read_bytes())


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_a_diagram_of_ours_comes_back_as_it_was(path):
    source = path.read_bytes()
    found = import_diagram(source, known=Known(forms=command.shipped().forms))
    assert found.changes == ()
    assert compile_process(found.drafts[0].diagram).to_json() == compile_process(source).to_json()
