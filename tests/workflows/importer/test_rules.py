"""Each rule of the import: what it sees, what it makes of it, what it says; nothing is lost unsaid."""

import json

import pytest
from lxml import etree

from tests.workflows.importer.foreign import between, change, file_of, flows, imported, node, rules
from tests.workflows.importer.trying import runs_of
from workflows.engine import compile_process
from workflows.importer import Known, import_diagram

TIMER = "<timerEventDefinition>{}</timerEventDefinition>"
STRAIGHT = ("s>a", "a>e")
INPUT = "<dataInputAssociation id='d'><sourceRef>o</sourceRef></dataInputAssociation>"
STEP = node("userTask", "a")


def nodes_of(found):
    return compile_process(found.drafts[0].diagram).nodes


def kinds_of(found):
    return {identity: one["type"] for identity, one in nodes_of(found).items()}


def form_of(found, name):
    return json.loads(found.drafts[0].files[f"forms/{name}.json"])


@pytest.mark.parametrize(
    ("rule", "middle", "ways"),
    [
        ("A1", node("scriptTask", "a", "<script>import os</script>"), STRAIGHT),
        ("A1", node("sendTask", "a"), STRAIGHT),
        ("A3", node("callActivity", "a", calledElement="nobody"), STRAIGHT),
        ("A4", node("adHocSubProcess", "a", node("task", "b") + node("task", "c")), STRAIGHT),
        ("A4", node("transaction", "a", node("task", "b")), STRAIGHT),
        ("A5", STEP + node("intermediateThrowEvent", "c", "<compensateEventDefinition/>"), ("s>a", "a>c", "c>e")),
        ("S1", node("subProcess", "a"), STRAIGHT),
        ("S2", node("subProcess", "a", node("startEvent", "b") + node("startEvent", "c")), STRAIGHT),
        ("S3", STEP + node("task", "b"), STRAIGHT),
        ("S4", STEP + node("task", "b"), ("s>a", "a>b")),
        ("G1", STEP + node("task", "b"), ("s>a", "a>b", "a>e", "b>e")),
        ("G2", node("exclusiveGateway", "a") + node("task", "b"), ("s>a", "a>b", "a>e", "b>e")),
        ("G5", node("complexGateway", "a") + node("task", "b"), ("s>a", "a>b", "a>e", "b>e")),
        ("F1", STEP, ("s>a", "a>e", "a>nowhere", "a>s")),
        ("F1", STEP + node("task", "b"), ("s>a", "a>e", "e>b")),
        ("E1", STEP + node("intermediateCatchEvent", "c", "<messageEventDefinition/>"), ("s>a", "a>c", "c>e")),
        ("E2", STEP + node("intermediateCatchEvent", "c", TIMER.format("")), ("s>a", "a>c", "c>e")),
        ("E2", STEP + node("boundaryEvent", "c", TIMER.format(""), attachedToRef="a"), ("s>a", "a>e", "c>e")),
        ("E3", STEP + node("intermediateCatchEvent", "c", "<conditionalEventDefinition/>"), ("s>a", "a>c", "c>e")),
        ("E4", STEP + node("intermediateThrowEvent", "c", "<linkEventDefinition name='x'/>"), ("s>a", "a>c")),
        ("E5", node("userTask", "a", "<standardLoopCharacteristics/>"), STRAIGHT),
        ("E5", node("userTask", "a", "<multiInstanceLoopCharacteristics/>"), STRAIGHT),
        (
            "E6",
            STEP
            + node("intermediateCatchEvent", "c", "<messageEventDefinition/><signalEventDefinition/>"),
            ("s>a", "a>c", "c>e"),
        ),
        ("E7", STEP + node("boundaryEvent", "c", "<errorEventDefinition/>", attachedToRef="a"), ("s>a", "a>e", "c>e")),
        ("E7", STEP + node("boundaryEvent", "c", attachedToRef="gone"), ("s>a", "a>e", "c>e")),
        ("E8", node("eventBasedGateway", "g") + STEP + node("task", "b"), ("s>g", "g>a", "g>b", "a>e", "b>e")),
        ("L1", STEP, STRAIGHT),
        ("L2", STEP, STRAIGHT),
        ("X2", STEP, STRAIGHT),
        ("D1", node("userTask", "a", INPUT), STRAIGHT),
    ],
)  # fmt: skip
def test_each_rule_makes_the_diagram_run_and_can_be_seen(rule, middle, ways):
    found = imported(between(middle, ways=ways))
    assert rule in rules(found)
    assert all(run.ended or run.waits for run in runs_of(found.drafts[0], rounds=2))
    again = import_diagram(found.drafts[0].diagram)
    assert again.changes == ()
    assert again.drafts[0].files == found.drafts[0].files


