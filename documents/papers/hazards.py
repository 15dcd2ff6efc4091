"""What is printed about hazards, from the notice to closing or declining (第十八、十九条)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from documents.papers.common import Content, Fact, Member, Paper, Picture, PolicyFacts, Span


class HazardLine(Content, frozen=True):
    """One hazard as the policyholder is told of it."""

    number: str
    place: str
    description: str
    level: str
    is_major: bool
    hazard_class: str
    suggestion: str
    deadline: date
    basis: str = ""
    cause: str = ""
    accident_kind: str = ""
    stop_work_advice: str = ""
    fixed_on_spot: bool = False
    photos: tuple[Picture, ...] = ()


class HazardNotice(Paper, frozen=True):
    """事故隐患告知书."""

    visit_number: str
    inspected: tuple[Span, ...]
    inspectors: tuple[Member, ...]
    hazards: tuple[HazardLine, ...]
    feedback_phone: str = ""
    replaces: str = ""
    """Number of the notice that this corrected version replaces."""


class DeliveryReceipt(Paper, frozen=True):
    """送达回证: how a hazard notice reached the unit, signed for or refused before a witness (第十八条)."""

    served_title: str
    served_number: str
    hazards: int
    majors: int
    method: str
    served_at: datetime
    served_by: str
    received_by: str = ""
    refused: bool = False
    witness: str = ""
    proof: tuple[str, ...] = ()
    """Names of the files that prove it."""


class Commitments(Content, frozen=True):
    """五落实: person, measures, funds, time, contingency plan."""

    responsible: str
    measures: str
    finish_by: date
    funds: Decimal | None = None
    contingency_plan: str = ""


class Round(Content, frozen=True):
    """One round of rectification and its recheck."""

    number: int
    measures_done: str
    finished_on: date
    submitted_by: str
    cost: Decimal | None = None
    checker: str = ""
    method: str = ""
    checked_at: datetime | None = None
    passed: bool | None = None
    opinion: str = ""
    new_deadline: date | None = None
    photos: tuple[Picture, ...] = ()


class Extension(Content, frozen=True):
    """A granted change of the deadline."""

    former: date
    deadline: date
    reason: str
    approved_by: str
    approved_at: datetime


class RectificationSheet(Paper, frozen=True):
    """整改反馈与复查单."""

    notice_number: str
    hazard: HazardLine
    original_deadline: date
    plan: Commitments
    rounds: tuple[Round, ...]
    treatment: tuple[Fact, ...] = ()
    """Of a major hazard: cause, harm, the six parts of the treatment plan."""
    extensions: tuple[Extension, ...] = ()
    state: str = ""


class ChaseLine(Content, frozen=True):
    """One reminder with its proof."""

    at: datetime
    channel: str
    person: str
    content: str


class DeclineNotice(Paper, frozen=True):
    """拒保告知书, from the insurer to the industry's authority (第十九条)."""

    policy: PolicyFacts
    recipient: str
    hazards: tuple[HazardLine, ...]
    refusal_basis: str
    chases: tuple[ChaseLine, ...]
    reason: str
    result: str
    decided_by: str
    decided_on: date
    channel: str
    copy_to: str = ""
