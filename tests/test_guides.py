"""What the guides tell people to write is accepted as it stands."""

import re
from pathlib import Path
from shutil import copytree

import pytest
from lxml import etree

from demo.days import Days
from demo.life import Life
from demo.stories import Story, stories
from forms.schema import parse_form
from rules.working_days import published_calendar
from store.files import FileStore
from tests.support.sources import ROOT, name_of
from tests.support.world import Clock, open_visit, small_city
from tests.workflows import test_diagram_layout as layout
from workflows import bundles
from workflows.check import check_process
from workflows.engine import compile_process
from workflows.runtime import Runtime

GUIDES = ROOT / "docs" / "howto"
SCHEMAS = ROOT / "forms" / "schemas"
MADE = {"forms/schemas/prepare_materials.json"}
"""What a guide lets its reader make."""
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:weiran="urn:weiran:bpmn:1"'
)


def blocks(guide: str, language: str) -> list[str]:
    text = (GUIDES / guide).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def elements(block: str) -> list[etree._Element]:
    return list(etree.fromstring(f"<all {NAMESPACES}>{block}</all>"))


def with_the_guides_step() -> bytes:
    tree = etree.fromstring((ROOT / "workflows/diagrams/service_visit.bpmn").read_bytes())
    in_lane, steps, drawing = map(elements, blocks("step.md", "xml"))
    lane = next(found for found in tree.iter(f"{BPMN}lane") if found.get("name") == "coordinator")
    lane.extend(in_lane)
    process = next(tree.iter(f"{BPMN}process"))
    flow = next(found for found in process.iter(f"{BPMN}sequenceFlow") if found.get("id") == "flow_09")
    assert flow.get("sourceRef") == "arrange_pre_contact"
    assert flow.get("targetRef") == "issue_pre_contact"
    flow.set("targetRef", "prepare_materials")
    after = next(found for found in process.iter() if found.get("id") == "issue_pre_contact")
    next(found for found in after if found.text == "flow_09").text = "flow_prepared"
    after.getparent().extend(steps)
    plane = next(tree.iter("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNPlane"))
    anew = {shape.get("id") for shape in drawing}
    for shape in [shape for shape in plane if shape.get("id") in anew]:
        plane.remove(shape)
    plane.extend(drawing)
    return etree.tostring(tree)


@pytest.mark.parametrize("check", [name for name in vars(layout) if name.startswith("test_")])
def test_the_step_of_the_guide_is_drawn_as_clearly_as_the_shipped_ones(tmp_path, check):
    file = tmp_path / "service_visit.bpmn"
    file.write_bytes(with_the_guides_step())
    getattr(layout, check)(layout.Drawing(file))


def test_the_step_of_the_guide_can_be_published():
    spec = compile_process(with_the_guides_step())
    check_process(
        spec, known_forms=frozenset({p.stem for p in SCHEMAS.glob("*.json")} | {"prepare_materials"})
    )
    assert spec.steps["prepare_materials"].role == "coordinator"


@pytest.mark.slow
def test_the_step_of_the_guide_is_walked_with_two_files_touched(tmp_path, sqlite_database, monkeypatch):
    for name, folder in (("DIAGRAMS", ROOT / "workflows/diagrams"), ("SCHEMAS", SCHEMAS)):
        monkeypatch.setattr(bundles, name, Path(copytree(folder, tmp_path / folder.name)))
    (tmp_path / "diagrams/service_visit.bpmn").write_bytes(with_the_guides_step())
    (form,) = blocks("step.md", "json")
    (tmp_path / "schemas/prepare_materials.json").write_text(form, encoding="utf-8")
    world = small_city(Runtime(sqlite_database, FileStore(tmp_path / "files"), Clock()))
    open_visit(world)
    for step in ("dispatch_visit", "accept_visit", "arrange_pre_contact"):
        world.do(step, **({"accepted": "yes"} if step == "accept_visit" else {}))
    assert world.steps() == ["prepare_materials"]
    assert any(story.spare for story in stories())
    days = Days(world.clock.at, published_calendar())
    for story, steps in (
        (Story(spare=True), ["prepare_materials"]),
        (Story(), ["policyholder_confirm_visit"]),
    ):
        life = Life(world.walker, days)
        life.follow(world.policy_id, story)
        life.sit_down(world.clock.at.date())
        assert world.steps() == steps
    world.do("policyholder_confirm_visit", answer="agree")
    assert world.steps() == ["check_in"]


@pytest.mark.parametrize("guide", [path.name for path in sorted(GUIDES.glob("*.md"))])
def test_the_forms_of_the_guides_are_valid(guide: str):
    for block in blocks(guide, "json"):
        assert parse_form(block.encode()).components


@pytest.mark.parametrize("guide", [ROOT / "CONTRIBUTING.md", *sorted(GUIDES.glob("*.md"))], ids=name_of)
def test_every_path_that_a_guide_names_is_there(guide: Path):
    named = re.findall(r"`([a-z_]+/[\w./-]*|[\w-]+\.(?:py|toml|md))`", guide.read_text(encoding="utf-8"))
    beside = (ROOT, ROOT / "rules")
    assert [path for path in named if path not in MADE and not any((b / path).exists() for b in beside)] == []


def test_every_kind_of_change_has_its_guide():
    named = re.findall(
        r"\(docs/howto/(\w+)\.md\)", Path(ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    )
    assert sorted(set(named)) == sorted(path.stem for path in GUIDES.glob("*.md"))
