"""Cases as a release keeps them, and what must come of them in every later one.

Before a release changes what is kept: `python -m tests.workflows.engine.keeping NUMBER`, and commit the files.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    boundary,
    catch,
    condition,
    end,
    fork,
    inclusive,
    message,
    outputs,
    service,
    several,
    start,
    step,
    sub,
    timer,
)
from tests.workflows.engine.walking import NOW, Walk, walk
from workflows.engine import Return, move, return_points

STATES = Path(__file__).parent / "states"
Acts = list[list[object]]


def in_a_sub_process() -> tuple[Walk, Acts]:
    """A branch inside a watched sub-process, one beside it."""
    inner = sub("p", [start("s"), step("x", "n"), end("e")], "s > x > e")
    shapes = [start(), fork("f"), step("a", "x"), inner, boundary("t", "p", timer("duration", "P1D"))]
    flows = "start > f > a > j > c > end; f > p > j; t > end"
    case = walk(
        [*shapes, fork("j"), step("c"), end()],
        flows,
        {"unit": {"name": "甲厂", "list": [1, None, True]}, "text": "x"},
    )
    return case, [["complete", "x", {"n": 2}], ["complete", "a", {"x": 1}], ["complete", "c", {}]]


def in_several_instances() -> tuple[Walk, Acts]:
    """Runs at once, one after the other and round by round, each some way through."""
    many = several("parallel", loopCardinality="3", loopDataOutputRef="all", outputDataItem="r")
    row = several("sequential", loopDataInputRef="units", inputDataItem="unit")
    rounds = several("standard", loopMaximum="3", loopCondition="n < 9")
    shapes = [start(), fork("f"), replace(step("m", "r"), inner=many), replace(step("q", "seen"), inner=row)]
    shapes += [replace(step("l", "n"), inner=rounds), fork("j"), end()]
    case = walk(shapes, "start > f > m > j > end; f > q > j; f > l > j", {"units": ["甲厂", "乙厂"]})
    case.complete("m", r="one").complete("q", seen=1).complete("l", n=1)
    rest: Acts = [
        ["complete", "m", {"r": "two"}],
        ["complete", "q", {"seen": 2}],
        ["complete", "l", {"n": 9}],
    ]
    return case, [*rest, ["complete", "m", {"r": "three"}]]


def with_events() -> tuple[Walk, Acts]:
    """A cycle after its first round, a message with its key, a condition."""
    shapes = [start(), fork("f"), step("a"), boundary("t", "a", timer("cycle", "R3/P1M"), interrupting=False)]
    shapes += [step("late"), catch("m", message("told"), correlation="number", extension=outputs("why"))]
    shapes += [catch("high", condition("n > 3")), fork("j"), end()]
    case = walk(
        shapes, "start > f > a > j > end; t > late > end; f > m > j; f > high > end", {"number": 7, "n": 1}
    )
    acts: Acts = [["fire", "t", {}], ["complete", "late", {}], ["deliver", "m", {"why": "雨"}]]
    return case.fire("t"), [*acts, ["complete", "late", {}], ["complete", "a", {}]]


def before_joins() -> tuple[Walk, Acts]:
    """Branches that wait at a parallel and at an inclusive join; a third may go back a step, to no wall."""
    shapes = [start(), step("w", wall="true"), boundary("n", "w", message("n"), interrupting=False)]
    shapes += [step("late"), fork("f"), inclusive("i"), step("a", "x"), step("b", "y"), step("b2", "z")]
    shapes += [inclusive("k"), step("e"), fork("j"), step("c"), end()]
    flows = "start > w > f > i; i ? true > a; i ? 1 = 1 > b; i ! k; a > k; b > b2 > k; k > j; f > e > j"
    case = walk(shapes, f"{flows}; j > c > end; n > late > end").deliver("n").complete("w").complete("e")
    back: Acts = [["back", "b2", {}], ["complete", "b", {"y": 3}], ["complete", "b2", {"z": 4}]]
    rest: Acts = [["complete", "c", {}], ["complete", "late", {}]]
    return case.complete("a", x=1).complete("b", y=2), [*back, *rest]


VALUES = {
    "number": "12.50",
    "large": "9007199254740993",
    "day": 'date("2026-03-02")',
    "moment": 'date and time("2026-03-02T09:00:00@Asia/Shanghai")',
    "offset": 'date and time("2026-03-02T09:00:00+08:00")',
    "hour": 'time("09:00:00")',
    "span": 'duration("P1DT2H")',
    "months": 'duration("P14M")',
    "nothing": "null",
    "tagged": '{"$": ["n", "1"], "$x": true}',
}


def with_values() -> tuple[Walk, Acts]:
    """A value of every kind."""
    shapes = [start(), service("s", extension=outputs(**VALUES)), step("a"), end()]
    return walk(shapes, "start > s > a > end"), [["complete", "a", {}]]


def ended() -> tuple[Walk, Acts]:
    """A case that has ended."""
    return walk([start(), step("a", "x"), end("done")], "start > a > done").complete("a", x=1), []


KINDS = (in_a_sub_process, in_several_instances, with_events, before_joins, with_values, ended)


def carry_on(case: Walk, acts: Acts) -> dict[str, object]:
    """Do the acts; return what the case waited for before, between and after them, and what came of it.

    All in words that no format has a part in.
    """
    waits = [_waits(case)]
    for act, element, given in acts:
        if act == "back":
            token = case.token(element)
            (point,) = return_points(case.spec, case.outcome.state, token.id)
            instruction = Return(token.id, point.activation)
            case.outcome = move(case.spec, case.outcome.state, instruction, case.host, NOW)
        else:
            getattr(case, act)(element, **given)
        waits.append(_waits(case))
    known = {name: str(value) for name, value in case.outcome.variables.items()}
    return {"waits": waits, "variables": known, "status": case.outcome.status}


def _waits(case: Walk) -> list[str]:
    return [f"{t.element} {t.kind} {t.due_at or ''} {t.correlation or ''}" for t in case.outcome.tokens]


def keep(release: str) -> None:
    """Write the cases of this release."""
    for make in KINDS:
        case, acts = make()
        folder = STATES / release / make.__name__
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "spec.json").write_bytes(case.spec.to_json())
        (folder / "state.bin").write_bytes(case.outcome.state)
        (folder / "then.json").write_bytes(orjson.dumps({"acts": acts, "then": carry_on(case, acts)}))


if __name__ == "__main__":
    keep(sys.argv[1])
