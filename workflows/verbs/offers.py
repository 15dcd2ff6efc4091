"""All verbs that a person is offered on a work item, in the order in which the pages show them."""

from collections.abc import Callable

from workflows.advance import STANDS_STILL
from workflows.statuses import SUSPENDED
from workflows.verbs import (
    adding_signers,
    commenting,
    copying,
    delegating,
    removing_signers,
    returning,
    transferring,
    urging,
)
from workflows.verbs.offer import Asker, Offer, Verb

_OFFERING: tuple[Callable[[Asker], Offer | None], ...] = (
    returning.offer_return,
    returning.offer_withdrawal,
    transferring.offer,
    delegating.offer_delegation,
    delegating.offer_hand_back,
    adding_signers.offer,
    removing_signers.offer,
    urging.offer,
    copying.offer,
    commenting.offer,
)
"""One function per verb; None where the verb makes no sense for this person and item."""

_WAITING = frozenset({Verb.RETURN, Verb.WITHDRAW, Verb.URGE})
"""Verbs that a suspended case does not take before somebody resumes it."""


def offers(asker: Asker) -> tuple[Offer, ...]:
    """Return what the person may do with the item, and what not, with the reason."""
    found = (offer for ask in _OFFERING if (offer := ask(asker)) is not None)
    if asker.case.status != SUSPENDED:
        return tuple(found)
    return tuple(Offer(one.verb, STANDS_STILL) if one.verb in _WAITING else one for one in found)
