"""A decision model: what was loaded, and what deciding gives."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from feel.errors import NullReason
from feel.nodes import Node
from feel.program import Body
from feel.types import ANY, Type
from feel.values import Value


class Finding(Struct, frozen=True):
    """What is wrong with a model: the element's id or name, a Chinese sentence, the rule that says so.

    `example` is an input that shows it: names of inputs or columns, with FEEL literals.
    """

    element: str
    message: str
    rule: str = "broken"
    example: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_note(self) -> bool:
        """Tell whether this is no fault but a limit of what could be looked at."""
        return self.rule == "unanalysed"


class Requirement(Struct, frozen=True):
    """A name in scope: where it comes from (a key of the graph), and the import it is reached through."""

    name: str
    key: str
    through: str = ""


class InputData(Struct, frozen=True):
    """A value that the caller gives."""

    key: str
    name: str
    type: Type = ANY


class Decision(Struct, frozen=True):
    """A decision, or a business knowledge model: an expression over its requirements."""

    key: str
    name: str
    body: Body | None
    requirements: tuple[Requirement, ...]
    type: Type = ANY
    is_knowledge: bool = False
    node: Node | None = None


class Service(Struct, frozen=True):
    """A decision service: which decisions it gives, and what it takes."""

    key: str
    name: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    type: Type = ANY


Part = InputData | Decision | Service


class Model(Struct, frozen=True):
    """A loaded model with everything it imports: parts by key, the keys of its own parts by name."""

    namespace: str
    parts: Mapping[str, Part]
    names: Mapping[str, str]
    types: Mapping[str, Type]
    findings: tuple[Finding, ...] = ()


class TableHit(Struct, frozen=True):
    """What a decision table saw and gave: inputs, the numbers of the rules that hold (from 1), the result.

    `decisive` are the places (from 0) of the columns on which it depended which rules hold: with another value
    there, and the same everywhere else, other rules could have held. None if nobody asked for an explanation.
    """

    inputs: tuple[Value, ...]
    rules: tuple[int, ...]
    value: Value
    labels: tuple[str, ...] = ()
    decisive: tuple[int, ...] | None = None


class Step(Struct, frozen=True):
    """One decision that was made on the way, with the tables in it and the reasons for nulls.

    `used` are the names that were read, `unused` those that the way to the value did not need; both are empty if
    nobody asked for an explanation.
    """

    decision: str
    value: Value
    tables: tuple[TableHit, ...]
    text: str = ""
    warnings: tuple[NullReason, ...] = ()
    used: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


class Outcome(Struct, frozen=True):
    """The value of a decision, the steps that led to it, and every reason for a null."""

    value: Value
    trace: tuple[Step, ...] = ()
    warnings: tuple[NullReason, ...] = ()
