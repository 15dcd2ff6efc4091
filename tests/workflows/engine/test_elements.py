"""Every element that the engine runs carries a case, killed and reloaded at every wait; every other is refused."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import ROOT
from tests.workflows.engine.drawing import boundary, draw, end, message, shape, start, step, sub
from tests.workflows.engine.elements import RESULTS, ROWS, Row, page
from tests.workflows.engine.walking import NOW, RememberingHost
from workflows import engine
from workflows.engine import Complete, Deliver, DiagramError, Fire, Outcome, Spec, compile_process
from workflows.engine.check_events import PLACES
from workflows.engine.facets import EVENT_SUBPROCESS
from workflows.engine.parser_words import REFUSED, REFUSED_ROOTS
from workflows.engine.specs import ELEMENTS

VERBS = {"complete": Complete, "deliver": Deliver, "fire": lambda token, _: Fire(token)}


def begun(row: Row) -> tuple[Spec, Outcome]:
    spec = compile_process(row.drawn())
    return spec, engine.start(spec, row.data, RememberingHost(RESULTS), NOW, row.start)


def done(row: Row, n: int, spec: bytes, state: bytes) -> Outcome:
    """Do the n-th act with nothing but the bytes of the specification and of the case."""
    fresh, act = Spec.from_json(spec), row.acts[n]
    tokens = engine.peek(fresh, state)
    assert tuple(sorted(token.element for token in tokens)) == tuple(sorted(act.open))
    token = next(token for token in tokens if token.element == act.element)
    instruction = VERBS[act.verb](token.id, dict(act.given))
    return engine.advance(fresh, state, instruction, RememberingHost(RESULTS), NOW)


def lived(row: Row) -> Iterator[Outcome]:
    spec, outcome = begun(row)
    yield outcome
    for n in range(len(row.acts)):
        outcome = done(row, n, spec.to_json(), outcome.state)
        yield outcome


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_case_runs_through_the_element_from_bytes_alone(row):
    outcomes = list(lived(row))
    last = outcomes[-1]
    assert (last.status, last.end_event, last.tokens) == ("completed", row.ended, ())
    assert {name: last.variables.get(name) for name in row.known} == row.known
    assert tuple(told.name for outcome in outcomes for told in outcome.emitted) == row.emitted


LIFE = """
import os, signal, sys
import orjson
from tests.workflows.engine.elements import ROWS
from tests.workflows.engine.test_elements import done
folder, n = sys.argv[1], int(sys.argv[2])
for row in ROWS.values():
    if n < len(row.acts):
        file = os.path.join(folder, row.name.replace("/", "-"))
        spec, state = open(file + ".spec", "rb").read(), open(file + ".state", "rb").read()
        outcome = done(row, n, spec, state)
        with open(file + ".new", "wb") as kept:
            kept.write(outcome.state)
        os.replace(file + ".new", file + ".state")
        open(file + ".end", "w").write(outcome.end_event or "")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_every_case_goes_on_in_a_fresh_process_after_kill_nine_at_every_wait(tmp_path):
    """One process does the n-th act of every case, and is killed; the next finds nothing but the files."""
    for row in ROWS.values():
        spec, outcome = begun(row)
        file = tmp_path / row.name.replace("/", "-")
        Path(f"{file}.spec").write_bytes(spec.to_json())
        Path(f"{file}.state").write_bytes(outcome.state)
    for n in range(max(len(row.acts) for row in ROWS.values())):
        life = [sys.executable, "-c", LIFE, str(tmp_path), str(n)]
        told = subprocess.run(life, cwd=ROOT, capture_output=True, text=True, check=False)
        assert told.returncode == -signal.SIGKILL, told.stderr
    ends = {row.name: (tmp_path / f"{row.name.replace('/', '-')}.end").read_text() for row in ROWS.values()}
    assert ends == {row.name: row.ended for row in ROWS.values()}


