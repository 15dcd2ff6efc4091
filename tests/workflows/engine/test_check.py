"""What the publish check finds in a diagram: the element and the rule."""

# ruff: noqa: E501 - a table is read by its rows

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    boundary,
    call,
    catch,
    coded,
    condition,
    draw,
    end,
    event_gateway,
    fork,
    inclusive,
    link,
    message,
    outputs,
    send,
    service,
    several,
    shape,
    start,
    step,
    sub,
    throw,
    timer,
    xor,
)
from workflows.engine import DiagramError, Finding, compile_process
from workflows.engine.specs import Spec


def found(shapes, flows, **drawing):
    with pytest.raises(DiagramError) as told:
        compile_process(draw(shapes, flows, **drawing))
    assert all(finding.message_zh.endswith(("。", "网关。")) for finding in told.value.findings)
    return {(finding.element, finding.rule) for finding in told.value.findings}


A = step("a")
LINE = "start > a > end"
STATE = {
    "no default": ([start(), xor("g"), A, step("b"), end()], "start > g; g ? true > a; g ? false > b; a > end; b > end", ("g", "no_default")),
    "no condition": ([start(), xor("g"), A, step("b"), end()], "start > g > a > end; g ! b; b > end", ("g", "no_condition")),
    "inclusive without default": ([start(), inclusive("g"), A, step("b"), end()], "start > g; g ? true > a; g ? true > b; a > end; b > end", ("g", "no_default")),
    "gateway without a way out": ([start(), A, xor("g"), end()], "start > a > g; a > end", ("g", "no_outgoing")),
    "condition at a step": ([start(), A, step("b"), end()], "start > a; a ? true > b; b > end", ("a", "condition_place")),
    "several ways out of a step": ([start(), A, step("b"), end()], "start > a > b > end; a > end", ("a", "several_outgoing")),
    "way out of an end": ([start(), A, end(), end("e2")], "start > a > end > e2", ("end", "outgoing")),
    "way into a start": ([start(), A, end()], "start > a > start; a > end", ("start", "incoming")),
    "unreachable": ([start(), A, step("b"), end()], "start > a > end; b > end", ("b", "unreachable")),
    "unreachable circle": ([start(), A, step("b"), step("c"), xor("g"), end()], "start > a > end; b > c > g; g ? true > b; g ! end", ("b", "unreachable")),
    "no way to an end": ([start(), A, xor("g"), end(), step("c"), step("d")], "start > a > g; g ! end; g ? true > c; c > d > c", ("d", "no_end")),
    "automatic circle": ([start(), xor("m"), service("s"), xor("g"), end()], "start > m > s > g; g ? true > m; g ! end", ("g", "automatic_cycle")),
    "service straight to itself": ([start(), service("s"), xor("g"), end()], "start > s > g; g ? true > s; g ! end", ("g", "automatic_cycle")),
    "circle through a condition": ([start(), xor("m"), catch("c", condition("true")), xor("g"), end()], "start > m > c > g; g ? true > m; g ! end", ("c", "automatic_cycle")),
    "circle through a restless sub-process": (
        [start(), xor("m"), sub("p", [start("s"), service("x"), end("e")], "s > x > e"), xor("g"), end()],
        "start > m > p > g; g ? true > m; g ! end", ("g", "automatic_cycle")),
    "no start": ([A, end()], "a > end", ("case", "start")),
    "no end": ([start(), A], "start > a", ("case", "end")),
    "sub-process without start": ([start(), sub("p", [step("x"), end("e")], "x > e"), end()], "start > p > end", ("p", "start")),
    "sub-process with a message start": (
        [start(), sub("p", [shape("startEvent", "s", message("m")), end("e")], "s > e"), end()], "start > p > end", ("p", "start")),
    "event sub-process with a way in": (
        [start(), A, sub("p", [replace(start("s"), inner=message("m")), end("e")], "s > e", triggeredByEvent="true"), end()], "start > a > p; a > end", ("p", "event_subprocess")),
    "event sub-process without event": ([start(), A, sub("p", [start("s"), end("e")], "s > e", triggeredByEvent="true"), end()], LINE, ("p", "no_event")),
    "event sub-process without start": ([start(), A, sub("p", [end("e")], "", triggeredByEvent="true"), end()], LINE, ("p", "start")),
    "event sub-process with two starts": (
        [start(), A, sub("p", [replace(start(n), inner=message(n)) for n in "st"] + [end("e")], "s > e; t > e", triggeredByEvent="true"), end()], LINE, ("p", "start")),
    "error beside": (
        [start(), A, sub("p", [shape("startEvent", "s", coded("error", "E"), isInterrupting="false"), end("e")], "s > e", triggeredByEvent="true"), end()],
        LINE, ("p", "interrupting")),
    "cycle that interrupts": (
        [start(), A, sub("p", [replace(start("s"), inner=timer("cycle", "R3/P1D")), end("e")], "s > e", triggeredByEvent="true"), end()], LINE, ("p", "timer_cycle")),
    "written beside": (
        [start(), step("a", "x"), end(), sub("p", [shape("startEvent", "s", message("m"), isInterrupting="false"), step("w", "x"), end("e")], "s > w > e", triggeredByEvent="true")],
        LINE, ("p", "branches")),
    "service without operation": ([start(), shape("serviceTask", "s"), end()], "start > s > end", ("s", "no_operation")),
    "rule without decision": ([start(), shape("businessRuleTask", "r"), end()], "start > r > end", ("r", "no_decision")),
    "output twice": ([start(), step("a", "x", "x"), end()], LINE, ("a", "output_twice")),
    "output of machinery": ([start(), step("a", "__class__"), end()], LINE, ("a", "output_name")),
    "event without definition": ([start(), catch("c", ""), end()], "start > c > end", ("c", "no_event")),
    "event with two definitions": ([start(), catch("c", message("a") + timer("duration", "P1D")), end()], "start > c > end", ("c", "unsupported_event")),
    "thrown twice": ([start(), A, end("end", message("a") + "<bpmn:terminateEventDefinition/>")], LINE, ("end", "unsupported_event")),
    "compensation": ([start(), A, end("end", "<bpmn:compensateEventDefinition/>")], LINE, ("end", "unsupported_event")),
    "link with a line into its end": ([start(), A, catch("c", link("x")), end()], "start > a > c > end", ("c", "incoming")),
    "link without a start": ([start(), A, catch("c", link("x")), end()], LINE + "; c > end", ("c", "unreachable")),
    "link without an end": ([start(), A, xor("g"), throw("t", link("x")), end()], "start > a > g; g ? true > t; g ! end", ("t", "link")),
    "link with two ends": (
        [start(), A, xor("g"), throw("t", link("x")), catch("c", link("x")), catch("d", link("x")), end()],
        "start > a > g; g ? true > t; g ! end; c > end; d > end", ("t", "link")),
    "link without a name": ([start(), A, xor("g"), throw("t", link("")), end()], "start > a > g; g ? true > t; g ! end", ("t", "link")),
    "link with a line out of its start": (
        [start(), A, xor("g"), throw("t", link("x")), catch("c", link("x")), end()],
        "start > a > g; g ? true > t; g ! end; c > end; t > end", ("t", "outgoing")),
    "link whose end leads nowhere": ([start(), A, xor("g"), throw("t", link("x")), catch("c", link("x")), end()], "start > a > g; g ? true > t; g ! end", ("c", "no_outgoing")),
    "link into a circle": ([start(), xor("m"), service("s"), xor("g"), throw("t", link("x")), catch("c", link("x")), end()],
        "start > m > s > g; g ? true > t; g ! end; c > m", ("c", "automatic_cycle")),
    "link at a start": ([shape("startEvent", "start", link("x")), A, end()], LINE, ("start", "event_place")),
    "link at an end": ([start(), A, end("end", link("x"))], LINE, ("end", "event_place")),
    "link behind an event gateway": (
        [start(), event_gateway("g"), catch("c", message("m")), throw("t", link("x")), catch("d", link("x")), end()],
        "start > g > c > end; g > t; d > end", ("g", "event_gateway")),
    "waiting for an error": ([start(), catch("c", coded("error", "E")), end()], "start > c > end", ("c", "event_place")),
    "waiting for an escalation": ([start(), catch("c", coded("escalation", "E")), end()], "start > c > end", ("c", "event_place")),
    "start by a condition": ([shape("startEvent", "start", condition("true")), A, end()], LINE, ("start", "event_place")),
    "start by an error": ([shape("startEvent", "start", coded("error", "E")), A, end()], LINE, ("start", "event_place")),
    "error in passing": ([start(), throw("t", coded("error", "E")), end()], "start > t > end", ("t", "event_place")),
    "terminate in passing": ([start(), throw("t", "<bpmn:terminateEventDefinition/>"), end()], "start > t > end", ("t", "event_place")),
    "calling nothing": ([start(), shape("callActivity", "c"), end()], "start > c > end", ("c", "no_process")),
    "circle through a call": ([start(), xor("m"), call("c", "other"), xor("g"), end()], "start > m > c > g; g ? true > m; g ! end", ("c", "automatic_cycle")),
    "repeated receiver behind an event gateway": (
        [start(), event_gateway("g"), shape("receiveTask", "r", several("parallel", loopCardinality="2"), messageRef="message_m"), catch("c", message("m")), end()],
        "start > g > r > end; g > c > end", ("g", "event_gateway")),
    "message without a name": ([start(), catch("c", "<bpmn:messageEventDefinition/>"), end()], "start > c > end", ("c", "no_message")),
    "sending nothing": ([start(), shape("sendTask", "s"), end()], "start > s > end", ("s", "no_message")),
    "condition without text": ([start(), catch("c", "<bpmn:conditionalEventDefinition/>"), end()], "start > c > end", ("c", "no_condition")),
    "boundary on a gateway": ([start(), fork("g"), boundary("b", "g", message("m")), A, end()], "start > g > a > end; b > end", ("b", "attached")),
    "boundary on nothing": ([start(), A, boundary("b", "nowhere", message("m")), end()], LINE + "; b > end", ("b", "attached")),
    "error on a step": ([start(), A, boundary("b", "a", coded("error", "E")), end()], LINE + "; b > end", ("b", "attached")),
    "boundary without event": ([start(), A, boundary("b", "a", ""), end()], LINE + "; b > end", ("b", "no_event")),
    "error without interruption": (
        [start(), sub("p", [start("s"), step("x"), end("e")], "s > x > e"), boundary("b", "p", coded("error", "E"), interrupting=False), end()],
        "start > p > end; b > end", ("b", "interrupting")),
    "event gateway to a step": ([start(), event_gateway("g"), A, catch("c", message("m")), end()], "start > g > a > end; g > c > end", ("g", "event_gateway")),
    "event gateway with one way": ([start(), event_gateway("g"), catch("c", message("m")), end()], "start > g > c > end", ("g", "event_gateway")),
    "event with another way in": (
        [start(), fork("f"), event_gateway("g"), catch("c", message("m")), catch("d", message("n")), end()],
        "start > f > g > c > end; g > d > end; f > c", ("g", "event_gateway")),
    "event gateway to a watched task": (
        [start(), event_gateway("g"), shape("receiveTask", "r", messageRef="message_m"), boundary("b", "r", message("n")), catch("c", message("m")), A, end()],
        "start > g > r > a > end; g > c > end; b > end", ("g", "event_gateway")),
    "timer without time": ([start(), catch("c", "<bpmn:timerEventDefinition/>"), end()], "start > c > end", ("c", "timer")),
    "cycle in the flow": ([start(), catch("c", timer("cycle", "R3/P1D")), end()], "start > c > end", ("c", "timer_cycle")),
    "cycle on an interrupting event": ([start(), A, boundary("b", "a", timer("cycle", "R3/P1D")), end()], LINE + "; b > end", ("b", "timer_cycle")),
    "cycle too often": ([start(), A, boundary("b", "a", timer("cycle", "R101/P1D"), interrupting=False), end()], LINE + "; b > end", ("b", "timer_cycle")),
    "loop without a bound": ([start(), replace(A, inner=several("standard", loopCondition="true")), end()], LINE, ("a", "loop")),
    "instances without a count": ([start(), replace(A, inner=several("parallel")), end()], LINE, ("a", "loop")),
    "instances with list and count": ([start(), replace(A, inner=several("parallel", loopCardinality="1", loopDataInputRef="l")), end()], LINE, ("a", "loop")),
    "results without a name": ([start(), replace(A, inner=several("parallel", loopCardinality="1", loopDataOutputRef="o")), end()], LINE, ("a", "loop")),
    "results into the list": (
        [start(), replace(A, inner=several("parallel", loopDataInputRef="l", inputDataItem="i", loopDataOutputRef="l", outputDataItem="r")), end()],
        LINE, ("a", "loop")),
    "repeated event": ([start(), replace(catch("c", message("m")), inner=message("m") + several("parallel", loopCardinality="1")), end()], "start > c > end", ("c", "loop")),
    "dangling flow": ([start(), A, end()], "start > a > end; a > nowhere", ("flow_3", "dangling_flow")),
    "flow out of a sub-process": ([start(), sub("p", [start("s"), step("x"), end("e")], "s > x > e"), A, end()], "start > p > a > end; x > a", ("flow_4", "dangling_flow")),
    "join fed by a choice": (
        [start(), fork("f"), xor("g"), A, step("b"), step("c"), fork("j"), end()],
        "start > f > g; g ? true > a; g ! b; f > c > j > end; a > j; b > j", ("j", "join")),
    "default with a condition": ([start(), xor("g"), A, step("b"), end()], "start > g; g ? true > a; g ! b; a > end; b > end", None),
}  # fmt: skip


