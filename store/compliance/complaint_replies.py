"""Each complaint is answered in writing before its day, an approved extension included (第二十二条, D12)."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from rules.working_days import LEGAL_ZONE
from store.compliance.catalogue import Asked, Duty, Finding, Trace, Traces
from store.tables import Complaint, Organization

CLOSED = "closed"


class _Answer(Struct, frozen=True):
    """A complaint: its day, the day of its answer, None while it has none."""

    case_id: UUID
    unit: str
    number: str
    due: date
    replied_on: date | None

    def is_late(self, day: date) -> bool:
        """Tell whether the answer came too late, or has not come and its day is over."""
        return self.due < (self.replied_on or day)

    def trace(self) -> Trace:
        """Return the row that leads to the complaint's case."""
        return Trace("case", self.case_id, self.unit, f"投诉 {self.number}", self.due)


def _judge(session: Session, asked: Asked) -> Finding:
    first, last = asked.year
    answers = _answers(session, asked)
    this_year = [one for one in answers if first <= one.due <= last]
    waiting = [one for one in answers if one.replied_on is None]
    overdue = [one.trace() for one in waiting if one.is_late(asked.day)]
    soon = [one.trace() for one in waiting if not one.is_late(asked.day) and one.due <= asked.soon]
    met = sum(not one.is_late(asked.day) for one in this_year)
    late = sum(one.replied_on is not None and one.is_late(asked.day) for one in this_year)
    return Finding(
        total=len(this_year),
        met=met,
        told=f"投诉按期书面答复，批准延期的按延期后的日子。今年到期 {len(this_year)} 件，"
        f"逾期未答复 {len(overdue)} 件，已答复但晚了 {late} 件；要抓紧的 {len(soon)} 件",
        broken=Traces(len(overdue), tuple(overdue[: asked.most])),
        at_risk=Traces(len(soon), tuple(soon[: asked.most])),
    )


def _answers(session: Session, asked: Asked) -> list[_Answer]:
    """Return the complaints that wait on the day, and those whose day lies in its year, the earliest day first."""
    first, _ = asked.year
    rows = session.execute(
        select(
            Complaint.case_id,
            Organization.name,
            Complaint.number,
            Complaint.due,
            Complaint.replied_at,
        )
        .join(Organization, Organization.id == Complaint.policyholder_id)
        .where(
            Complaint.received_at < asked.over,
            Complaint.due.is_not(None),
            or_(Complaint.due >= first, Complaint.replied_at.is_(None)),
            or_(Complaint.replied_at.is_not(None), Complaint.state != CLOSED),
            *asked.of(Complaint),
        )
        .order_by(Complaint.due, Complaint.number)
    )
    return [
        _Answer(row.case_id, row.name, row.number, row.due, _day(row.replied_at, asked.day)) for row in rows
    ]


def _day(at: datetime | None, today: date) -> date | None:
    """Return the day of an answer, None if it came after the day that is looked at."""
    day = at.astimezone(LEGAL_ZONE).date() if at is not None else None
    return day if day is not None and day <= today else None


DUTIES = (
    Duty(
        key="complaint_replies",
        article="22",
        title="按期书面答复投诉",
        unit="件",
        remedy="处理人在待办里核实并提交答复，复杂的由投诉处理责任人批准延期；逾期的仍须答复，答复以后本条即恢复。",
        judge=_judge,
    ),
)
