"""What is printed when service is refused, a year ends, a case file is closed (第七、十三、十九条)."""

from __future__ import annotations

from datetime import date, datetime

from documents.papers.common import Content, Fact, Paper, PolicyFacts


class RefusalNotice(Paper, frozen=True):
    """拒绝接受事故预防服务告知书, signed by the insurer (第十三条)."""

    policy: PolicyFacts
    refused_on: date
    refused_by: str
    manner: str
    scope: str
    reason: str
    channel: str
    address: str
    contact_phone: str = ""


class ComplaintReply(Paper, frozen=True):
    """投诉答复书, signed by the insurer: four parts, none of which may be missing (第二十二条, AQ 9010)."""

    policy: PolicyFacts
    complaint_number: str
    complainant: str
    received_on: date
    due: date
    request: str
    findings: str
    basis: str
    measures: str
    remedy: str
    contact_phone: str = ""


class RateEvidence(Paper, frozen=True):
    """费率依据清单: facts for the insurer's decision, never a rate (第十九条)."""

    policy: PolicyFacts
    final: bool
    required: int
    counted: int
    cooperation: tuple[Fact, ...]
    rectification: tuple[Fact, ...]
    risk_control: tuple[Fact, ...]
    cooperation_score: int | None = None
    rectification_note: str = ""
    risk_control_note: str = ""
    factors: tuple[str, ...] = ()
    reviewed_by: str = ""


class IndexLine(Content, frozen=True):
    """One piece in the file (卷内目录)."""

    sequence: int
    name: str
    on: date | None
    pages: int | None
    sha256: str


class CaseFileCover(Paper, frozen=True):
    """案卷封面 with 卷内目录 and what the check found."""

    title: str
    policy: PolicyFacts
    insurer: str
    period_start: date
    period_end: date
    index: tuple[IndexLine, ...]
    sealed_at: datetime
    confirmed_by: str
    retain_until: date
    chain_head: str
    event_count: int
    elements: tuple[Fact, ...] = ()
    """The seven elements of 第七条, each with where it is found."""
    checks: tuple[Fact, ...] = ()
    supplement_of: str = ""
