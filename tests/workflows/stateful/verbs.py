"""The verbs of the reference model, written from docs/verbs.md: when each is refused, and what it changes."""

from __future__ import annotations

from itertools import product, takewhile

from msgspec import Struct

from tests.workflows.stateful.game import Activation, Game, lineage
from tests.workflows.stateful.seats import Item, Round, settle
from tests.workflows.stateful.tree import COORDINATOR, FINANCE, MANAGER, VISITOR

GIVING = ("transfer", "delegate")
ADDING = ("add_before", "add_beside", "add_after")
ON_ITEMS = ("claim", "release", "draft", "approve", "refuse", "withdraw", "hand_back", "remove", "urge")
ON_CASES = ("copy", "comment")
OF_TIME = ("time_out", "edge")
VERBS = (*ON_ITEMS, "return", "straight", *GIVING, *ADDING, *ON_CASES, "absence", "back", *OF_TIME)
ABOVE = {COORDINATOR: MANAGER, VISITOR: MANAGER, FINANCE: MANAGER}
DEEPEST = 3
ABSENT_DAYS = 3


class Deed(Struct, frozen=True, eq=False):
    """Somebody does something: to an item, back to a step, with another person."""

    verb: str
    actor: str = ""
    item: Item | None = None
    target: Activation | None = None
    other: str = ""


def deeds(game: Game, verb: str) -> list[Deed]:
    """Return everything that may be tried with a verb, whether it is allowed or not."""
    people = sorted(game.people.roles)
    if verb in OF_TIME:
        return [Deed(verb, item=item) for item in game.items() if item.is_open and _is_due(game, verb, item)]
    if verb in ON_CASES:
        return [Deed(verb, actor) for actor in people]
    if verb in ("absence", "back"):
        others = people if verb == "absence" else [""]
        return [Deed(verb, actor, other=other) for actor, other in product(people, others)]
    items = [
        item for item in game.items() if item.is_undone or item.of.status == "open" or verb == "withdraw"
    ]
    return [
        Deed(verb, actor, item, target, other)
        for actor, item in product(people, items)
        for target in (_targets(game, item) if verb in ("return", "straight") else [None])
        for other in (people if verb in (*GIVING, *ADDING) else [""])
    ]


def why_not(game: Game, deed: Deed) -> str:
    """Return why a deed is refused, nothing if it is not."""
    item = deed.item
    if deed.verb in ON_CASES or deed.verb in OF_TIME:
        return ""
    if item is None:
        return _REFUSING[deed.verb](game, deed)
    if deed.verb not in ("withdraw", "remove") and not item.is_open:
        return "it is over, or not yet their turn"
    return _REFUSING.get(deed.verb, _not_theirs)(game, deed)


def carry_out(game: Game, deed: Deed) -> None:
    """Change the model as the deed does."""
    _DOING[deed.verb](game, deed)


def is_own(game: Game, item: Item, actor: str) -> bool:
    """Tell whether somebody holds an item, or could take it from the pool."""
    if item.who is not None:
        return item.who == actor
    return item.role in game.people.roles[actor]


def others_of(item: Item) -> list[Item]:
    """Return the other seats of an item's round."""
    return [other for other in item.of.items if other is not item]


def _targets(game: Game, item: Item) -> list[Activation]:
    return game.points(item.of)


def _is_due(game: Game, verb: str, item: Item) -> bool:
    here = item.of
    if verb == "edge":
        return here.step.watched and game.people.day > here.opened_on
    return bool(here.step.timeout) and game.people.day > here.opened_on


def _not_theirs(game: Game, deed: Deed) -> str:
    """Whoever works on an item holds it or may take it, and has its role."""
    item = deed.item
    if item.who is not None and item.who != deed.actor:
        return "somebody else has it"
    return "" if item.role in game.people.roles[deed.actor] else "another role"


def _no_claim(game: Game, deed: Deed) -> str:
    if why := _not_theirs(game, deed):
        return why
    return "signs elsewhere in the round" if _signs_besides(deed.item, deed.actor) else ""


def _no_release(_: Game, deed: Deed) -> str:
    return "" if deed.item.who == deed.actor and not deed.item.hands else "not in their hands, or delegated"


def _no_completion(game: Game, deed: Deed) -> str:
    return _no_claim(game, deed) or ("delegated" if deed.item.hands else "")


def _no_return(game: Game, deed: Deed) -> str:
    if why := _not_theirs(game, deed) or ("delegated" if deed.item.hands else ""):
        return why
    here = deed.item.of
    if deed.verb == "straight" and not (here.alone and _leads_straight(game, deed.target, here)):
        return "branches or a sub-process in between"
    return ""


def _leads_straight(game: Game, target: Activation, here: Activation) -> bool:
    """Tell whether two steps lie in one scope, and only steps between them whatever way is taken."""
    nearer = takewhile(lambda node: node is not target, lineage(here))
    in_scope = not any(node.kind in ("inside", "each") for node in nearer)
    return in_scope and game.ways.lead_straight(target.step.name, here.step.name)