@pytest.mark.parametrize("case", [name for name, row in STATE.items() if row[2]])
def test_a_fault_is_found_where_it_is(case):
    shapes, flows, expected = STATE[case]
    assert expected in found(shapes, flows)


def test_a_default_flow_needs_no_condition_and_may_have_none():
    shapes, flows, _ = STATE["default with a condition"]
    source = draw(shapes, flows)
    compile_process(source)
    flow = b'<bpmn:sequenceFlow id="flow_3" sourceRef="g" targetRef="b">'
    with pytest.raises(DiagramError) as told:
        compile_process(
            source.replace(flow, flow + b"<bpmn:conditionExpression>true</bpmn:conditionExpression>")
        )
    assert {f.rule for f in told.value.findings} == {"default_condition"}


EXPRESSIONS = {
    "condition": ([start(), xor("g"), A, step("b"), end()], "start > g; g ? 1 + > a; g ! b; a > end; b > end", "g"),
    "full-width sign": ([start(), xor("g"), A, step("b"), end()], "start > g; g ? x ＞ 1 > a; g ! b; a > end; b > end", "g"),
    "due": ([start(), step("a", due="1 +"), end()], LINE, "a"),
    "assignee": ([start(), step("a", assignee="("), end()], LINE, "a"),
    "role": ([start(), step("a", role="if"), end()], LINE, "a"),
    "title": ([start(), step("a", title='"open'), end()], LINE, "a"),
    "output": ([start(), replace(A, extension=outputs(x="1 +")), end()], LINE, "a"),
    "input": ([start(), service("s", "w", '<weiran:input name="x" value="1 +"/>'), end()], "start > s > end", "s"),
    "payload": ([start(), send("s", "m", x="1 +"), end()], "start > s > end", "s"),
    "sent correlation": ([start(), send("s", "m", correlation="1 +"), end()], "start > s > end", "s"),
    "correlation": ([start(), catch("c", message("m"), correlation="1 +"), end()], "start > c > end", "c"),
    "timer date": ([start(), catch("c", timer("date", "1 +")), end()], "start > c > end", "c"),
    "timer duration": ([start(), catch("c", timer("duration", "1 +")), end()], "start > c > end", "c"),
    "timer cycle": ([start(), A, boundary("b", "a", timer("cycle", "1 +"), interrupting=False), end()], LINE + "; b > end", "b"),
    "conditional event": ([start(), catch("c", condition("1 +")), end()], "start > c > end", "c"),
    "instances": ([start(), replace(A, inner=several("parallel", loopCardinality="1 +")), end()], LINE, "a"),
    "until": ([start(), replace(A, inner=several("parallel", loopCardinality="1", completionCondition="1 +")), end()], LINE, "a"),
    "loop": ([start(), replace(A, inner=several("standard", loopMaximum="2", loopCondition="1 +")), end()], LINE, "a"),
}  # fmt: skip


