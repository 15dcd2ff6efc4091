"""Corrections of a visit's record: the old value is kept beside the new one (第十九条)."""

from datetime import datetime

from sqlalchemy import select

from store.tables import Visit, VisitDay
from workflows.acts import Act
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.runtime import legal_day

TEXTS = ("place", "process", "measures_taken", "protective_measures")
MOMENTS = ("arrived_at", "left_at")
CORRECTABLE = (*TEXTS, *MOMENTS)


def correct(act: Act, visit: Visit, row: Answers) -> None:
    """Correct one field of the record.

    Raises: AnswersRefusedError if the times no longer fit together, or the day of departure would be another:
    the deadlines are counted from it.
    """
    field = row.text("field")
    if field not in CORRECTABLE:
        return
    old: object = getattr(visit, field)
    new = row.moment("moment") if field in MOMENTS else row.text("value")
    setattr(visit, field, new)
    if field in MOMENTS:
        _check_times(visit)
        _move_days(act, visit, old)
    entry = {
        "field": field,
        "old": _plain(old),
        "new": _plain(new),
        "reason": row.text("reason"),
        "by": str(act.actor.person_id),
        "at": act.now.isoformat(),
    }
    visit.corrections = [*visit.corrections, entry]
    act.say("visit.corrected", f"更正：{row.text('reason')}", **entry)


def _check_times(visit: Visit) -> None:
    if visit.arrived_at is None or visit.left_at is None:
        return
    if visit.left_at <= visit.arrived_at:
        raise AnswersRefusedError({"corrections": "更正后离场要晚于到场，请核对时间"})
    if visit.completed_on is not None and legal_day(visit.left_at) != visit.completed_on:
        raise AnswersRefusedError({"corrections": "离场日期决定回访和归档的期限，只能改当天的钟点"})


def _move_days(act: Act, visit: Visit, old: object) -> None:
    """Move the spans of the service that began or ended with the old moment; none reaches beyond the stay."""
    arrived, left = visit.arrived_at, visit.left_at
    for span in act.session.scalars(select(VisitDay).where(VisitDay.visit_id == visit.id)):
        if arrived is not None and (span.arrived_at == old or span.arrived_at < arrived):
            span.arrived_at = arrived
        if left is not None and (span.left_at == old or span.left_at > left):
            span.left_at = left


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
