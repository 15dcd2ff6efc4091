"""What can go wrong in the engine: names and facts; the Chinese sentences are in `wording.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from msgspec import Struct


class Fix(Struct, frozen=True):
    """A change that ends a finding and needs no thought: its name, what a button says, ids and texts."""

    name: str
    label: str
    arguments: Mapping[str, str]


class Finding(Struct, frozen=True):
    """One thing that is wrong with a diagram: where it is, which rule says so, the sentence for people.

    Of weight E it blocks publication, of weight W it is only told.
    """

    element: str | None
    rule: str
    message_zh: str
    weight: Literal["E", "W"] = "E"
    fix: Fix | None = None


class EngineError(Exception):
    """Base of every error of the engine.

    `kind` is the kind of incident that it becomes (engine.md §11), `element` the id in the diagram,
    `facts` what a sentence about it needs.
    """

    kind: ClassVar[str] = "invariant"

    def __init__(self, element: str | None = None, **facts: object) -> None:
        self.element = element
        self.facts = facts
        told = ", ".join(f"{name}={value!r}" for name, value in facts.items())
        super().__init__(f"{type(self).__name__} at {element or '–'}: {told}")


class DiagramError(EngineError):
    """The diagram cannot be published; `findings` name every reason with its element."""

    kind = "diagram"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__(findings[0].element if findings else None, findings=len(findings))

    def __str__(self) -> str:
        return "\n".join(f"{f.element or '–'} [{f.rule}] {f.message_zh}" for f in self.findings)


class NoPathError(EngineError):
    """No condition of a gateway is true and it has no default flow."""

    kind = "no-path"


class StandstillError(EngineError):
    """After the command nothing would be open, yet the case would not have ended: a join waits in vain."""

    kind = "standstill"


class ExpressionError(EngineError):
    """An expression has no value that can be used here (`site`, `text`, `value`, `reason`)."""

    kind = "expression"


class DecisionError(EngineError):
    """A decision table could not decide (`decision`, `reason`)."""

    kind = "decision"


class LimitError(EngineError):
    """One command asked for more than it may use (`what`, `limit`)."""

    kind = "limit"


class OperationFailedError(EngineError):
    """An operation of the catalogue raised; the error itself is `__cause__` (`operation`, `reason`)."""

    kind = "service"


class TokenGoneError(EngineError):
    """The token is not open (any more): the page that asked was old (`token`)."""

    kind = "invariant"


class StateError(EngineError):
    """A state cannot be read or a value cannot be kept in one (`reason`)."""

    kind = "state"


class DataError(EngineError):
    """A value that came from outside is of a kind that no case may hold (`reason`, `path`)."""

    kind = "data"


class MoveError(EngineError):
    """A return or move is not possible (`reason`)."""

    kind = "invariant"