@pytest.mark.parametrize("site", EXPRESSIONS)
def test_an_expression_that_is_not_feel_is_found_at_every_site(site):
    shapes, flows, element = EXPRESSIONS[site]
    assert found(shapes, flows) == {(element, "feel")}


def test_the_title_of_the_process_is_an_expression_too():
    source = draw([start(), A, end()], LINE).replace(
        b'isExecutable="true"', b'weiran:title="1 +" weiran:subject="visit"'
    )
    with pytest.raises(DiagramError) as told:
        compile_process(source)
    assert [(f.element, f.rule) for f in told.value.findings] == [("case", "feel")]


def test_a_function_that_nobody_has_is_found():
    assert found([start(), step("a", due="next friday()"), end()], LINE) <= {("a", "function"), ("a", "feel")}
    assert found([start(), step("a", due="eval(x)"), end()], LINE) == {("a", "function")}


def test_a_step_needs_a_lane_or_a_role():
    assert found([start(), A, end()], LINE, lane=None) == {("a", "no_role")}
    assert (
        compile_process(draw([start(), step("a", role='"expert"'), end()], LINE, lane=None)).steps["a"].role
        == "expert"
    )


def test_a_sub_process_inside_another_is_in_the_lane_of_the_outer_one():
    inner = sub("q", [start("s2"), step("x"), end("e2")], "s2 > x > e2")
    source = draw([start(), sub("p", [start("s"), inner, end("e")], "s > q > e"), end()], "start > p > end")
    for hidden in ("x", "q"):
        source = source.replace(
            f"<bpmn:flowNodeRef>{hidden}</bpmn:flowNodeRef>".encode(), b"<bpmn:flowNodeRef/>"
        )
    assert compile_process(source).steps["x"].role == "coordinator"