def _no_withdrawal(game: Game, deed: Deed) -> str:
    item, actor = deed.item, deed.actor
    here = item.of
    if item.status != "done" or item.doer != actor or here.status != "done":
        return "not theirs"
    behind = game.after(here)
    if not any(here in game.points(each) for each in behind):
        return "nothing open comes of it"
    if here.round is not None and here.round.decided_by != actor:
        return "another decided"
    later = [each for each in game.activations if here in lineage(each)]
    if any(other.status == "done" for each in later for other in each.items):
        return "somebody has done what follows"
    undone = [other for each in behind for other in each.undone()]
    opened = [
        other for other in undone if (other.touched or other.typed or other.seen) and other.who != actor
    ]
    return "somebody has begun with what follows" if opened else ""


def _no_transfer(game: Game, deed: Deed) -> str:
    item, actor, roles = deed.item, deed.actor, game.people.roles
    if not is_own(game, item, actor) and MANAGER not in roles[actor]:
        return "not in their hands"
    if item.hands:
        return "delegated"
    return _unfit(game, deed)


def _no_delegation(game: Game, deed: Deed) -> str:
    item = deed.item
    if item.who != deed.actor:
        return "not in their hands"
    if len(item.hands) >= DEEPEST or deed.other in (*item.hands, deed.actor):
        return "too deep, or in a circle"
    return _unfit(game, deed)


def _unfit(game: Game, deed: Deed) -> str:
    if deed.item.role not in game.people.roles[deed.other]:
        return "another role"
    if _signs_besides(deed.item, deed.other):
        return "signs elsewhere in the round"
    return "away" if game.people.is_away(deed.other) else ""


def _no_hand_back(_: Game, deed: Deed) -> str:
    item = deed.item
    return "" if item.hands and deed.actor in (item.who, item.owner) else "not delegated to or by them"


def _no_addition(game: Game, deed: Deed) -> str:
    item, other = deed.item, deed.other
    if item.who != deed.actor or item.hands:
        return "not in their hands, or delegated"
    if any(seat.is_of(other) for seat in item.of.items) or game.people.is_away(other):
        return "in the round already, or away"
    return "nobody would be left for another seat" if _is_needed(game, item, other) else ""


def _is_needed(game: Game, item: Item, person: str) -> bool:
    """Tell whether a seat that lies in a pool would have nobody left to sign it if this person had another."""
    seats = item.of.items
    free = [each for each in game.people.roles if not any(seat.is_of(each) for seat in seats)]
    for role in game.people.roles[person]:
        pooled = [
            seat for seat in others_of(item) if seat.is_undone and seat.who is None and seat.role == role
        ]
        able = [each for each in free if role in game.people.roles[each] and each != person]
        if pooled and len(able) < len(pooled):
            return True
    return False


def _no_removal(_: Game, deed: Deed) -> str:
    item = deed.item
    if item.added_to is None or not item.is_undone:
        return "the diagram asks for it, or it is signed"
    return "" if item.added_by == deed.actor or item.added_to.is_of(deed.actor) else "added by another"


def _no_urging(game: Game, deed: Deed) -> str:
    return "their own" if is_own(game, deed.item, deed.actor) else "urged just now" if deed.item.urged else ""


def _no_absence(game: Game, deed: Deed) -> str:
    people, actor, other = game.people, deed.actor, deed.other
    if actor == other or people.roles[actor] - people.roles[other]:
        return "cannot do the work"
    return "away at the time" if people.is_away(actor) or people.is_away(other) else ""


def _no_coming_back(game: Game, deed: Deed) -> str:
    return "" if game.people.is_away(deed.actor) else "not away"


_REFUSING = {
    "claim": _no_claim,
    "release": _no_release,
    "approve": _no_completion,
    "refuse": _no_completion,
    "return": _no_return,
    "straight": _no_return,
    "withdraw": _no_withdrawal,
    "transfer": _no_transfer,
    "delegate": _no_delegation,
    "hand_back": _no_hand_back,
    **dict.fromkeys(ADDING, _no_addition),
    "remove": _no_removal,
    "urge": _no_urging,
    "absence": _no_absence,
    "back": _no_coming_back,
}


def _signs_besides(item: Item, person: str) -> bool:
    return any(other.is_of(person) for other in others_of(item))


def _claim(_: Game, deed: Deed) -> None:
    if deed.item.who is None:
        _give(deed.item, deed.actor)


def _give(item: Item, person: str | None) -> None:
    item.who, item.status, item.touched, item.seen = person, "held" if person else "pool", True, False


def _release(_: Game, deed: Deed) -> None:
    item = deed.item
    item.who, item.owner, item.status, item.touched = None, None, "pool", False


def _draft(_: Game, deed: Deed) -> None:
    deed.item.typed = True


