"""The arithmetic of a signing round: what the signatures so far lead to. No rows, no clock, no people.

A round has one *place* for each signer whom the diagram names; who is added later (加签) sits in the place of the
one who asked: the place approves once all of it have, and refuses as soon as one does. So nobody gains or loses
votes by adding signers. The mode counts places.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final, TypeVar

from msgspec import Struct

RESULT: Final = "sign_result"
SIGNATURES: Final = "signatures"
"""Under these names the answers with which a step is completed tell how its round ended."""

Id = Hashable
_Key = TypeVar("_Key")


class Mode(StrEnum):
    """How a round is decided: all must approve (会签), the first decides (或签), in order (依次), by share (比例)."""

    ALL = "all"
    ANY = "any"
    ORDER = "order"
    SHARE = "share"


class How(StrEnum):
    """Where an added signer stands: before the one who asked (前), after (后), beside (并)."""

    BEFORE = "before"
    AFTER = "after"
    BESIDE = "beside"


class State(StrEnum):
    """Where a seat stands; a void one was removed, or is no longer needed."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    VOID = "void"


class Rule(Struct, frozen=True):
    """The mode of a round, and the share of places that must approve, above 0 and up to 1."""

    mode: Mode
    share: Decimal = Decimal(1)

    def needed(self, places: int) -> int:
        """Return how many of so many places must approve: the share, rounded up, never none."""
        return max(1, int((self.share * places).to_integral_value(ROUND_CEILING)))


class Seat(Struct, frozen=True):
    """One signature that is asked for. `turn` orders those that are done; `approves` is None of a mere opinion.

    `carries` tells whether the step's own form was asked; `veto` counts for the place of a seat that is not added.
    """

    id: Id
    place: int
    state: State = State.WAITING
    approves: bool | None = None
    carries: bool = True
    veto: bool = False
    added_to: Id | None = None
    how: How | None = None
    turn: int = 0

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is asked of it any more."""
        return self.state in (State.DONE, State.VOID)


class Outlook(Struct, frozen=True):
    """What follows: the result if it is certain, whose answers carry it, and which seats change."""

    result: bool | None
    carrier: Id | None
    opens: tuple[Id, ...]
    waits: tuple[Id, ...]
    voids: tuple[Id, ...]


def outlook(rule: Rule, seats: Sequence[Seat]) -> Outlook:
    """Return what follows from the signatures so far."""
    verdicts = {place: _verdict(members) for place, members in _by(seats, lambda seat: seat.place).items()}
    vetoes = {seat.place for seat in seats if seat.veto and seat.added_to is None}
    result = decided(rule, verdicts, vetoes)
    undone = [seat for seat in seats if not seat.is_over]
    if result is not None:
        return Outlook(result, _carrier(seats, approves=result), (), (), tuple(seat.id for seat in undone))
    ready = _ready(rule, seats, verdicts)
    live = [seat for seat in undone if verdicts[seat.place] is None]
    return Outlook(
        None,
        None,
        opens=tuple(seat.id for seat in live if seat.state is State.WAITING and seat.id in ready),
        waits=tuple(seat.id for seat in live if seat.state is State.OPEN and seat.id not in ready),
        voids=tuple(seat.id for seat in undone if verdicts[seat.place] is not None),
    )


def decided(rule: Rule, verdicts: Mapping[int, bool | None], vetoes: Iterable[int] = ()) -> bool | None:
    """Return the result of a round as soon as it is certain, whatever the places that are still to be heard say."""
    known = [verdict for verdict in verdicts.values() if verdict is not None]
    if rule.mode is Mode.ANY:
        return known[0] if known else None
    needed = rule.needed(len(verdicts)) if rule.mode is Mode.SHARE else len(verdicts)
    powers = [verdicts[place] for place in vetoes]
    if known.count(False) > len(verdicts) - needed or False in powers:
        return False
    return True if known.count(True) >= needed and None not in powers else None


def _verdict(members: Iterable[Seat]) -> bool | None:
    """Return what a place says: no as soon as one says so, yes once all have signed; nothing if nobody is asked."""
    live = [seat for seat in members if seat.state is not State.VOID]
    if any(seat.approves is False for seat in live if seat.state is State.DONE):
        return False
    return True if live and all(seat.state is State.DONE for seat in live) else None


def _carrier(seats: Iterable[Seat], *, approves: bool) -> Id:
    """Return the last signature whose vote is the result; a step that asks for no vote has one that carries."""
    signed = [seat for seat in seats if seat.state is State.DONE and seat.carries]
    return max((seat for seat in signed if seat.approves in (approves, None)), key=lambda seat: seat.turn).id


def _ready(rule: Rule, seats: Sequence[Seat], verdicts: Mapping[int, bool | None]) -> set[Id]:
    """Return the seats whose turn it is, or was."""
    added = _by([seat for seat in seats if seat.added_to is not None], lambda seat: seat.added_to)
    ready: set[Id] = set()
    pending = []
    for seat in seats:
        earlier = (verdicts[place] for place in verdicts if place < seat.place)
        if seat.added_to is None and (rule.mode is not Mode.ORDER or all(earlier)):
            pending.append(seat)
    while pending:
        seat = pending.pop()
        mine = added.get(seat.id, ())
        pending.extend(other for other in mine if other.how is not How.AFTER or seat.is_over)
        before = [other for other in mine if other.how is How.BEFORE]
        if all(_is_through(other, added) for other in before):
            ready.add(seat.id)
    return ready


def _is_through(seat: Seat, added: Mapping[Id | None, Sequence[Seat]]) -> bool:
    """Tell whether a signer and all whom they asked in turn are done."""
    pending = [seat]
    while pending:
        here = pending.pop()
        if not here.is_over:
            return False
        pending.extend(added.get(here.id, ()))
    return True


def _by(seats: Iterable[Seat], key: Callable[[Seat], _Key]) -> dict[_Key, list[Seat]]:
    found: dict[_Key, list[Seat]] = {}
    for seat in seats:
        found.setdefault(key(seat), []).append(seat)
    return found
