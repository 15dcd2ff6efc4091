"""Broken, hostile and huge files are refused with a sentence; a crafted one runs, reads and stalls nothing."""

import builtins
import os
import socket
import time

import pytest

from tests.workflows.importer.foreign import HEAD, between, file_of, flows, node
from workflows.engine import compile_process
from workflows.importer import import_diagram

WHOLE = between(node("userTask", "a"), ways=("s>a", "a>e"))
NAN = (
    '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:c="http://www.omg.org/spec/DD/20100524/DC"><d:BPMNPlane><d:BPMNShape bpmnElement="s">'
    '<c:Bounds x="{}" y="0" width="1" height="1"/></d:BPMNShape></d:BPMNPlane></d:BPMNDiagram>'
)
REFUSED = {
    "empty": b"",
    "blank": b" \n ",
    "no xml": b"\x00\x01\x02",
    "cut off": WHOLE[: len(WHOLE) // 2],
    "html": b"<html><body/></html>",
    "other xml": b"<definitions/>",
    "no process": f"{HEAD}<collaboration id='c'/></definitions>".encode(),
    "not utf-8": WHOLE.replace(b'name="a"', b'name="\xff"'),
    "odd encoding": b'<?xml version="1.0" encoding="utf-7"?>' + WHOLE,
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?>' + WHOLE,
    "doctype": b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + WHOLE,
    "doctype in utf-16": ("<!DOCTYPE d []>" + WHOLE.decode()).encode("utf-16"),
    "laughs": b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + WHOLE,
    "xinclude": file_of('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
    "hidden process": file_of(
        node("task", "a", "<extensionElements><process id='hidden'/></extensionElements>")
    ),
    "not a number": WHOLE.replace(b"</definitions>", NAN.format("nan").encode() + b"</definitions>"),
    "words for numbers": WHOLE.replace(b"</definitions>", NAN.format("evil").encode() + b"</definitions>"),
    "endless numbers": WHOLE.replace(b"</definitions>", NAN.format("1e999").encode() + b"</definitions>"),
    "deep": file_of("<subProcess>" * 5_000 + "</subProcess>" * 5_000),
    "less deep": file_of("<subProcess>" * 150 + "<task/>" + "</subProcess>" * 150),
    "nested beyond use": file_of(
        "".join(f'<subProcess id="n{n}">' for n in range(12)) + "<task/>" + "</subProcess>" * 12
    ),
    "too dense": file_of("".join(node("task", f"t{n}") for n in range(20)) + flows(*["t1>t2"] * 300)),
    "too many elements": file_of("<task/>" * 100_000),
    "too many steps": file_of("<task/>" * 700),
    "a few too many steps": file_of("<task/>" * 301),
    "too many flows": file_of(node("task", "a") + '<sequenceFlow sourceRef="a" targetRef="a"/>' * 3_000),
    "too large": file_of("<documentation>" + "x" * 2_000_001 + "</documentation>"),
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_what_is_no_process_is_refused_with_a_sentence(source):
    began = time.process_time()
    found = import_diagram(source)
    assert found.drafts == ()
    assert found.refused.endswith("。")
    assert not {"Traceback", "Error", "lxml", "/tmp"} & set(found.refused.split())
    assert time.process_time() - began < 5


def test_a_crafted_file_runs_reads_and_calls_nothing(monkeypatch, tmp_path):
    mark = tmp_path / "mark"
    source = between(
        node("scriptTask", "a", f"<script>open('{mark}', 'w')</script>", scriptFormat="python"),
        '<serviceTask id="b" camunda:class="java.lang.Runtime" camunda:expression="${exec()}"/>',
        node("exclusiveGateway", "g"),
        node("task", "c"),
        ways=("s>a", "a>b", "b>g", "g>c", "g>e", "c>e"),
        c=f"__import__('os').system('touch {mark}')",
    )

    def forbidden(*_, **__):
        raise AssertionError

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(os, "system", forbidden)
    monkeypatch.setattr(builtins, "eval", forbidden)
    found = import_diagram(source)
    kinds = {one["type"] for one in compile_process(found.drafts[0].diagram).nodes.values()}
    assert kinds == {"startEvent", "userTask", "exclusiveGateway", "task", "endEvent"}
    assert not mark.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gbk"])
def test_a_file_of_another_declared_encoding_is_read(encoding):
    text = WHOLE.decode().replace('name="a"', 'name="受理"')
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{text}'
    found = import_diagram(declared.encode(encoding))
    assert compile_process(found.drafts[0].diagram).nodes["a"]["name"] == "受理"


def test_a_large_drawing_with_many_ways_to_its_end_is_taken():
    names = [f"n{n}" for n in range(198)]
    middle = [node("exclusiveGateway" if n % 5 == 4 else "scriptTask", name) for n, name in enumerate(names)]
    ways = [f"{a}>{b}" for a, b in zip(["s", *names], [*names, "e"], strict=True)]
    ways += [f"{name}>e" for n, name in enumerate(names) if n % 5 == 4]
    source = between(*middle, ways=tuple(ways))
    found = import_diagram(source)
    assert not found.refused
    assert len(compile_process(found.drafts[0].diagram).nodes) >= len(names)


def test_thousands_of_elements_with_one_id_do_not_stall():
    source = file_of(
        node("startEvent", "s") + flows("s>s") + '<textAnnotation id="x"/>' * 2_000 + node("endEvent", "e")
    )
    began = time.process_time()
    import_diagram(source)
    assert time.process_time() - began < 5