def test_a_message_may_be_sent_without_our_extension_by_the_name_of_the_definition():
    told = shape("sendTask", "s", messageRef="message_m")
    spec = compile_process(draw([start(), told, catch("c", message("m")), end()], "start > s > c > end"))
    assert spec.nodes["s"]["event"]["name"] == "m"


@pytest.mark.parametrize("count", [298, 299])
def test_more_than_300_elements_are_refused(count):
    shapes = [start(), *(step(f"a{n}") for n in range(count)), end()]
    flows = " > ".join(["start", *(f"a{n}" for n in range(count)), "end"])
    if count == 298:
        assert len(compile_process(draw(shapes, flows)).steps) == 298
    else:
        assert found(shapes, flows) == {("case", "nodes")}


def test_more_than_ten_levels_are_refused():
    inner = sub("p0", [start("s0"), step("x"), end("e0")], "s0 > x > e0")
    for n in range(1, 11):
        inner = sub(f"p{n}", [start(f"s{n}"), inner, end(f"e{n}")], f"s{n} > p{n - 1} > e{n}")
    assert any(rule == "nesting" for _, rule in found([start(), inner, end()], "start > p10 > end"))


def test_a_file_holds_one_process():
    two = draw([start(), A, end()], LINE).replace(
        b"</bpmn:definitions>",
        b'<bpmn:process id="other"><bpmn:startEvent id="s2"/></bpmn:process></bpmn:definitions>',
    )
    with pytest.raises(DiagramError) as told:
        compile_process(two)
    assert told.value.findings[0].rule == "one_process"


