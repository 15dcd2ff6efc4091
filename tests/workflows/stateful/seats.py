"""The signing rules of the reference model: the items of a step, and what follows from the signatures so far."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from tests.workflows.stateful.game import Activation, People

UNDONE = ("pool", "held", "waiting")


class Item(Struct, eq=False):
    """A piece of work: of a step that several sign, one seat. `touched`, `typed`, `seen`: begun with."""

    of: Activation
    role: str
    who: str | None = None
    owner: str | None = None
    status: str = "pool"
    hands: tuple[str, ...] = ()
    place: int = 0
    doer: str | None = None
    says: str = ""
    added_to: Item | None = None
    how: str = ""
    added_by: str | None = None
    touched: bool = False
    typed: bool = False
    seen: bool = False
    urged: bool = False

    @property
    def veto(self) -> bool:
        """Tell whether its refusal decides alone: of a role that the diagram says so of, in a seat of the diagram."""
        sign = self.of.step.sign
        return self.added_to is None and sign is not None and self.role == sign.veto

    @property
    def is_undone(self) -> bool:
        """Tell whether somebody is still to do it, now or when it is their turn."""
        return self.status in UNDONE

    @property
    def is_open(self) -> bool:
        """Tell whether it lies open in an inbox."""
        return self.status in ("pool", "held")

    def is_of(self, person: str) -> bool:
        """Tell whether a person has signed here, or is the one who will."""
        return self.doer == person if self.status == "done" else self.is_undone and self.who == person


class Round(Struct, eq=False):
    """A round of signatures. `votes`: the step asks for a vote; without one, added signers have opinions."""

    mode: str
    votes: bool
    share: Fraction = Fraction(1)
    decided_by: str | None = None
    signed: list[Item] = field(default_factory=list)


def seats_of(opened: Activation, people: People, heir: str | None) -> tuple[Round | None, list[Item]]:
    """Return the items of a step that is opened: one, or one for each signer whom the diagram names."""
    step = opened.step
    if step.sign is None:
        who, owner = people.given(heir, step.role)
        return None, [Item(opened, step.role, who, owner, "held" if who else "pool")]
    items: list[Item] = []
    for place, signer in enumerate(step.sign.signers, 1):
        is_person = signer in people.roles
        role = step.role if is_person else signer
        who, owner = people.given(signer, role) if is_person else (None, None)
        if who in [item.who for item in items]:
            who, owner = None, None
        status = "waiting" if step.sign.mode == "order" and place > 1 else "held" if who else "pool"
        items.append(Item(opened, role, who, owner, status, place=place))
    return Round(step.sign.mode, votes=True, share=Fraction(step.sign.share or "1")), items


def settle(activation: Activation, people: People) -> str:
    """Let come true what follows from the signatures; return how the round ended, nothing while it goes on."""
    found, items = activation.round, activation.items
    places = sorted({item.place for item in items})
    verdicts = {place: _verdict([item for item in items if item.place == place]) for place in places}
    vetoes = [verdicts[item.place] for item in items if item.veto]
    result = _result(found, list(verdicts.values()), vetoes)
    for item in items:
        if not item.is_undone:
            continue
        if result or verdicts[item.place]:
            item.status = "void"
            continue
        earlier = [verdicts[place] for place in places if place < item.place]
        turn = found.mode != "order" or all(verdict == "approve" for verdict in earlier)
        if turn and _is_asked(item, items):
            _ask(item, items, people)
        else:
            item.status = "waiting"
    return result


def _ask(item: Item, items: list[Item], people: People) -> None:
    """It is somebody's turn; who is away by now has a substitute, as with all work that is given to them."""
    if item.status == "waiting" and item.who is not None and item.owner is None:
        who, owner = people.given(item.who, item.role)
        taken = who != item.who and any(other.is_of(who) for other in items if other is not item and who)
        item.who, item.owner = (None, None) if taken else (who, owner)
    item.status = "held" if item.who else "pool"


def _verdict(members: list[Item]) -> str:
    live = [item for item in members if item.status != "void"]
    if any(item.says == "return" for item in live if item.status == "done"):
        return "return"
    return "approve" if all(item.status == "done" for item in live) else ""


def _result(found: Round, verdicts: list[str], vetoes: list[str]) -> str:
    known = [verdict for verdict in verdicts if verdict]
    if found.mode == "any":
        return known[0] if known else ""
    needed = ceil(found.share * len(verdicts)) if found.mode == "share" else len(verdicts)
    if "return" in vetoes or len(verdicts) - known.count("return") < needed:
        return "return"
    return "approve" if known.count("approve") >= needed and all(vetoes) else ""


def _is_asked(item: Item, items: list[Item]) -> bool:
    """Tell whether it is the turn of a seat within its place: before, after or beside the one who asked for it."""
    adder = item.added_to
    if adder is not None and item.how == "after" and adder.is_undone:
        return False
    if adder is not None and not _is_reached(adder):
        return False
    return all(
        _is_through(other, items) for other in items if other.added_to is item and other.how == "before"
    )


def _is_reached(item: Item) -> bool:
    adder = item.added_to
    if adder is None:
        return True
    return _is_reached(adder) and (item.how != "after" or not adder.is_undone)


def _is_through(item: Item, items: list[Item]) -> bool:
    """Tell whether a signer is done, and all whom they asked in turn."""
    asked = [other for other in items if other.added_to is item]
    return not item.is_undone and all(_is_through(other, items) for other in asked)
