"""The words of the engine's face: what goes in, what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol  # Any: the compiled form is JSON

from msgspec import Struct, field

if TYPE_CHECKING:
    import feel

Node = Mapping[str, Any]
"""An element of a compiled diagram; what stands where is the parser's promise, checked before publishing."""

TokenKind = Literal["step", "timer", "message", "condition"]
SigningMode = Literal["all", "any", "order", "share"]


class Vote(Struct, frozen=True):
    """Which field of a step's form is the vote, and which of its values approves."""

    field: str
    approve: str


class Signing(Struct, frozen=True):
    """How a step is countersigned.

    `signers` is the FEEL text that names them; `share` how much of them must approve, of mode share alone; `veto`
    the roles of which one refusal decides, and that must be heard.
    """

    mode: SigningMode
    signers: str
    share: Decimal | None
    veto: tuple[str, ...]


class Step(Struct, frozen=True):
    """A user task of a diagram, as the rest of the product needs to know it."""

    id: str
    name: str
    role: str | None
    form: str
    deadline_kind: str | None
    wall: bool
    article: str | None
    doc: str
    signing: Signing | None = None
    vote: Vote | None = None
    timeout: str | None = None
    """What the product does of itself when the step's last day is over."""


class StartPoint(Struct, frozen=True):
    """A start event: `kind` is none, message, signal or timer; `detail` its message name or timer text.

    With a `form` a person of one of the `roles` may begin a case by filling it in: about a record of the kind
    `about`, if that is said, else of the own organization. `number` is the code in the numbers of such cases.
    """

    id: str
    name: str
    kind: str
    detail: str | None
    form: str | None
    roles: tuple[str, ...]
    about: str | None
    number: str | None
    doc: str


class StartDue(Struct, frozen=True):
    """When a process starts by itself, and how often in all, this time included."""

    at: datetime
    rounds: int


class EventPoint(Struct, frozen=True):
    """An event that waits: `kind` message, signal, timer, condition, error or escalation; `message` its name.

    With a `form` a person of one of the `roles` may cause the message by filling it in.
    """

    id: str
    name: str
    kind: str
    message: str | None
    form: str | None
    roles: tuple[str, ...]
    doc: str


class OperationUse(Struct, frozen=True):
    """A call of an operation in a diagram, for the check against the catalogue."""

    element: str
    operation: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class Site(Struct, frozen=True):
    """An expression of a diagram and where it stands."""

    element: str
    site: str
    text: str


class Token(Struct, frozen=True):
    """A place where a case waits: for a person, for an instant, or for a message."""

    id: str
    element: str
    kind: TokenKind
    name: str
    role: str | None = None
    assignee: str | None = None
    due: date | None = None
    provisional: bool = False
    deadline_kind: str | None = None
    due_at: datetime | None = None
    message: str | None = None
    correlation: str | None = None
    activation: str = ""
    title: str | None = None
    signal: bool = False
    signers: tuple[str, ...] | None = None


class Occurrence(Struct, frozen=True):
    """One thing that the engine did of itself, for the case's chain of events."""

    kind: str
    element: str
    name: str
    detail: dict[str, object] = field(default_factory=dict)


class Emitted(Struct, frozen=True):
    """A message to deliver after the commit; `target_process` None means whoever waits for it."""

    name: str
    correlation: str
    payload: dict[str, object]
    target_process: str | None
    signal: bool = False


class Called(Struct, frozen=True):
    """A case to open after the commit's writes; its end answers the token (调用活动)."""

    process: str
    element: str
    name: str
    token_id: str
    inputs: dict[str, object]


class Outcome(Struct, frozen=True):
    """What a verb made of a case. `tokens` are all that are open now."""

    state: bytes
    tokens: tuple[Token, ...]
    opened: tuple[Token, ...]
    closed: tuple[Token, ...]
    variables: dict[str, object]
    trail: tuple[Occurrence, ...]
    emitted: tuple[Emitted, ...]
    status: Literal["open", "completed", "cancelled"]
    end_event: str | None
    called: tuple[Called, ...] = ()


class Complete(Struct, frozen=True):
    """A person finished a step."""

    token_id: str
    answers: Mapping[str, object]


class Fire(Struct, frozen=True):
    """A timer is due."""

    token_id: str


class Deliver(Struct, frozen=True):
    """A message or signal has arrived for a token."""

    token_id: str
    payload: Mapping[str, object]


class Return(Struct, frozen=True):
    """Send the work back (驳回, 撤回): from an open token to an activation of `return_points`.

    With `straight` (直送) the step, once done again, leads to the returned one, and all between is left out; the
    text is the assignee that the returned step then has, empty for the diagram's own.
    """

    token_id: str
    activation: str
    straight: str | None = None


class MoveTokens(Struct, frozen=True):
    """Cancel tokens and start elements of the process or of a running sub-process, for operations staff."""

    cancel: tuple[str, ...]
    start: tuple[str, ...]


class Cancel(Struct, frozen=True):
    """End the case with everything that is open in it."""

    reason: str


class ReturnPoint(Struct, frozen=True):
    """A finished step that the work may go back to."""

    activation: str
    element: str
    name: str


Instruction = Complete | Fire | Deliver


class DecisionFile(Struct, frozen=True):
    """A DMN file, and the files beside it that it may import."""

    source: bytes
    beside: tuple[bytes, ...] = ()


def decision_file(source: bytes, beside: Iterable[bytes]) -> DecisionFile:
    """Return a DMN file with what is beside it, if it imports anything at all."""
    return DecisionFile(source, tuple(beside) if b"import" in source else ())


class Host(Protocol):
    """What the engine asks of the one who calls it."""

    @property
    def feel(self) -> feel.Host:
        """Functions and patterns for expressions (`workdays`, `start of day` …)."""
        ...

    def call(self, operation: str, inputs: dict[str, object], element: str) -> dict[str, object]:
        """Run an operation of the catalogue and return its result."""
        ...

    def decision(self, name: str) -> DecisionFile:
        """Return the DMN file of the case's release that holds the decision of that name."""
        ...
