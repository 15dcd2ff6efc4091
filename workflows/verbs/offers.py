"""All verbs that a person is offered on a work item, in the order in which the pages show them."""

from collections.abc import Callable

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
from workflows.verbs.offer import Asker, Offer

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


def offers(asker: Asker) -> tuple[Offer, ...]:
    """Return what the person may do with the item, and what not, with the reason."""
    return tuple(found for ask in _OFFERING if (found := ask(asker)) is not None)