def test_elements_and_processes_need_an_id():
    source = draw([start(), A, end()], LINE)
    for old, new in ((b'id="case" ', b""), (b'<bpmn:userTask id="a"', b"<bpmn:userTask")):
        with pytest.raises(DiagramError) as told:
            compile_process(source.replace(old, new))
        assert "id" in {f.rule for f in told.value.findings}


def test_further_checks_are_run_on_the_finished_specification():
    def check(spec: Spec):
        for use in spec.operations:
            yield Finding(use.element, "operation", f"没有操作“{use.operation}”。")

    source = draw(
        [start(), service("s", "unheard_of", '<weiran:input name="x"/><weiran:output name="y"/>'), end()],
        "start > s > end",
    )
    spec = compile_process(source)
    assert (spec.operations[0].inputs, spec.operations[0].outputs) == (("x",), ("y",))
    with pytest.raises(DiagramError) as told:
        compile_process(source, [check])
    assert told.value.findings == (Finding("s", "operation", "没有操作“unheard_of”。"),)


def test_branches_that_run_at_once_do_not_write_one_variable():
    inner = sub("p", [start("s"), step("x", "n"), end("e")], "s > x > e")
    late = boundary("t", "b", timer("duration", "P1D"))
    shapes = [
        start(),
        fork("f"),
        inner,
        step("b", "m"),
        late,
        step("c", "n"),
        xor("g"),
        fork("j"),
        step("d", "n", "m"),
        end(),
    ]
    flows = "start > f > p > j > d > end; f > b > g; t > c > g; g > j"
    assert found(shapes, flows) == {("f", "branches")}
    compile_process(draw([replace(s, extension="") if s.id == "c" else s for s in shapes], flows))