def test_a_person_chooses_where_no_condition_can_be_computed_and_the_form_lists_every_way():
    source = between(
        STEP,
        node("exclusiveGateway", "g"),
        node("task", "b"),
        node("task", "c"),
        ways=("s>a", "a>g", "g>b", "g>c", "b>e", "c>e"),
        b="${bean.decide(execution)}",
    )
    found = imported(source)
    told = change(found, "G3")
    assert (told.element, told.before, told.decide) == ("g", "${bean.decide(execution)}", True)
    question = form_of(found, "a")["components"][0]
    assert [value["label"] for value in question["values"]] == ["b", "c"]
    assert {"step:b", "step:c"} <= {hop for run in runs_of(found.drafts[0]) for hop in run.hops}
    assert b"bean.decide" in found.drafts[0].diagram


def test_a_trivial_condition_is_translated_and_what_it_reads_is_asked():
    source = between(
        STEP,
        node("exclusiveGateway", "g"),
        node("task", "b"),
        node("task", "c"),
        ways=("s>a", "a>g", "g>b", "g>c", "b>e", "c>e"),
        b="${amount &gt; 5 &amp;&amp; approved}",
    )
    found = imported(source)
    flow = next(flow for flow in nodes_of(found)["g"]["flows"] if flow["to"] == "b")
    assert flow["when"] == "amount > 5 and approved = true"
    assert [(c["key"], c["type"]) for c in form_of(found, "a")["components"]] == [
        ("amount", "number"),
        ("approved", "checkbox"),
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "__import__('os').system('id')",
        "${''.getClass().forName('java.lang.Runtime')}",
        "#{T(java.lang.Runtime)}",
        "yes",
    ],
)
def test_no_expression_of_another_tool_is_taken_for_ours(condition):
    source = between(
        STEP,
        node("exclusiveGateway", "g"),
        node("task", "b"),
        ways=("s>a", "a>g", "g>b", "g>e", "b>e"),
        b=condition,
    )
    texts = [flow["when"] for one in nodes_of(imported(source)).values() for flow in one["flows"]]
    assert [text for text in texts if text] == ['choice_g = "b"']


def test_a_rewrite_that_is_switched_off_is_not_made_and_what_then_is_wrong_is_named():
    source = between(node("exclusiveGateway", "g"), node("task", "b"), ways=("s>g", "g>b", "g>e", "b>e"))
    whole = imported(source)
    found = import_diagram(source, frozenset({change(whole, "G2").key}))
    assert "G2" not in rules(found)
    assert [finding.rule for finding in found.drafts[0].findings] == [
        "no_default",
        "no_condition",
        "no_condition",
    ]
    assert import_diagram(source, frozenset({"G2"})).drafts == found.drafts


def test_pools_become_processes_that_send_each_other_messages():
    message = "<messageEventDefinition/>"
    pools = (
        '<collaboration id="c"><participant id="x" name="甲" processRef="p"/>'
        '<participant id="y" name="乙" processRef="q"/><participant id="z" name="丙"/>'
        '<messageFlow id="m" name="订单" sourceRef="t" targetRef="r"/></collaboration>'
        f"<process id='q'>{node('startEvent', 'r', message)}{node('task', 'k')}{node('endEvent', 'l')}"
        '<sequenceFlow id="q1" sourceRef="r" targetRef="k"/>'
        '<sequenceFlow id="q2" sourceRef="k" targetRef="l"/></process>'
    )
    found = imported(
        file_of(
            node("startEvent", "s") + node("intermediateThrowEvent", "t", message) + node("endEvent", "e")
            + flows("s>t", "t>e"),
            pools,
        )
    )  # fmt: skip
    sender, receiver = sorted(found.drafts, key=lambda draft: draft.key)
    event = compile_process(sender.diagram).nodes["t"]["event"]
    assert (event["name"], event["target"]) == ("订单", "q")
    assert compile_process(receiver.diagram).starts["r"].detail == "订单"
    assert (sender.name, receiver.name) == ("甲", "乙")
    assert change(found, "P3").decide
    parties = [p.get("id") for p in etree.fromstring(sender.diagram).iter("{*}participant")]
    assert parties == ["x", "y", "z"]


