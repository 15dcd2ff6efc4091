"""A host that remembers what it was asked, and a walk through a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

import feel
from tests.workflows.engine.drawing import Shape, draw
from workflows import engine
from workflows.engine import Complete, DecisionFile, Deliver, Fire, Outcome, Spec, Token, compile_process

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def end_of_day(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


FUNCTIONS = {
    "end of day": feel.HostFunction(("day",), end_of_day),
    "start of day": feel.HostFunction(("day",), lambda day: datetime.combine(day, time(), SHANGHAI)),
    "add workdays": feel.HostFunction(("day", "days"), lambda day, days: day + timedelta(days=int(days))),
    "workdays": feel.HostFunction(("days",), lambda days: end_of_day(NOW.date() + timedelta(days=int(days)))),
}


class RememberingHost(Struct):
    """Answers operations from a table, and remembers what it was asked."""

    results: dict[str, object] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, object], str]] = field(default_factory=list)
    feel: feel.Host = field(default_factory=lambda: feel.Host(functions=FUNCTIONS))

    def call(self, operation: str, inputs: dict[str, object], element: str) -> dict[str, object]:
        self.calls.append((operation, inputs, element))
        result = self.results.get(operation, {})
        return result(inputs) if isinstance(result, Callable) else dict(result)

    def decision(self, name: str) -> DecisionFile:
        found = self.results[name]
        return found if isinstance(found, DecisionFile) else DecisionFile(found)


class Walk(Struct):
    """A case that is carried through its diagram; `hops` are the trail of all commands."""

    spec: Spec
    host: RememberingHost
    outcome: Outcome
    now: datetime = NOW
    hops: list[str] = field(default_factory=list)

    @property
    def open(self) -> list[str]:
        return sorted(token.element for token in self.outcome.tokens)

    def token(self, element: str) -> Token:
        return next(token for token in self.outcome.tokens if token.element == element)

    def complete(self, element: str, **answers: object) -> Walk:
        return self.carry(Complete(self.token(element).id, answers))

    def fire(self, element: str) -> Walk:
        return self.carry(Fire(self.token(element).id))

    def deliver(self, element: str, **payload: object) -> Walk:
        return self.carry(Deliver(self.token(element).id, payload))

    def carry(self, instruction: Complete | Fire | Deliver) -> Walk:
        self.outcome = engine.advance(self.spec, self.outcome.state, instruction, self.host, self.now)
        self.hops += [f"{done.kind}:{done.element}" for done in self.outcome.trail]
        return self

    def later(self, **span: float) -> Walk:
        self.now += timedelta(**span)
        return self

    def copy(self) -> Walk:
        return replace(self, hops=list(self.hops))


def walk(
    shapes: Iterable[Shape],
    flows: str,
    variables: Mapping[str, object] | None = None,
    host: RememberingHost | None = None,
    start_id: str | None = None,
) -> Walk:
    """Start a case of a diagram."""
    return begin(compile_process(draw(shapes, flows)), variables, host, start_id)


def begin(
    spec: Spec,
    variables: Mapping[str, object] | None = None,
    host: RememberingHost | None = None,
    start_id: str | None = None,
) -> Walk:
    host = host or RememberingHost()
    outcome = engine.start(spec, variables or {}, host, NOW, start_id)
    return Walk(spec, host, outcome, hops=[f"{done.kind}:{done.element}" for done in outcome.trail])