def _complete(game: Game, deed: Deed) -> None:
    sign(game, deed.item, deed.actor, "approve" if deed.verb == "approve" else "return")


def sign(game: Game, item: Item, doer: str | None, says: str) -> None:
    """Do an item; a step that one does is finished with it, one that several sign when its round is decided."""
    here = item.of
    item.status, item.doer = "done", doer
    if here.round is None:
        game.finish(here, says)
        return
    item.says = says if here.round.votes else "opinion"
    here.round.signed.append(item)
    if not here.round.votes and item.added_to is None:
        here.said = says
    _decide(game, here, doer)


def _decide(game: Game, here: Activation, by: str | None) -> None:
    result = settle(here, game.people)
    if result:
        here.round.decided_by = by
        game.finish(here, result if here.round.votes else here.said)


def _return(game: Game, deed: Deed) -> None:
    straight = (deed.item.of, deed.actor) if deed.verb == "straight" else None
    game.go_back(deed.target, doer_of(deed.target), straight)


def doer_of(done: Activation) -> str | None:
    """Return who did a step: of one that was one person's, the one who was asked first."""
    return next(item.doer for item in done.items if item.added_to is None)


def _withdraw(game: Game, deed: Deed) -> None:
    game.go_back(deed.item.of, doer_of(deed.item.of), None)


def _transfer(_: Game, deed: Deed) -> None:
    item = deed.item
    item.owner, item.urged = None, False
    _give(item, deed.other)


def _delegate(_: Game, deed: Deed) -> None:
    item = deed.item
    item.owner = item.owner if item.hands else deed.actor
    item.hands, item.urged = (*item.hands, deed.actor), False
    _give(item, deed.other)


def _hand_back(game: Game, deed: Deed) -> None:
    item = deed.item
    able = item.owner if item.role in game.people.roles[item.owner] else None
    item.owner, item.hands = None, ()
    _give(item, able)


def _add(game: Game, deed: Deed) -> None:
    item, here = deed.item, deed.item.of
    if here.round is None:
        here.round, item.place = Round("all", here.step.vote), 1
    roles = game.people.roles[deed.other]
    role = item.role if item.role in roles else next(iter(roles))
    how = deed.verb.removeprefix("add_")
    added = Item(here, role, deed.other, None, "waiting", place=item.place)
    added.added_to, added.how, added.added_by, item.seen = item, how, deed.actor, True
    here.items.append(added)
    settle(here, game.people)


def _remove(game: Game, deed: Deed) -> None:
    deed.item.status = "void"
    _decide(game, deed.item.of, deed.actor)


def _urge(_: Game, deed: Deed) -> None:
    deed.item.urged = True


def _be_away(game: Game, deed: Deed) -> None:
    people = game.people
    people.away[deed.actor] = (people.day + ABSENT_DAYS, deed.other)
    for item in game.items():
        mine = item.is_open and item.who == deed.actor and not item.hands and item.owner != deed.other
        if mine and item.role in people.roles[deed.other] and not _signs_besides(item, deed.other):
            item.who, item.owner, item.seen = deed.other, deed.actor, False


def _come_back(game: Game, deed: Deed) -> None:
    del game.people.away[deed.actor]


def _time_out(game: Game, deed: Deed) -> None:
    """Do what the diagram says of a late item; nobody is signed for, and what cannot be done is a reminder."""
    item, action = deed.item, deed.item.of.step.timeout
    signed = item.of.round is not None
    if action == "escalate":
        _escalate(game, item)
    elif action == "approve" and not signed:
        sign(game, item, None, "approve")
    elif action == "return" and not signed and not item.hands and (points := game.points(item.of)):
        game.go_back(points[0], doer_of(points[0]), None)


def _escalate(game: Game, item: Item) -> None:
    above = ABOVE.get(item.role)
    able = [
        one for one, roles in game.people.roles.items() if above in roles and not _signs_besides(item, one)
    ]
    pooled = [seat for seat in others_of(item) if seat.is_undone and seat.who is None and seat.role == above]
    if above is not None and not item.veto and len(able) > len(pooled):
        item.role, item.who, item.owner, item.hands, item.status = above, None, None, (), "pool"
        item.touched, item.seen = False, False


def _edge(game: Game, deed: Deed) -> None:
    game.time_is_up(deed.item.of)


def _nothing(_: Game, __: Deed) -> None:
    """Nobody's work changes."""


_DOING = {
    "claim": _claim,
    "release": _release,
    "draft": _draft,
    "approve": _complete,
    "refuse": _complete,
    "return": _return,
    "straight": _return,
    "withdraw": _withdraw,
    "transfer": _transfer,
    "delegate": _delegate,
    "hand_back": _hand_back,
    **dict.fromkeys(ADDING, _add),
    "remove": _remove,
    "urge": _urge,
    **dict.fromkeys(ON_CASES, _nothing),
    "absence": _be_away,
    "back": _come_back,
    "time_out": _time_out,
    "edge": _edge,
}
