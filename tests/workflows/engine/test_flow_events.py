"""Events: what a case waits for, and what it tells others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    catch,
    end,
    event_gateway,
    fork,
    inputs,
    message,
    outputs,
    send,
    service,
    shape,
    signal,
    start,
    step,
    timer,
    xor,
)
from tests.workflows.engine.walking import NOW, walk
from workflows.engine import (
    Complete,
    DataError,
    Deliver,
    ExpressionError,
    Fire,
    TokenGoneError,
)


def waiting(*, inner, **attributes):
    return [start(), catch("wait", inner, outputs(got="payload.n"), **attributes), step("a"), end()]


def test_a_message_event_waits_with_its_correlation_and_keeps_outputs_of_the_payload():
    case = walk(
        waiting(inner=message("hello"), correlation="visit_id"), "start > wait > a > end", {"visit_id": "v1"}
    )
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
    case = walk([start(), receive, catch("c", message("x")), end()], "start > wait > c > end")
    assert case.token("wait").message == "x"
    assert case.deliver("wait").open == ["c"]


def test_a_timer_waits_until_it_is_fired():
    case = walk(
        [start(), catch("wait", timer("duration", "P2D")), step("a"), end()], "start > wait > a > end"
    )
    token = case.token("wait")
    assert (token.kind, token.due_at) == ("timer", NOW + timedelta(days=2))
    assert case.fire("wait").open == ["a"]
    assert "timer:wait" in case.hops


@pytest.mark.parametrize("make", [Fire, lambda token: Complete(token, {}), lambda token: Deliver(token, {})])
def test_a_token_takes_only_its_own_kind_of_instruction(make):
    shapes = [
        start(),
        fork("f"),
        step("a"),
        catch("t", timer("duration", "P2D")),
        catch("m", message("x")),
        end(),
    ]
    case = walk(shapes, "start > f > a > end; f > t > end; f > m > end")
    wrong = {"a", "t", "m"} - {{Fire: "t"}.get(make, "a" if "Complete" in str(make("x")) else "m")}
    for element in wrong:
        with pytest.raises(TokenGoneError):
            case.copy().carry(make(case.token(element).id))


def test_sent_messages_leave_with_the_outcome():
    case = walk(
        [
            start(),
            send("tell", "visit_ended", "service_cycle", "policy_id", visit="visit_id"),
            step("a"),
            end(),
        ],
        "start > tell > a > end",
        {"policy_id": "p1", "visit_id": "v1"},
    )
    (sent,) = case.outcome.emitted
    assert (sent.name, sent.target_process, sent.correlation, sent.payload) == (
        "visit_ended",
        "service_cycle",
        "p1",
        {"visit": "v1"},
    )
    assert case.complete("a").outcome.emitted == ()


def test_end_and_throw_events_send_messages_and_signals():
    told = shape("intermediateThrowEvent", "t", message("told"), correlation_="")
    told = replace(told, attributes=())
    case = walk(
        [start(), told, shape("intermediateThrowEvent", "plain"), end("end", "")], "start > t > plain > end"
    )
    assert [(sent.name, sent.correlation) for sent in case.outcome.emitted] == [("told", "")]
    raised = walk([start(), shape("endEvent", "end", signal("s"))], "start > end")
    assert [(sent.name, sent.signal) for sent in raised.outcome.emitted] == [("s", True)]


EVENTS = [
    start(),
    xor("again"),
    event_gateway("g"),
    catch("t", timer("duration", "P1D")),
    catch("m", message("x")),
    catch("last", message("stop")),
    service("w"),
    end(),
]


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


def test_a_plain_intermediate_event_goes_straight_on():
    case = walk([start(), shape("intermediateThrowEvent", "t"), step("a"), end()], "start > t > a > end")
    assert case.open == ["a"]


def test_several_start_events_are_told_apart_by_id():
    shapes = [
        start("plain"),
        shape("startEvent", "yearly", timer("cycle", "R/P1Y")),
        shape("startEvent", "told", message("m")),
        step("a"),
        step("b"),
        step("c"),
        end(),
    ]
    flows = "plain > a > end; yearly > b > end; told > c > end"
    assert walk(shapes, flows).open == ["a"]
    case = walk(shapes, flows, start_id="told")
    assert case.open == ["c"]
    assert {s.id: (s.kind, s.detail) for s in case.spec.starts.values()} == {
        "plain": ("none", None),
        "yearly": ("timer", "R/P1Y"),
        "told": ("message", "m"),
    }
    with pytest.raises(DataError):
        walk(shapes, flows, start_id="nowhere")


def test_two_start_events_without_a_plain_one_must_be_chosen():
    shapes = [
        shape("startEvent", "a", message("m")),
        shape("startEvent", "b", message("n")),
        step("x"),
        end(),
    ]
    with pytest.raises(DataError):
        walk(shapes, "a > x > end; b > x")
