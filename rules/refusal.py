"""Refusing the service: the insurer's written notice, and what refusing means (第十三条; D15, D19)."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

CHANNELS = ("written", "email")
NOTIFIER = "insurer"


class Willingness(StrEnum):
    """Whether a policyholder takes the service; REFUSED_FILED = refused, told in writing, and on file."""

    WILLING = "willing"
    REFUSED = "refused"
    REFUSED_FILED = "refused_filed"


class RefusalNotice(Struct, frozen=True):
    """The notice to a policyholder that refuses; None = not known, which is not held against it."""

    channel: str | None
    notifier: str | None = None
    has_proof: bool | None = None
    is_filed: bool | None = None


class Obligation(Struct, frozen=True):
    """Where the service stands with a unit that has refused: its willingness, and what is still owed."""

    status: Willingness
    remaining_required: int


def is_compliant(notice: RefusalNotice | None) -> bool:
    """Tell whether a refusal was answered (第十三条): by the insurer, in writing or by email, on file."""
    if notice is None or notice.channel not in CHANNELS:
        return False
    by_insurer = notice.notifier in {None, NOTIFIER}
    return by_insurer and notice.has_proof is not False and notice.is_filed is not False


def willingness_after(notice: RefusalNotice) -> Willingness:
    """Return the standing of a unit that refused (第十三条): on file only if all is known and right."""
    complete = notice.notifier == NOTIFIER and notice.has_proof is True and notice.is_filed is True
    return Willingness.REFUSED_FILED if complete and is_compliant(notice) else Willingness.REFUSED


def obligation_after_refusal(
    withdrawn_on: date | None, policy_end: date, required: int, completed: int
) -> Obligation:
    """Return what is owed after a refusal (第十三条, D15).

    A refusal taken back while the policy is in force (its last day included) restores what was left to do;
    until then nothing can be done against the unit's will.
    """
    if withdrawn_on is None or withdrawn_on > policy_end:
        return Obligation(Willingness.REFUSED, 0)
    return Obligation(Willingness.WILLING, max(0, required - completed))
