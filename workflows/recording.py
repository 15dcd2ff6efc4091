"""What a command's first event keeps beside its sentence, so that the case can be replayed without its operations."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from store.events import EventDraft
from workflows.engine import Deliver, MoveTokens, Outcome, Return, mapping_from_json, plain_mapping, to_json
from workflows.values import json_object

TOLD: Final = frozenset({"call", "decision", "doubt", "timer", "message", "signal", "end"})
"""What the engine does of itself and tells in events of its own."""
FOUND: Final = "found"
"""What operations found: a list of element, operation, result; a result in the kinds that expressions see."""
VARIABLES: Final = "variables"
DELIVERED: Final = "delivered"
STRAIGHT: Final = "straight"
CANCELLED, STARTED = "cancelled", "started"


def with_findings(head: EventDraft, outcome: Outcome) -> EventDraft:
    """Return the event with the results of the operations that were called."""
    found = [
        [done.element, done.detail["operation"], to_json(done.detail["result"])]
        for done in outcome.trail
        if done.kind == "operation"
    ]
    return _with(head, {FOUND: found} if found else {})


def with_variables(head: EventDraft, variables: Mapping[str, object]) -> EventDraft:
    """Return the event of a case's beginning with what it began with."""
    kept = to_json(plain_mapping(variables))
    return _with(head, {VARIABLES: kept} if kept else {})


def with_payload(head: EventDraft, instruction: object) -> EventDraft:
    """Return the event of a message with its payload in its own kinds, if the readable copy has lost them."""
    if not isinstance(instruction, Deliver):
        return head
    kept = to_json(plain_mapping(instruction.payload))
    is_told = kept == json_object(instruction.payload)
    return _with(head, {DELIVERED: kept} if kept and not is_told else {})


def with_move(head: EventDraft, instruction: object, outcome: Outcome) -> EventDraft:
    """Return the event of a return or a move by hand with the elements that it led from and to."""
    if isinstance(instruction, Return):
        return _with(head, {STRAIGHT: True} if instruction.straight is not None else {})
    if isinstance(instruction, MoveTokens):
        gone = [token.element for token in outcome.closed if token.id in instruction.cancel]
        return _with(head, {CANCELLED: gone, STARTED: list(instruction.start)})
    return head


def kept_variables(body: Mapping[str, object]) -> dict[str, object]:
    """Return what a case began with, by the event of its beginning."""
    return mapping_from_json(body.get(VARIABLES) or {})


def _with(head: EventDraft, kept: Mapping[str, object]) -> EventDraft:
    return replace(head, body={**head.body, **kept}) if kept else head