def test_whatever_publication_lets_through_has_a_diagram_here():
    nodes = [node for row in ROWS.values() for node in compile_process(row.drawn()).nodes.values()]
    assert {node["type"] for node in nodes} == ELEMENTS.keys()
    drawn = {(n["type"], n["event"]["kind"], n.get("interrupting")) for n in nodes if n.get("event")}
    edges = {EVENT_SUBPROCESS, "boundaryEvent"}
    allowed = {
        (place, kind, way)
        for place, kinds in PLACES.items()
        for kind in kinds
        for way in ((True, False) if place in edges and kind != "error" else (place in edges or None,))
    }
    assert drawn == allowed


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.name == "泳道"], ids=["泳道"])
def test_the_innermost_lane_gives_the_role(row):
    steps = compile_process(row.drawn()).steps
    assert {step.id: step.role for step in steps.values()} == {"a": "coordinator", "b": "expert"}


def refused(source: bytes) -> list[str]:
    with pytest.raises(DiagramError) as told:
        compile_process(source)
    return [f"{finding.rule} {finding.message_zh}" for finding in told.value.findings]


@pytest.mark.parametrize("tag", REFUSED)
def test_an_element_that_does_not_run_is_refused_with_a_way_round(tag):
    (told,) = refused(draw([start(), step("a"), shape(tag, "odd"), end()], "start > a > end"))
    assert told == f"unknown_element “odd”（{tag}）不能用：{REFUSED[tag]}。"
    assert "请" in told


@pytest.mark.parametrize("tag", REFUSED_ROOTS)
def test_an_element_beside_the_process_that_does_not_run_is_refused_with_a_way_round(tag):
    odd = f'<bpmn:{tag} id="odd"/>'
    (told,) = refused(draw([start(), step("a"), end()], "start > a > end", roots=odd))
    assert told == f"unknown_element 文件最外层不能有“{tag}”：{REFUSED_ROOTS[tag]}。"
    assert "请" in told


def test_a_conversation_of_pools_is_refused_with_a_way_round():
    roots = '<bpmn:collaboration id="c"><bpmn:conversation id="odd"/></bpmn:collaboration>'
    (told,) = refused(draw([start(), step("a"), end()], "start > a > end", roots=roots))
    assert "请画成消息事件" in told


A = step("a")
PLACED = {
    "start": lambda event: ([shape("startEvent", "odd", event), A, end()], "odd > a > end"),
    "catch": lambda event: (
        [start(), shape("intermediateCatchEvent", "odd", event), end()],
        "start > odd > end",
    ),
    "throw": lambda event: (
        [start(), shape("intermediateThrowEvent", "odd", event), end()],
        "start > odd > end",
    ),
    "end": lambda event: ([start(), A, end("odd", event)], "start > a > odd"),
    "boundary": lambda event: (
        [start(), A, boundary("odd", "a", event), end()],
        "start > a > end; odd > end",
    ),
    "event sub-process": lambda event: (
        [
            start(),
            A,
            end(),
            sub("odd", [shape("startEvent", "s", event), end("e")], "s > e", triggeredByEvent="true"),
        ],
        "start > a > end",
    ),
}
NOWHERE = {
    "cancel": PLACED,
    "compensate": PLACED,
    "link": ("start", "end", "boundary", "event sub-process"),
    "terminate": ("start", "catch", "throw", "boundary", "event sub-process"),
    "error": ("start", "catch", "throw"),
    "escalation": ("start", "catch"),
    "conditional": ("start", "throw", "end"),
    "timer": ("throw", "end"),
}


@pytest.mark.parametrize(
    ("kind", "place"), [(kind, place) for kind, places in NOWHERE.items() for place in places]
)
def test_an_event_that_could_not_run_where_it_stands_is_refused_with_a_way_round(kind, place):
    named = 'name="L"' if kind == "link" else ""
    inner = "<bpmn:condition>true</bpmn:condition>" if kind == "conditional" else ""
    inner = "<bpmn:timeDuration>P1D</bpmn:timeDuration>" if kind == "timer" else inner
    told = refused(
        draw(*PLACED[place](f"<bpmn:{kind}EventDefinition {named}>{inner}</bpmn:{kind}EventDefinition>"))
    )
    found = [one for one in told if one.startswith(("unsupported_event", "event_place"))]
    assert len(found) == 1
    assert "请" in found[0]


def test_several_definitions_of_one_event_are_refused_with_a_way_round():
    shapes, flows = PLACED["catch"](message("m") + message("n"))
    (told,) = refused(draw(shapes, flows))
    assert "请拆成几个事件" in told


def test_the_page_for_people_is_made_of_this_table():
    assert (ROOT / "docs" / "bpmn.md").read_text(encoding="utf-8") == page()
