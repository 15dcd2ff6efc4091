"""A report that was accepted and turns out to be wrong: another version, in a case of its own, with its reason."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from rules.duty_calendar import duties
from store.numbers import take_number
from store.scope import Scope
from store.tables import Case, FiledReport
from workflows.acts import Opening, Subject
from workflows.advance import begin_case
from workflows.commands import CorrectFiledReport
from workflows.errors import InvalidAnswersError, NotAllowedError
from workflows.handlers.keys import remember, remembered
from workflows.people import Actor
from workflows.reading import require_visible
from workflows.runtime import Runtime, legal_day
from workflows.subjects import existing

ROLES = frozenset({"coordinator", "provider_manager"})
ACCEPTED = "accept"
CORRECTED = "（更正）"
"""What the title of such a case ends with."""

SHORTEST, LONGEST = 5, 500
_SCOPE = Scope.everything("a filed report is corrected")


def may_correct(org_id: UUID, actor: Actor) -> bool:
    """Tell whether a person may correct the reports of this organization."""
    return actor.org_id == org_id and bool(actor.roles & ROLES)


def is_correctable(session: Session, report: FiledReport) -> bool:
    """Tell whether this version was accepted and is the newest: one that came back, or waits, is in work already."""
    newer = exists().where(
        FiledReport.org_id == report.org_id,
        FiledReport.kind == report.kind,
        FiledReport.period == report.period,
        FiledReport.version > report.version,
    )
    return report.receipt == ACCEPTED and not session.scalar(select(newer))


def correct_filed_report(runtime: Runtime, command: CorrectFiledReport, actor: Actor) -> UUID:
    """Begin the next version of an accepted report; return its case.

    Raises: NotFoundError, NotAllowedError, InvalidAnswersError, CommandKeyConflictError.
    """
    now, reason = runtime.now(), command.reason.strip()
    require_visible(runtime, FiledReport, command.report_id, actor, "filed_report")
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        if (earlier := remembered(session, actor, command.key, command.fingerprint())) is not None:
            return earlier
        report = existing(session, FiledReport, command.report_id)
        if not may_correct(report.org_id, actor):
            raise NotAllowedError("correct", report.period_name)
        if not is_correctable(session, report):
            raise InvalidAnswersError({"reason": "这一版没有被接收，或者已经有更新的一版，不用另起"})
        if not SHORTEST <= len(reason) <= LONGEST:
            raise InvalidAnswersError({"reason": f"写明更正的理由，{SHORTEST} 至 {LONGEST} 个字"})
        number = take_number(session, report.org_id, _code(report.kind), legal_day(now).year)
        case = begin_case(runtime, session, _opening(session, report, number, reason), actor, now)
        remember(session, actor, command.key, command.fingerprint(), case.id, now)
        return case.id


def _code(process: str) -> str:
    return next(duty.number for duty in duties() if duty.process == process)


def _opening(session: Session, report: FiledReport, number: str, reason: str) -> Opening:
    before = session.get_one(Case, report.case_id)
    return Opening(
        process=report.kind,
        business_key=f"{before.business_key}:{report.version + 1}",
        number=number,
        title=f"{before.title.removesuffix(CORRECTED)}{CORRECTED}",
        variables={
            "period": report.period,
            "period_name": report.period_name,
            "first_day": report.first_day,
            "last_day": report.last_day,
            "correction_reason": reason,
        },
        subject=Subject(report.org_id),
        parent=before.id,
    )