def test_ids_that_are_missing_doubled_or_odd_are_mended_with_what_refers_to_them():
    source = file_of(
        node("startEvent", "开始") + node("userTask", "a b") + '<task name="无号"/>' + node("endEvent", "e")
        + node("endEvent", "e") + flows("开始>a b", "a b>e")
    )  # fmt: skip
    found = imported(source)
    mended = {one.before: one.after for one in found.changes if one.rule == "P5"}
    assert set(mended) == {"开始", "a b", "", "e"}
    assert [flow["to"] for flow in nodes_of(found)[mended["a b"]]["flows"]] == ["e"]
    assert {mended["开始"], mended[""]} <= set(nodes_of(found))


def test_a_lane_becomes_the_role_of_its_name_or_waits_for_one():
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="专家"><flowNodeRef>a</flowNodeRef></lane>'
        '<lane id="l2" name="Sales"><flowNodeRef>b</flowNodeRef></lane></laneSet>'
    )
    found = imported(
        file_of(
            lanes + node("startEvent", "s") + STEP + node("task", "b") + node("endEvent", "e")
            + flows("s>a", "a>b", "b>e")
        )
    )  # fmt: skip
    steps = compile_process(found.drafts[0].diagram).steps
    assert (steps["a"].role, steps["b"].role) == ("expert", "待指定（Sales）")
    assert [(one.element, one.rule) for one in found.drafts[0].decisions] == [("b", "role")]


def test_a_known_call_and_a_known_decision_stay():
    source = between(
        node("callActivity", "a", calledElement="known"),
        '<businessRuleTask id="b" camunda:decisionRef="table"/>',
        ways=("s>a", "a>b", "b>e"),
    )
    found = import_diagram(source, known=Known(frozenset({"known"}), frozenset(), frozenset({"table"})))
    nodes = compile_process(found.drafts[0].diagram).nodes
    assert nodes["a"]["process"] == "known"
    assert nodes["b"]["decision"] == "table"


@pytest.mark.parametrize(
    ("time", "attributes", "expected"),
    [
        ("<timeDuration>PT5M</timeDuration>", {}, "PT5M"),
        ("<timeDate>2027-01-05T08:00:00</timeDate>", {}, "2027-01-05T08:00:00+08:00"),
        ("<timeCycle>R/PT1H</timeCycle>", {"cancelActivity": "false"}, "R100/PT1H"),
    ],
)
def test_a_timer_keeps_its_time_where_it_has_one(time, attributes, expected):
    boundary = node("boundaryEvent", "t", TIMER.format(time), attachedToRef="a", **attributes)
    found = imported(between(STEP, boundary, ways=("s>a", "a>e", "t>e")))
    assert nodes_of(found)["t"]["event"]["text"] == expected


def test_a_circle_that_nobody_can_leave_can_be_ended():
    middle = node("exclusiveGateway", "g") + node("intermediateThrowEvent", "t")
    found = imported(file_of(node("startEvent", "s") + middle + flows("s>g", "g>t", "t>g")))
    assert change(found, "S4").decide
    assert any(run.ended for run in runs_of(found.drafts[0]))


def test_a_circle_in_which_nobody_rests_gets_a_step():
    middle = node("exclusiveGateway", "g") + node("parallelGateway", "p")
    found = imported(between(middle, ways=("s>g", "g>p", "p>g", "p>e")))
    assert change(found, "S5").decide


def test_a_join_that_a_choice_could_leave_waiting_waits_only_for_what_can_come():
    found = imported(
        between(
            node("exclusiveGateway", "g"), STEP, node("task", "b"), node("parallelGateway", "j"),
            ways=("s>g", "g>a", "g>b", "a>j", "b>j", "j>e"),
        )
    )  # fmt: skip
    assert kinds_of(found)["j"] == "inclusiveGateway"
    assert change(found, "G7").decide
    assert all(run.ended for run in runs_of(found.drafts[0]))