def test_what_a_join_needs_may_come_by_a_circle():
    shapes = [start(), fork("f"), xor("m"), A, xor("g"), step("b"), fork("j"), end()]
    compile_process(draw(shapes, "start > f > m > a > g; g ? true > m; g ! j; f > b > j > end"))


def test_boundary_events_do_not_confuse_the_walk():
    shapes = [
        start(), fork("f"), A, boundary("n", "a", message("m"), interrupting=False), boundary("i", "a", message("s")),
        inclusive("w"), xor("x"), event_gateway("eg"), catch("c1", message("a")), catch("c2", message("b")), xor("y"), step("b"),
        step("q"), step("r"), inclusive("v"), fork("j"), end(),
    ]  # fmt: skip
    flows = (
        "start > f > a > x; i > x; n > end; x > eg; eg > c1 > y; eg > c2 > y; y > j; f > w; w ? true > q; w ! r; "
        "q > v; r > v; v > j; f > b > j; j > end"
    )
    compile_process(draw(shapes, flows))


def test_the_facts_of_a_specification():
    source = draw([start(), step("a", deadline="archive", wall="true", article="19"), end()], LINE).replace(
        b'isExecutable="true"', b'weiran:title="unit" weiran:subject="visit"'
    )
    spec = compile_process(source)
    assert (spec.key, spec.name, spec.subject, spec.title) == ("case", "流程", "visit", "unit")
    a = spec.steps["a"]
    assert (a.form, a.role, a.deadline_kind, a.wall, a.article, a.doc) == (
        "a",
        "coordinator",
        "archive",
        True,
        "19",
        "",
    )
    assert [s.site for s in spec.sites] == ["title"]
    assert len(spec.version_sha) == 64
