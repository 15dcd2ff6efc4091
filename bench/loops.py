"""Whether a loop stays as fast as it began: a visit that nobody accepts, dispatched again and again.

One case has gone round 2,000 times; windows of its next rounds take turns with windows of the first rounds of new
cases. The engine alone is measured, by its verbs, with operations that return at once. What grows in another way, by
the hazards of a visit, is measured on the databases by `bench.hazards`.
"""

import argparse
from collections.abc import Mapping
from datetime import date, datetime
from time import perf_counter
from typing import NoReturn

import feel
from bench import hazards
from bench.measure import Seconds, interleaved, ratio, spread
from bench.report import on_every_database
from rules.working_days import published_calendar
from store.database import Database
from workflows import engine
from workflows.bundles import DIAGRAMS
from workflows.host import feel_host
from workflows.runtime import wall_clock

ROUNDS = 2_000
WINDOW = 40
TARGET = 1.1


class QuietHost:
    """A host whose operations return at once."""

    def __init__(self, now: datetime) -> None:
        """Serve at this moment."""
        self.feel: feel.Host = feel_host(published_calendar(), now)
        self._day: date = now.date()

    def call(self, operation: str, inputs: dict[str, object], element: str) -> dict[str, object]:  # noqa: ARG002  # protocol
        """Return what a dispatch returns."""
        days = {"planned_on": self._day, "visit_accept_due": self._day}
        return {"lead_id": "somebody", **days, "visit_accept_provisional": False}

    def decision(self, name: str) -> NoReturn:
        """Refuse: the loop asks no decision."""
        raise LookupError(name)


class Loop:
    """A visit that goes round between dispatch and acceptance."""

    def __init__(self) -> None:
        """Read the shipped diagram."""
        self._spec = engine.compile_process((DIAGRAMS / "service_visit.bpmn").read_bytes())
        self._now = wall_clock()
        self._host = QuietHost(self._now)

    def begin(self) -> bytes:
        """Return the state of a new case."""
        variables: dict[str, object] = {"visit_id": "one", "policy_id": "one", "sequence": 1}
        return engine.start(self._spec, variables, self._host, self._now).state

    def turn(self, state: bytes, rounds: int) -> bytes:
        """Go round so many times: dispatched, and not accepted."""
        for answers in ({}, {"accepted": "no"}) * rounds:
            token = next(token for token in engine.peek(self._spec, state) if token.kind == "step")
            done = engine.Complete(token.id, answers)
            state = engine.advance(self._spec, state, done, self._host, self._now).state
        return state


def main(options: argparse.Namespace) -> int:
    """Measure; 1 if the 2,000th round, or the 500th hazard, costs more than 1.1 times the first."""
    seconds, sizes = measure(ROUNDS, options.rounds)
    grown = ratio(seconds["last"], seconds["first"])
    if not options.json:
        print(in_words(seconds, sizes, grown))

    def on(name: str, database: Database) -> hazards.Result:
        return hazards.measure(name, database, options.rounds)

    told = {"seconds": seconds, "bytes": sizes, "ratio": grown, "target": TARGET}
    missed = on_every_database(
        options, on, hazards.in_words, lambda result: result.grown <= TARGET, loop=told
    )
    return missed or int(grown > TARGET)


def in_words(seconds: Mapping[str, Seconds], sizes: Mapping[str, int], grown: float) -> str:
    """Return what was measured of the loop."""
    met = "达到" if grown <= TARGET else "没有达到"
    lines = (
        f"每窗 {WINDOW} 圈，{len(seconds['last'])} 窗，最小 / 中位 / 最大",
        f"  第 1 圈起    每圈 {spread(seconds['first'], WINDOW)}；状态 {sizes['first']} 字节",
        f"  第 {ROUNDS} 圈起 每圈 {spread(seconds['last'], WINDOW)}；状态 {sizes['last']} 字节",
        f"  后者是前者的 {grown:.3f} 倍（各窗之比的中位；目标不超过 {TARGET}，{met}）",
    )
    return "\n".join(lines)


def measure(rounds: int, windows: int) -> tuple[dict[str, Seconds], dict[str, int]]:
    """Return the seconds of the windows, and the bytes of a state at the first and at the last round."""
    loop = Loop()
    old = loop.turn(loop.begin(), rounds)
    sizes = {"first": len(loop.turn(loop.begin(), 1)), "last": len(old)}

    def window(state: bytes) -> float:
        began = perf_counter()
        loop.turn(state, WINDOW)
        return perf_counter() - began

    modes = {"first": lambda: window(loop.begin()), "last": lambda: window(old)}
    return interleaved(modes, windows), sizes
