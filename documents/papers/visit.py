"""What is printed around one visit (第十八、十九条)."""

from __future__ import annotations

from datetime import date, datetime

from documents.papers.common import Content, Fact, Member, Paper, Picture, Span


class Permission(Content, frozen=True):
    """Who let the team in, when, how (进场允许)."""

    grantor: str
    title: str
    method: str
    granted_at: datetime
    proof: str = ""


class Reschedule(Content, frozen=True):
    """One change of the appointment."""

    asked_at: datetime
    by: str
    new_time: Span | None
    reason: str = ""


class PreContact(Paper, frozen=True):
    """服务预约及进场确认单."""

    visit_number: str
    contacted_at: datetime
    method: str
    service_time: Span
    content: str
    technical_measures: str
    protective_measures: str
    visitors: tuple[Member, ...]
    site_contact: str = ""
    site_rules: str = ""
    confirm_time: bool = False
    confirm_content: bool = False
    confirm_measures: bool = False
    permission: Permission | None = None
    reschedules: tuple[Reschedule, ...] = ()


class ServiceDone(Content, frozen=True):
    """One kind of service as it was carried out."""

    name: str
    detail: str


class ChecklistSummary(Content, frozen=True):
    """An industry's checklist: how many items conform, which do not."""

    title: str
    conforming: int
    nonconforming: int
    not_applicable: int
    findings: tuple[str, ...] = ()


class HazardSummary(Content, frozen=True):
    """A hazard in one line."""

    number: str
    place: str
    description: str
    level: str
    is_major: bool
    deadline: date | None = None


class VisitRecord(Paper, frozen=True):
    """服务记录表: the seven elements of 第十八条, signed by both sides."""

    policy_number: str
    insurer: str
    days: tuple[Span, ...]
    place: str
    team: tuple[Member, ...]
    items: tuple[ServiceDone, ...]
    process: str
    measures_taken: str
    comment: str
    position: str = ""
    agency: str = ""
    escort: str = ""
    protective_measures: str = ""
    checklists: tuple[ChecklistSummary, ...] = ()
    hazards: tuple[HazardSummary, ...] = ()
    notices: tuple[str, ...] = ()
    photos: tuple[Picture, ...] = ()
    return_visit: str = ""
    objection: str = ""


class Attempt(Content, frozen=True):
    """A call that reached nobody."""

    at: datetime
    method: str
    note: str


class ReturnVisit(Paper, frozen=True):
    """回访记录."""

    visit_number: str
    completed_on: date
    due: date
    team: tuple[Member, ...]
    contacted_at: datetime
    method: str
    respondent: str
    respondent_title: str
    satisfaction: int
    opinion: str
    rectification_state: str
    caller: str
    scores: tuple[Fact, ...] = ()
    complaint_raised: bool = False
    attempts: tuple[Attempt, ...] = ()
    handling: str = ""
