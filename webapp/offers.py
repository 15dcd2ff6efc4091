"""The menu of verbs on a page: a link for what may be done, the reason for what may not."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from workflows.verbs.offer import OF_CASE, Offer, Verb

ICONS = {
    Verb.RETURN: "arrow-back-up",
    Verb.WITHDRAW: "arrow-back-up",
    Verb.TRANSFER: "send",
    Verb.DELEGATE: "user-plus",
    Verb.HAND_BACK: "user-check",
    Verb.URGE: "bell",
    Verb.COPY: "users",
    Verb.COMMENT: "message-circle",
    Verb.ADD_SIGNER: "signature",
    Verb.REMOVE_SIGNER: "x",
}


class VerbLink(Struct, frozen=True):
    """One line of the menu; without an address it says why not."""

    title: str
    icon: str
    href: str | None
    reason: str

    def of(self, step: str) -> "VerbLink":
        """Return the line with the step that it is about."""
        return replace(self, title=f"{self.title}“{step}”")


def menu(offers: Iterable[Offer], case_id: UUID, work_item_id: UUID | None = None) -> tuple[VerbLink, ...]:
    """Return the menu of these offers."""
    return tuple(_entries(offers, case_id, work_item_id))


def _entries(offers: Iterable[Offer], case_id: UUID, work_item_id: UUID | None) -> Iterator[VerbLink]:
    for offer in offers:
        href = None
        if offer.allowed and offer.verb in OF_CASE:
            href = url_for("inbox.case_verb", case_id=case_id, verb=offer.verb.value)
        elif offer.allowed:
            href = url_for("inbox.verb", work_item_id=work_item_id, verb=offer.verb.value)
        yield VerbLink(offer.title, ICONS[offer.verb], href, offer.reason)
