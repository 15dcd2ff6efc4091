"""Steps, operations and gateways: what they do to tokens and variables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    end,
    fork,
    inclusive,
    inputs,
    outputs,
    service,
    start,
    step,
    xor,
)
from tests.workflows.engine.walking import NOW, RememberingHost, walk
from workflows import engine
from workflows.engine import (
    Complete,
    ExpressionError,
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
        [
            start(),
            step("ask", form="x", deadline="archive", assignee="lead", title='"给" + unit', role='"expert"'),
            end(),
        ],
        "start > ask > end",
        {"archive_due": date(2026, 3, 20), "archive_provisional": True, "lead": uuid4(), "unit": "甲厂"},
    )
    token = case.token("ask")
    assert (token.kind, token.role, token.due, token.provisional) == (
        "step",
        "expert",
        date(2026, 3, 20),
        True,
    )
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
        [start(), replace(step("ask"), extension=extension), step("b"), end()],
        "start > ask > b > end",
        {},
        host,
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


@pytest.mark.parametrize("token", ["no uuid", str(UUID(int=1))])
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


def test_peek_gives_the_open_tokens():
    case = walk([start(), step("a"), end()], "start > a > end")
    assert engine.peek(case.spec, case.outcome.state) == case.outcome.tokens


def test_now_must_be_aware():
    spec = walk([start(), step("a"), end()], "start > a > end").spec
    with pytest.raises(ValueError, match="aware"):
        engine.start(spec, {}, RememberingHost(), datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_a_gateway_without_a_way_is_an_error_even_if_the_check_was_bypassed():
    spec = walk(
        [start(), xor("g"), step("a"), step("b"), end()],
        "start > g; g ? n = 1 > a; g ! b; a > end; b > end",
        {"n": 2},
    ).spec
    wrong = spec.to_json().replace(b'"default":true', b'"default":false')
    with pytest.raises(NoPathError) as told:
        engine.start(engine.Spec.from_json(wrong), {"n": 2}, RememberingHost(), NOW)
    assert told.value.element == "g"


def test_an_inclusive_join_waits_for_what_can_still_come_by_any_way():
    shapes = [
        start(),
        inclusive("f"),
        step("a"),
        xor("g"),
        step("b"),
        step("c"),
        xor("m"),
        step("d"),
        inclusive("j"),
        step("e"),
        end(),
    ]
    flows = (
        "start > f; f ? true > a; f ? 1 = 1 > d; f ! j; a > g; g ? false > b; g ! c; b > m; c > m; m > j;"
        " d > j; j > e > end"
    )
    case = walk(shapes, flows)
    assert case.complete("d").open == ["a"]
    assert case.complete("a").complete("c").open == ["e"]


def test_an_expression_that_takes_too_much_stops_the_command():
    with pytest.raises(LimitError) as told:
        walk(
            [start(), step("a", title="string(count(for a in 1..9000, b in 1..9000 return a))"), end()],
            "start > a > end",
        )
    assert told.value.facts["what"] == "feel"


def test_all_expressions_of_a_command_share_one_allowance():
    title = "string(count(for a in 1..9000 return a + 1))"
    shapes = [start(), *(service(f"s{n}", "w", inputs(x=title)) for n in range(40)), end()]
    with pytest.raises(LimitError):
        walk(shapes, " > ".join(["start", *(f"s{n}" for n in range(40)), "end"]))
    walk([*shapes[:3], end()], "start > s0 > s1 > end")
