"""The form by which an accepted report is corrected."""

from collections.abc import Mapping
from uuid import UUID

from flask import request, url_for
from msgspec import Struct, field

from store.tables import FiledReport
from webapp.filed_reports.report import title_of
from workflows.commands import CorrectFiledReport
from workflows.errors import NotFoundError
from workflows.handlers.corrections import LONGEST, correct_filed_report, is_correctable, may_correct
from workflows.people import Actor
from workflows.runtime import Runtime

LONGEST_KEY = 64


class CorrectionPage(Struct, frozen=True):
    """The form, with what was typed and what is wrong with it."""

    title: str
    version: int
    report_href: str
    reason: str
    longest: int
    errors: Mapping[str, str] = field(default_factory=dict)


def load_correction(
    runtime: Runtime, report_id: UUID, actor: Actor, errors: Mapping[str, str] | None = None
) -> CorrectionPage:
    """Return the form as it was typed. Raises: NotFoundError where there is nothing to correct for this person."""
    with runtime.database.read(actor.scope) as session:
        report = session.get(FiledReport, report_id)
        if report is None or not may_correct(report.org_id, actor):
            raise NotFoundError(kind="filed_report", id=str(report_id))
        if not errors and not is_correctable(session, report):
            raise NotFoundError(kind="filed_report", id=str(report_id))
    return CorrectionPage(
        title=title_of(report),
        version=report.version,
        report_href=url_for("filed_reports.show", report_id=report_id),
        reason=request.form.get("reason", "")[: 2 * LONGEST],
        longest=LONGEST,
        errors=errors or {},
    )


def carry_out(runtime: Runtime, report_id: UUID, actor: Actor) -> UUID:
    """Begin the correction that the posted form asks for; return its case. Raises: WorkflowError."""
    key = request.form.get("key", "")[:LONGEST_KEY] or f"correct-{report_id}"
    command = CorrectFiledReport(report_id, request.form.get("reason", ""), key)
    return correct_filed_report(runtime, command, actor)
