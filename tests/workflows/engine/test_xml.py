"""Attacks on the reader of diagrams, each refused in words."""

# ruff: noqa: E501 - a table is read by its rows

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.workflows.engine.drawing import draw, end, start, step
from workflows.engine import DiagramError, compile_process
from workflows.engine.xml import MAX_BYTES, child_text, documentation, parse_xml

BPMN = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'


def definitions(inside: str = "", attributes: str = "") -> bytes:
    return f"<bpmn:definitions {BPMN} {attributes}>{inside}</bpmn:definitions>".encode()


def rules_of(source: bytes) -> set[str]:
    with pytest.raises(DiagramError) as told:
        parse_xml(source)
    assert all(finding.message_zh for finding in told.value.findings)
    return {finding.rule for finding in told.value.findings}


ATTACKS = {
    "external entity": (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "doctype"),
    "entity bomb": (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>', "doctype"),
    "external doctype": (b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>', "doctype"),
    "lower case doctype": (b"<!doctype x><x/>", "doctype"),
    "too large": (b" " * (MAX_BYTES + 1), "size"),
    "other encoding": ('<?xml version="1.0" encoding="GBK"?><x a="流程"/>'.encode("gbk"), "encoding"),
    "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16"), "encoding"),
    "not XML": (b"<bpmn:definitions", "xml"),
    "unknown entity": (definitions("&undefined;"), "xml"),
    "too deep": (definitions("<bpmn:task>" * 101 + "</bpmn:task>" * 101), "depth"),
    "too many": (definitions("<bpmn:task/>" * 20_000), "size"),
    "XInclude": (definitions('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'), "namespace"),
    "foreign attribute": (definitions('<bpmn:task xmlns:c="http://camunda.org/schema/1.0/bpmn" c:class="x"/>'), "namespace"),
    "no namespace": (definitions("<script/>"), "namespace"),
    "hidden process": (
        definitions('<bpmn:process id="p"><bpmn:extensionElements><bpmn:process id="h"/></bpmn:extensionElements></bpmn:process>'),
        "process_place",
    ),
    "odd id": (definitions('<bpmn:task id="1 or 1=1"/>'), "id"),
    "chinese id": (definitions('<bpmn:task id="任务"/>'), "id"),
    "long id": (definitions(f'<bpmn:task id="{"x" * 65}"/>'), "id"),
    "same id twice": (definitions('<bpmn:task id="a"/><bpmn:task id="a"/>'), "id_unique"),
    "long name": (definitions(f'<bpmn:task name="{"x" * 201}"/>'), "name"),
    "bidirectional name": (definitions('<bpmn:task name="a&#x202E;b"/>'), "name"),
    "endless bounds": (
        definitions('<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="NaN" y="1e999" width="0" height="-2e7"/>'),
        "number",
    ),
    "bounds of words": (definitions('<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="ten"/>'), "number"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_in_words(attack):
    source, rule = ATTACKS[attack]
    assert rule in rules_of(source)


def test_every_offence_is_listed_at_once():
    source = definitions('<bpmn:task id="1"/><bpmn:task id="2"/><x/>')
    with pytest.raises(DiagramError) as told:
        parse_xml(source)
    assert len(told.value.findings) == 3
    assert "编号“1”" in str(told.value)


def test_comments_and_instructions_are_not_there():
    root = parse_xml(definitions("<!-- <bpmn:process/> --><?php echo 1 ?><bpmn:task/>"))
    assert [child.tag.rpartition("}")[2] for child in root] == ["task"]


def test_text_of_children():
    root = parse_xml(
        definitions("<bpmn:documentation> 说明 </bpmn:documentation><bpmn:condition> </bpmn:condition>")
    )
    assert documentation(root) == "说明"
    assert child_text(root, "condition") is None
    assert child_text(root, "script") is None


def test_a_byte_order_mark_is_no_obstacle():
    assert (
        compile_process(b"\xef\xbb\xbf" + draw([start(), step("a"), end()], "start > a > end")).key == "case"
    )


ELEMENTS = [
    "scriptTask", "complexGateway", "adHocSubProcess", "transaction", "choreographyTask",
    "callConversation", "madeUpTask",
]  # fmt: skip


@pytest.mark.parametrize("tag", ELEMENTS)
def test_an_element_that_is_not_run_is_refused_with_its_reason(tag):
    source = draw([start(), step("a"), end()], "start > a > end").replace(
        b'<bpmn:startEvent id="start"', f'<bpmn:{tag} id="odd" name="x"/><bpmn:startEvent id="start"'.encode()
    )
    with pytest.raises(DiagramError) as told:
        compile_process(source)
    assert [(f.element, f.rule) for f in told.value.findings] == [("odd", "unknown_element")]


@pytest.mark.parametrize(
    "inside", ['<weiran:pre name="x"/>', '<weiran:operation nam="x"/>', "<weiran:input/>"]
)
def test_an_extension_that_we_do_not_know_is_refused(inside):
    extended = step("a")
    source = draw([start(), replace(extended, extension=inside), end()], "start > a > end")
    with pytest.raises(DiagramError) as told:
        compile_process(source)
    assert {f.rule for f in told.value.findings} & {
        "unknown_element",
        "unknown_attribute",
        "unnamed_extension",
    }
    assert told.value.findings[0].element == "a"


def test_our_attributes_stand_only_where_they_mean_something():
    source = draw([start(), step("a"), end()], "start > a > end").replace(
        b'id="end"', b'id="end" weiran:form="x"'
    )
    with pytest.raises(DiagramError) as told:
        compile_process(source)
    assert [(f.element, f.rule) for f in told.value.findings] == [("end", "unknown_attribute")]


def test_foreign_things_at_the_top_are_refused():
    source = draw([start(), step("a"), end()], "start > a > end", roots='<bpmn:import id="i"/>')
    with pytest.raises(DiagramError) as told:
        compile_process(source)
    assert told.value.findings[0].rule == "unknown_element"
