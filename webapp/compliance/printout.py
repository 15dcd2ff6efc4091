"""The report of all duties as a paper, with the rows behind each."""

from collections import Counter
from datetime import datetime

from flask import url_for
from msgspec.structs import replace
from sqlalchemy.orm import Session

from documents.papers.common import Head, Unit
from documents.papers.compliance import ComplianceReport, DutyLine, Row
from rules.articles import chinese_name
from store.compliance.catalogue import Force, Standing, Trace
from store.pages.compliance import judged_offices, unit_named
from webapp.compliance.page import WORDS, Request
from webapp.texts import _
from workflows.compliance import Judged, judge_all

ROWS = 200
"""So many rows of a duty are printed; all of them are in its Excel."""


def printout(
    session: Session, request: Request, issuer: str, now: datetime, public_url: str
) -> ComplianceReport:
    """Return what the report says of a day, within what the session sees."""
    judged = judge_all(session, replace(request.asked, most=ROWS))
    standings = Counter(one.standing for one in judged)
    return ComplianceReport(
        head=Head(
            number=f"HG-{request.asked.day:%Y%m%d}",
            issuer=issuer,
            generated_at=now,
            check_url=public_url.rstrip("/") + url_for("compliance.index", **request.address),
        ),
        unit=Unit(""),
        day=request.asked.day,
        scope=_scope(session, request),
        standings=tuple((str(WORDS[one]), standings[one]) for one in Standing if standings[one]),
        duties=tuple(map(_line, judged)),
    )


def _scope(session: Session, request: Request) -> str:
    office = next((one.name for one in judged_offices(session) if one.id == request.office_id), "")
    unit = unit_named(session, request.unit_id) if request.unit_id else ""
    return "、".join(filter(None, (office, unit))) or _("全部机构和单位")


def _line(judged: Judged) -> DutyLine:
    found, duty = judged.found, judged.duty
    rows = [
        *(_row(trace, Standing.BROKEN) for trace in found.broken.rows),
        *(_row(trace, Standing.AT_RISK) for trace in found.at_risk.rows),
    ]
    return DutyLine(
        article=chinese_name(duty.article),
        title=duty.title,
        force=_("应") if duty.force is Force.SHALL else _("宜"),
        word=str(WORDS[judged.standing]),
        met=found.met,
        total=found.total,
        told=found.told,
        remedy=duty.remedy,
        count=found.broken.count + found.at_risk.count,
        rows=tuple(rows),
    )


def _row(trace: Trace, standing: Standing) -> Row:
    return Row(str(WORDS[standing]), trace.title, trace.detail, trace.day)
