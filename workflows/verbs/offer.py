"""What may be done with a piece of work, and the reason where it may not."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy.orm import Session

from rules.working_days import Calendar
from store.calendar import load_calendar
from store.tables import Case, WorkItem
from workflows.people import Actor


class Verb(StrEnum):
    """What people do with work besides taking and finishing it; each is defined in docs/verbs.md."""

    RETURN = "return"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"
    DELEGATE = "delegate"
    HAND_BACK = "hand_back"
    URGE = "urge"
    COPY = "copy"
    COMMENT = "comment"
    ADD_SIGNER = "add_signer"
    REMOVE_SIGNER = "remove_signer"


TITLES = {
    Verb.RETURN: "驳回",
    Verb.WITHDRAW: "撤回",
    Verb.TRANSFER: "转办",
    Verb.DELEGATE: "委派",
    Verb.HAND_BACK: "交回",
    Verb.URGE: "催办",
    Verb.COPY: "抄送",
    Verb.COMMENT: "批注",
    Verb.ADD_SIGNER: "加签",
    Verb.REMOVE_SIGNER: "减签",
}
OF_CASE = frozenset({Verb.COPY, Verb.COMMENT})
"""Verbs on a case as a whole; the others are about one work item."""


class Offer(Struct, frozen=True):
    """A verb as a page offers it; one that is not allowed says why."""

    verb: Verb
    reason: str = ""

    @property
    def allowed(self) -> bool:
        """Tell whether it may be done now."""
        return not self.reason

    @property
    def title(self) -> str:
        """Return the verb's word."""
        return TITLES[self.verb]


class Asker(Struct, frozen=True):
    """Who asks what may be done with an item, and when. The session sees everything; the pages asked what is seen."""

    session: Session
    case: Case
    item: WorkItem
    actor: Actor
    now: datetime

    @property
    def calendar(self) -> Calendar:
        """Return the calendar."""
        return load_calendar(self.session)
