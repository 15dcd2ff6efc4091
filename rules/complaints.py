"""The complaint clock, and what an insurer must publish (第二十二条; AQ 9010-2019, D12)."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from rules.deadlines import deadline
from rules.gates import Gate, gate, is_given
from rules.parameters import number, standard_day
from rules.working_days import Calendar

CHANNEL_ELEMENTS = ("complaint_channel", "complaint_procedure", "mediation_method")
REPLY_ELEMENTS = ("request", "findings", "basis", "measures", "remedy")


class ComplaintClock(Struct, frozen=True):
    """The last day for an answer, and the last one where facts need verifying; both count from receipt."""

    reply_due: date
    verify_due: date
    provisional: bool


def complaint_clock(received: date, calendar: Calendar) -> ComplaintClock:
    """Return the clock of a complaint received on that day (第二十二条, D12)."""
    reply = deadline("complaint_reply", received, calendar)
    verify = deadline("complaint_verify", received, calendar)
    return ComplaintClock(reply.due, verify.due, reply.provisional or verify.provisional)


def can_extend(*, is_complex: bool, approved_by: str | None) -> bool:
    """Tell whether the term may be extended (第二十二条, D12): complex, and approved by a named person."""
    return is_complex and is_given(approved_by)


def latest_extension(current_due: date) -> date:
    """Return the last day to which an approved extension may reach: 30 natural days (第二十二条, D12)."""
    return current_due + timedelta(days=number("complaint_extend_max", standard_day(current_due)).value)


def is_extension_valid(current_due: date, until: date) -> bool:
    """Tell whether an extension to that day is one, and not longer than allowed (第二十二条, D12)."""
    return current_due < until <= latest_extension(current_due)


def channel_gate(published: Mapping[str, object]) -> Gate:
    """Return what an insurer has not published: channel, procedure, way of mediation (第二十二条)."""
    return gate(CHANNEL_ELEMENTS, published)


def reply_gate(reply: Mapping[str, object]) -> Gate:
    """Return what an answer to a complaint lacks (第二十二条; AQ 9010-2019)."""
    return gate(REPLY_ELEMENTS, reply)
