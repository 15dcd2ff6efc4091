"""What the elements of a diagram do to the tokens and variables of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.workflows.engine.drawing import (
    NOW,
    RememberingHost,
    boundary,
    catch,
    coded,
    condition,
    end,
    event_gateway,
    fork,
    inclusive,
    inputs,
    message,
    outputs,
    send,
    service,
    several,
    shape,
    signal,
    start,
    step,
    sub,
    timer,
    walk,
    xor,
)
from workflows import engine
from workflows.engine import (
    Complete,
    DataError,
    Deliver,
    ExpressionError,
    Fire,
    LimitError,
    NoPathError,
    OperationFailedError,
    TokenGoneError,
)


def test_a_case_waits_at_a_step_and_ends_after_it():
    case = walk([start(), step("ask", "answer"), end()], "start > ask > end")
    assert case.open == ["ask"]
    assert case.outcome.status == "open"
    case.complete("ask", answer="yes")
    assert (case.outcome.status, case.outcome.end_event, case.outcome.tokens) == ("completed", "end", ())
    assert case.outcome.variables == {"answer": "yes"}
    assert case.hops == ["start:start", "step:ask", "end:end"]


def test_a_token_tells_what_the_page_needs():
    case = walk(
        [start(), step("ask", form="x", deadline="archive", assignee="lead", title='"给" + unit', role='"expert"'), end()],
        "start > ask > end",
        {"archive_due": date(2026, 3, 20), "archive_provisional": True, "lead": uuid4(), "unit": "甲厂"},
    )
    token = case.token("ask")
    assert (token.kind, token.role, token.due, token.provisional) == ("step", "expert", date(2026, 3, 20), True)
    assert (token.deadline_kind, token.title, token.name) == ("archive", "给甲厂", "ask")
    assert token.assignee == case.outcome.variables["lead"]
    assert case.spec.steps["ask"].form == "x"
    assert case.spec.steps["ask"].role == "expert"


def test_a_due_date_may_be_written_as_feel_and_as_text():
    case = walk([start(), step("ask", due="day"), end()], "start > ask > end", {"day": "2026-05-01"})
    assert case.token("ask").due == date(2026, 5, 1)


@pytest.mark.parametrize("value", ["bald", 5, datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_due_date_that_is_none_stops_the_command(value):
    with pytest.raises(ExpressionError) as told:
        walk([start(), step("ask", due="day"), end()], "start > ask > end", {"day": value})
    assert told.value.facts["reason"] == "date"


def test_an_assignee_must_be_text():
    with pytest.raises(ExpressionError):
        walk([start(), step("ask", assignee="5"), end()], "start > ask > end")


def test_only_outputs_become_variables():
    case = walk([start(), step("ask", "kept"), step("rest"), end()], "start > ask > rest > end")
    case.complete("ask", kept=1, photo="large")
    assert case.outcome.variables == {"kept": 1}


@pytest.mark.parametrize(("premium", "goes"), [("29999", "small"), ("30000", "large"), (None, "small")])
def test_an_exclusive_gateway_takes_the_first_true_condition_else_the_default(premium, goes):
    case = walk(
        [start(), xor("g"), step("large"), step("small"), end()],
        "start > g; g ? premium >= 30000 > large; g ! small; large > end; small > end",
        {"premium": None if premium is None else Decimal(premium)},
    )
    assert case.open == [goes]


def test_a_condition_that_is_no_boolean_is_an_error():
    with pytest.raises(ExpressionError) as told:
        walk(
            [start(), xor("g"), step("a"), step("b"), end()],
            'start > g; g ? "false" > a; g ! b; a > end; b > end',
        )
    assert told.value.element == "g"
    assert told.value.facts["reason"] == "boolean"


def parallel(*extra):
    return [start(), fork("f"), step("a", "x"), step("b", "y"), fork("j"), step("c"), end(), *extra]


PARALLEL = "start > f > a > j > c > end; f > b > j"


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_parallel_join_waits_for_all_and_unites_the_data(order):
    case = walk(parallel(), PARALLEL, {"old": 1})
    assert case.open == ["a", "b"]
    case.complete(order[0], x=1, y=2)
    assert case.open == [order[1]]
    case.complete(order[1], x=1, y=2)
    assert case.open == ["c"]
    assert case.outcome.variables == {"old": 1, "x": 1, "y": 2}


def test_an_inclusive_gateway_takes_every_true_way_and_its_join_waits_for_those():
    shapes = [start(), inclusive("f"), step("a"), step("b"), step("z"), inclusive("j"), step("c"), end()]
    flows = "start > f; f ? n >= 1 > a; f ? n >= 2 > b; f ! z; a > j; b > j; z > j; j > c; c > end"
    both = walk(shapes, flows, {"n": 2})
    assert both.open == ["a", "b"]
    assert both.complete("a").open == ["b"]
    assert both.complete("b").open == ["c"]
    assert walk(shapes, flows, {"n": 1}).complete("a").open == ["c"]
    assert walk(shapes, flows, {"n": 0}).complete("z").open == ["c"]


def test_a_service_calls_its_operation_and_keeps_its_outputs():
    extension = inputs(policy="policy_id", twice="2 * 2") + outputs("required", total="result.required + 1")
    host = RememberingHost({"quota": {"required": 3, "rest": "x"}})
    case = walk(
        [start(), service("count", "quota", extension), step("a"), end()],
        "start > count > a > end",
        {"policy_id": "p1"},
        host,
    )
    assert host.calls == [("quota", {"policy": "p1", "twice": Decimal(4)}, "count")]
    assert case.outcome.variables == {"policy_id": "p1", "required": 3, "total": Decimal(4)}


def test_an_input_without_a_text_is_the_variable_of_its_name():
    host = RememberingHost()
    extension = '<weiran:input name="policy_id"/>'
    walk([start(), service("s", "work", extension), end()], "start > s > end", {"policy_id": "p"}, host)
    assert host.calls == [("work", {"policy_id": "p"}, "s")]


def test_the_operation_of_a_step_runs_when_it_is_completed_and_sees_the_answers():
    extension = (
        '<weiran:operation name="save"><weiran:input name="note" value="answers.note"/>'
        '<weiran:output name="number"/></weiran:operation>' + outputs(kept="answers.note")
    )
    host = RememberingHost({"save": {"number": "7"}})
    case = walk(
        [start(), replace(step("ask"), extension=extension), step("b"), end()], "start > ask > b > end", {}, host
    )
    assert host.calls == []
    case.complete("ask", note="hello")
    assert host.calls == [("save", {"answers": {"note": "hello"}, "note": "hello"}, "ask")]
    assert case.outcome.variables == {"number": "7", "kept": "hello"}


def test_a_failing_operation_is_told_with_its_cause():
    def fail(_):
        raise LookupError("no such policy")

    with pytest.raises(OperationFailedError) as told:
        walk([start(), service("s", "look"), end()], "start > s > end", {}, RememberingHost({"look": fail}))
    assert isinstance(told.value.__cause__, LookupError)
    assert told.value.element == "s"


def test_an_engine_error_inside_an_operation_stays_what_it_is():
    def fail(_):
        raise LimitError("x", what="steps", limit=1)

    with pytest.raises(LimitError):
        walk([start(), service("s", "look"), end()], "start > s > end", {}, RememberingHost({"look": fail}))


def test_a_business_rule_task_asks_for_its_decision():
    rule = shape(
        "businessRuleTask", "r", extension=inputs(region="unit.region") + outputs("expert"), weiran__decision="assign"
    )
    host = RememberingHost({"decide assign": {"expert": "wang"}})
    case = walk([start(), rule, step("a"), end()], "start > r > a > end", {"unit": {"region": "0577"}}, host)
    assert host.calls == [("decide assign", {"region": "0577"}, "r")]
    assert case.outcome.variables["expert"] == "wang"
    assert "decision:r" in case.hops
    assert case.spec.decisions == ("assign",)


def test_a_business_rule_task_without_inputs_sees_all_variables():
    rule = shape("businessRuleTask", "r", weiran__decision="assign")
    host = RememberingHost()
    walk([start(), rule, end()], "start > r > end", {"a": 1}, host)
    assert host.calls == [("decide assign", {"a": 1}, "r")]


def waiting(*, inner, **attributes):
    return [start(), catch("wait", inner, outputs(got="payload.n"), **attributes), step("a"), end()]


def test_a_message_event_waits_with_its_correlation_and_keeps_outputs_of_the_payload():
    case = walk(waiting(inner=message("hello"), correlation="visit_id"), "start > wait > a > end", {"visit_id": "v1"})
    token = case.token("wait")
    assert (token.kind, token.message, token.correlation) == ("message", "hello", "v1")
    case.deliver("wait", n=5)
    assert case.open == ["a"]
    assert case.outcome.variables["got"] == 5


@pytest.mark.parametrize("value", [None, True, [1]])
def test_a_correlation_must_have_a_value(value):
    with pytest.raises(ExpressionError):
        walk(waiting(inner=message("hello"), correlation="key"), "start > wait > a > end", {"key": value})


def test_a_message_without_correlation_is_for_the_case():
    assert walk(waiting(inner=message("hello")), "start > wait > a > end").token("wait").correlation is None


def test_a_signal_event_waits_for_a_signal():
    case = walk(waiting(inner=signal("calendar")), "start > wait > a > end")
    assert (case.token("wait").signal, case.token("wait").message) == (True, "calendar")
    assert case.deliver("wait").open == ["a"]


def test_a_message_may_carry_a_form_and_an_operation():
    extension = '<weiran:operation name="note"/>' + inputs(why="payload.why") + outputs(why="answers.why")
    event = catch("wait", message("hello"), extension, form="request", roles="policyholder coordinator")
    case = walk([start(), event, step("a"), end()], "start > wait > a > end")
    point = case.spec.events["wait"]
    assert (point.form, point.roles, point.message) == ("request", ("policyholder", "coordinator"), "hello")
    case.deliver("wait", why="rain")
    told = {"why": "rain"}
    assert case.host.calls == [("note", {"why": "rain", "payload": told, "answers": told}, "wait")]
    assert case.outcome.variables == {"why": "rain"}


def test_a_receive_task_waits_for_its_message():
    receive = shape("receiveTask", "wait", messageRef="message_x")
    case = walk(
        [start(), receive, catch("c", message("x")), end()], "start > wait > c > end"
    )
    assert case.token("wait").message == "x"
    assert case.deliver("wait").open == ["c"]


def test_a_timer_waits_until_it_is_fired():
    case = walk([start(), catch("wait", timer("duration", "P2D")), step("a"), end()], "start > wait > a > end")
    token = case.token("wait")
    assert (token.kind, token.due_at) == ("timer", NOW + timedelta(days=2))
    assert case.fire("wait").open == ["a"]
    assert "timer:wait" in case.hops


@pytest.mark.parametrize("make", [Fire, lambda token: Complete(token, {}), lambda token: Deliver(token, {})])
def test_a_token_takes_only_its_own_kind_of_instruction(make):
    shapes = [start(), fork("f"), step("a"), catch("t", timer("duration", "P2D")), catch("m", message("x")), end()]
    case = walk(shapes, "start > f > a > end; f > t > end; f > m > end")
    wrong = {"a", "t", "m"} - {{Fire: "t"}.get(make, "a" if "Complete" in str(make("x")) else "m")}
    for element in wrong:
        with pytest.raises(TokenGoneError):
            case.copy().carry(make(case.token(element).id))


@pytest.mark.parametrize("token", ["no uuid", str(uuid4())])
def test_a_token_that_is_gone_is_told(token):
    case = walk([start(), step("a"), end()], "start > a > end")
    with pytest.raises(TokenGoneError):
        case.carry(Complete(token, {}))


def test_a_completed_step_cannot_be_completed_again():
    case = walk([start(), step("a"), step("b"), end()], "start > a > b > end")
    old = case.token("a").id
    case.complete("a")
    with pytest.raises(TokenGoneError):
        case.carry(Complete(old, {}))


def test_sent_messages_leave_with_the_outcome():
    case = walk(
        [start(), send("tell", "visit_ended", "service_cycle", "policy_id", visit="visit_id"), step("a"), end()],
        "start > tell > a > end",
        {"policy_id": "p1", "visit_id": "v1"},
    )
    (sent,) = case.outcome.emitted
    assert (sent.name, sent.target_process, sent.correlation, sent.payload) == (
        "visit_ended", "service_cycle", "p1", {"visit": "v1"},
    )  # fmt: skip
    assert case.complete("a").outcome.emitted == ()


def test_end_and_throw_events_send_messages_and_signals():
    told = shape("intermediateThrowEvent", "t", message("told"), correlation_="")
    told = replace(told, attributes=())
    case = walk([start(), told, shape("intermediateThrowEvent", "plain"), end("end", "")], "start > t > plain > end")
    assert [(sent.name, sent.correlation) for sent in case.outcome.emitted] == [("told", "")]
    raised = walk([start(), shape("endEvent", "end", signal("s"))], "start > end")
    assert [(sent.name, sent.signal) for sent in raised.outcome.emitted] == [("s", True)]


EVENTS = [
    start(), xor("again"), event_gateway("g"), catch("t", timer("duration", "P1D")), catch("m", message("x")),
    catch("last", message("stop")), service("w"), end(),
]  # fmt: skip
EVENTS_FLOWS = "start > again > g; g > t > w; g > m > w; g > last > end; w > again"


def test_the_first_event_after_an_event_based_gateway_cancels_the_others():
    case = walk(EVENTS, EVENTS_FLOWS)
    assert case.open == ["last", "m", "t"]
    first = {token.id for token in case.outcome.tokens}
    case.deliver("m")
    assert case.open == ["last", "m", "t"]
    assert first.isdisjoint(token.id for token in case.outcome.tokens)
    assert {token.id for token in case.outcome.closed} == first
    assert case.deliver("last").outcome.status == "completed"


def test_an_interrupting_boundary_event_ends_the_step():
    shapes = [start(), step("a"), boundary("late", "a", timer("duration", "P1D")), step("chase"), end()]
    case = walk(shapes, "start > a > end; late > chase > end")
    assert case.open == ["a", "late"]
    assert case.fire("late").open == ["chase"]
    assert [token.element for token in case.outcome.closed] == ["a", "late"]


def test_completing_the_step_disarms_its_boundary_events():
    shapes = [start(), step("a"), boundary("late", "a", timer("duration", "P1D")), step("b"), step("chase"), end()]
    case = walk(shapes, "start > a > b > end; late > chase > end")
    assert case.complete("a").open == ["b"]


def test_a_non_interrupting_message_may_come_again_and_again():
    shapes = [start(), step("a"), boundary("found", "a", message("found"), interrupting=False), step("alert"), end()]
    case = walk(shapes, "start > a > end; found > alert > end")
    for _ in range(3):
        case.deliver("found")
    assert case.open == ["a", "alert", "alert", "alert", "found"]
    case.complete("a")
    assert case.open == ["alert", "alert", "alert"]
    for _ in range(3):
        case.complete("alert")
    assert case.outcome.status == "completed"


def test_a_non_interrupting_timer_comes_once_and_a_cycle_as_often_as_it_says():
    once = [start(), step("a"), boundary("late", "a", timer("duration", "P1D"), interrupting=False), service("w"), end()]
    flows = "start > a > end; late > w > end"
    assert walk(once, flows).fire("late").open == ["a"]
    cycle = [
        start(), step("a"), boundary("late", "a", timer("cycle", "R3/P1D"), interrupting=False), service("w"), end(),
    ]  # fmt: skip
    case = walk(cycle, flows)
    dues = []
    for _ in range(3):
        dues.append(case.token("late").due_at)
        case.fire("late")
    assert [due - NOW for due in dues] == [timedelta(days=n) for n in (1, 2, 3)]
    assert case.open == ["a"]
    assert len(case.host.calls) == 3


INNER = [start("s"), step("x", "n"), step("y"), end("e")]


def test_a_sub_process_hands_its_data_out():
    case = walk([start(), sub("p", INNER, "s > x > y > e"), step("b"), end()], "start > p > b > end", {"k": 1})
    assert case.complete("x", n=4).open == ["y"]
    assert case.outcome.variables == {"k": 1, "n": 4}
    assert case.complete("y").open == ["b"]
    assert case.outcome.variables == {"k": 1, "n": 4}


def test_a_boundary_event_of_a_sub_process_cancels_all_inside():
    shapes = [start(), sub("p", INNER, "s > x > y > e"), boundary("stop", "p", message("stop")), step("after"), end()]
    case = walk(shapes, "start > p > end; stop > after > end")
    assert case.open == ["stop", "x"]
    assert case.deliver("stop").open == ["after"]


def test_nested_sub_processes_end_from_the_inside():
    inner = sub("q", [start("s2"), step("z"), end("e2")], "s2 > z > e2")
    case = walk([start(), sub("p", [start("s"), inner, end("e")], "s > q > e"), end()], "start > p > end")
    assert case.complete("z").outcome.status == "completed"


def test_a_boundary_event_cancels_nested_sub_processes():
    inner = sub("q", [start("s2"), step("z"), end("e2")], "s2 > z > e2")
    outer = sub("p", [start("s"), inner, end("e")], "s > q > e")
    case = walk([start(), outer, boundary("stop", "p", message("m")), end(), step("b")], "start > p > end; stop > b > end")
    assert case.deliver("stop").open == ["b"]
    assert case.complete("b").outcome.status == "completed"


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_an_error_or_escalation_goes_to_the_boundary_that_takes_it(kind):
    shapes = [
        start(),
        sub("p", [start("s"), step("x"), shape("endEvent", "bad", coded(kind, "E1"))], "s > x > bad"),
        boundary("other", "p", coded(kind, "E2")),
        boundary("caught", "p", coded(kind, "E1")),
        step("mend"), step("fine"), end(),
    ]  # fmt: skip
    case = walk(shapes, "start > p > fine > end; caught > mend > end; other > end")
    assert case.open == ["x"]
    assert case.complete("x").open == ["mend"]


def test_a_non_interrupting_escalation_lets_the_sub_process_go_on():
    shapes = [
        start(),
        sub("p", [start("s"), shape("intermediateThrowEvent", "up", coded("escalation", "E")), step("x"), end("e")], "s > up > x > e"),
        boundary("caught", "p", coded("escalation", "E"), interrupting=False), step("look"), end(),
    ]  # fmt: skip
    case = walk(shapes, "start > p > end; caught > look > end")
    assert case.open == ["look", "x"]


def test_an_error_that_nobody_takes_ends_its_scope():
    shapes = [start(), fork("f"), step("a"), step("b"), shape("endEvent", "bad", coded("error", "E")), end()]
    case = walk(shapes, "start > f > a > bad; f > b > end")
    assert case.complete("a").outcome.status == "completed"


def test_a_terminate_end_cancels_everything_in_its_scope():
    shapes = [start(), fork("f"), step("a"), step("b"), shape("endEvent", "stop", "<bpmn:terminateEventDefinition/>"), end()]
    case = walk(shapes, "start > f > a > stop; f > b > end")
    assert case.complete("a").outcome.status == "completed"
    assert case.outcome.end_event == "stop"


def test_a_conditional_event_fires_when_its_condition_becomes_true():
    shapes = [start(), step("a", "n"), boundary("high", "a", condition("n > 3")), step("b"), end()]
    assert walk(shapes, "start > a > end; high > b > end", {"n": 1}).open == ["a", "high"]
    case = walk(shapes, "start > a > end; high > b > end", {"n": 5})
    assert case.open == ["b"]


def test_a_plain_intermediate_event_goes_straight_on():
    case = walk([start(), shape("intermediateThrowEvent", "t"), step("a"), end()], "start > t > a > end")
    assert case.open == ["a"]


def test_several_start_events_are_told_apart_by_id():
    shapes = [start("plain"), shape("startEvent", "yearly", timer("cycle", "R/P1Y")), shape("startEvent", "told", message("m")),
              step("a"), step("b"), step("c"), end()]  # fmt: skip
    flows = "plain > a > end; yearly > b > end; told > c > end"
    assert walk(shapes, flows).open == ["a"]
    case = walk(shapes, flows, start_id="told")
    assert case.open == ["c"]
    assert {s.id: (s.kind, s.detail) for s in case.spec.starts.values()} == {
        "plain": ("none", None), "yearly": ("timer", "R/P1Y"), "told": ("message", "m"),
    }  # fmt: skip
    with pytest.raises(DataError):
        walk(shapes, flows, start_id="nowhere")


def test_two_start_events_without_a_plain_one_must_be_chosen():
    shapes = [shape("startEvent", "a", message("m")), shape("startEvent", "b", message("n")), step("x"), end()]
    with pytest.raises(DataError):
        walk(shapes, "a > x > end; b > x")


def instances(kind, **parts):
    return replace(step("a"), inner=several(kind, **parts), extension=outputs(verdict="answers.verdict"))


def test_parallel_instances_collect_their_results_in_order():
    task = instances("parallel", loopDataInputRef="people", inputDataItem="person", loopDataOutputRef="verdicts", outputDataItem="verdict")
    case = walk([start(), task, step("b"), end()], "start > a > b > end", {"people": ["x", "y", "z"]})
    assert case.open == ["a", "a", "a"]
    for verdict in (3, 2, 1):
        case.carry(Complete(case.outcome.tokens[-1].id, {"verdict": verdict}))
    assert case.open == ["b"]
    assert case.outcome.variables == {"people": ["x", "y", "z"], "verdicts": [1, 2, 3]}


def test_sequential_instances_come_one_after_the_other():
    task = instances("sequential", loopCardinality="2 + 1")
    case = walk([start(), task, step("b"), end()], "start > a > b > end")
    for n in range(3):
        assert case.open == ["a"]
        case.complete("a", verdict=n)
    assert case.open == ["b"]
    assert case.outcome.variables == {"verdict": 2}


def test_instances_end_early_by_their_completion_condition():
    task = instances("parallel", loopCardinality="5", completionCondition="completed / total >= 0.4")
    case = walk([start(), task, step("b"), end()], "start > a > b > end")
    assert case.complete("a").open == ["a"] * 4
    assert case.complete("a").open == ["b"]
    assert len(case.outcome.closed) == 4


def test_no_instances_are_no_obstacle():
    task = instances("parallel", loopDataInputRef="people", inputDataItem="p", loopDataOutputRef="out", outputDataItem="verdict")
    case = walk([start(), task, step("b"), end()], "start > a > b > end", {"people": []})
    assert case.open == ["b"]
    assert case.outcome.variables["out"] == []


@pytest.mark.parametrize("count", ["51", "1000000000"])
def test_more_than_fifty_instances_are_refused(count):
    with pytest.raises(LimitError):
        walk([start(), instances("parallel", loopCardinality=count), end()], "start > a > end")


@pytest.mark.parametrize("count", ["-1", "1.5", "true", '"3"', "null"])
def test_a_count_must_be_a_whole_number(count):
    with pytest.raises(ExpressionError):
        walk([start(), instances("parallel", loopCardinality=count), end()], "start > a > end")


def test_a_list_of_instances_must_be_one():
    with pytest.raises(ExpressionError):
        walk([start(), instances("parallel", loopDataInputRef="n", inputDataItem="i"), end()], "start > a > end", {"n": 3})


def test_a_standard_loop_runs_while_its_condition_is_true_at_most_so_often():
    task = replace(step("a", "n"), inner=several("standard", loopMaximum="3", loopCondition="n < 10"))
    case = walk([start(), task, step("b"), end()], "start > a > b > end", {"n": 0})
    assert case.complete("a", n=5).open == ["a"]
    assert case.complete("a", n=20).open == ["b"]
    often = walk([start(), task, step("b"), end()], "start > a > b > end", {"n": 0})
    for _ in range(3):
        often.complete("a", n=1)
    assert often.open == ["b"]


def test_a_standard_loop_may_test_first_or_have_no_condition():
    before = replace(step("a"), inner=several("standard", loopMaximum="3", testBefore="true", loopCondition="false"))
    assert walk([start(), before, step("b"), end()], "start > a > b > end").open == ["b"]
    twice = replace(step("a"), inner=several("standard", loopMaximum="2"))
    case = walk([start(), twice, step("b"), end()], "start > a > b > end")
    assert case.complete("a").complete("a").open == ["b"]


def test_a_parallel_sub_process_runs_once_for_each_item():
    inner = sub("p", [start("s"), step("x"), end("e")], "s > x > e")
    inner = replace(inner, inner=several("parallel", loopCardinality="2"))
    case = walk([start(), inner, step("b"), end()], "start > p > b > end")
    assert case.open == ["x", "x"]
    assert case.complete("x").complete("x").open == ["b"]


def test_peek_gives_the_open_tokens():
    case = walk([start(), step("a"), end()], "start > a > end")
    assert engine.peek(case.spec, case.outcome.state) == case.outcome.tokens


def test_now_must_be_aware():
    spec = walk([start(), step("a"), end()], "start > a > end").spec
    with pytest.raises(ValueError, match="aware"):
        engine.start(spec, {}, RememberingHost(), datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_a_gateway_without_a_way_is_an_error_even_if_the_check_was_bypassed():
    spec = walk(
        [start(), xor("g"), step("a"), step("b"), end()], "start > g; g ? n = 1 > a; g ! b; a > end; b > end", {"n": 2}
    ).spec
    wrong = spec.to_json().replace(b'"default":true', b'"default":false')
    with pytest.raises(NoPathError) as told:
        engine.start(engine.Spec.from_json(wrong), {"n": 2}, RememberingHost(), NOW)
    assert told.value.element == "g"


def test_the_flow_of_a_non_interrupting_event_is_not_taken_for_the_step_itself():
    """A spliced event once left its flow directly beside the step: completing it disarmed the other events."""
    shapes = [start(), step("a"), boundary("found", "a", message("found"), interrupting=False), step("alert"), end()]
    case = walk(shapes, "start > a > end; found > alert > end")
    assert case.deliver("found").complete("alert").open == ["a", "found"]


def test_an_interrupting_event_leaves_the_flows_of_other_events_alone():
    shapes = [
        start(), step("a"), boundary("found", "a", message("found"), interrupting=False), step("alert"),
        boundary("late", "a", timer("duration", "P1D")), step("chase"), end(),
    ]  # fmt: skip
    case = walk(shapes, "start > a > end; found > alert > end; late > chase > end")
    assert case.deliver("found").fire("late").open == ["alert", "chase"]
