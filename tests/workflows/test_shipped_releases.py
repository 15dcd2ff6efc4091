"""Shipped files become releases when they differ from what was released, and only then."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.support.world import EVERYTHING, START
from workflows import bundles, releases

PROCESSES = [
    "annual_plan",
    "assessment",
    "complaint",
    "exchange_meeting",
    "fund_filing",
    "fund_reversal",
    "group_training",
    "hazard_closure",
    "monthly_report",
    "online_push",
    "self_review",
    "service_cycle",
    "service_refusal",
    "service_visit",
]


@pytest.fixture
def shipped(tmp_path, monkeypatch) -> Path:
    """The shipped files as a folder of their own, which a test may change."""
    for name in ("DIAGRAMS", "DECISIONS", "SCHEMAS", "TEMPLATES"):
        monkeypatch.setattr(bundles, name, Path(copytree(getattr(bundles, name), tmp_path / name.lower())))
    return tmp_path


def publish(database) -> list[str]:
    with database.write(EVERYTHING, now=START) as session:
        return releases.publish_shipped(session, START)


def test_a_second_start_releases_nothing_and_compiles_nothing(database, shipped, monkeypatch):
    assert publish(database) == PROCESSES
    monkeypatch.setattr(bundles, "compiled", lambda _bpmn: pytest.fail("compiled"))
    assert publish(database) == []


def test_a_changed_form_releases_the_processes_that_ask_it(database, shipped):
    publish(database)
    form = shipped / "schemas" / "accept_visit.json"
    form.write_text(form.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert publish(database) == ["service_visit"]
    assert publish(database) == []


def test_a_changed_diagram_releases_its_process(database, shipped):
    publish(database)
    diagram = shipped / "diagrams" / "service_refusal.bpmn"
    diagram.write_text(diagram.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert publish(database) == ["service_refusal"]


def test_a_new_table_releases_every_process(database, shipped):
    publish(database)
    table = shipped / "decisions" / "assign_expert.dmn"
    (shipped / "decisions" / "second.dmn").write_bytes(table.read_bytes())
    assert publish(database) == PROCESSES
