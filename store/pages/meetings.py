"""Meetings with agencies and experts as pages and forms show them, and what they should be about (第二十条)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeAlias  # Any: columns of questions, and issues as they are kept
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from rules.parameters import number, standard_day
from rules.vocabulary import label
from rules.working_days import LEGAL_ZONE
from store.pages.gatherings import ProofFile, papers_about, proof_files
from store.tables import (
    Anomaly,
    Complaint,
    ExchangeMeeting,
    Hazard,
    Organization,
    Person,
    Recheck,
    ReturnVisit,
    Visit,
)

MOST = 200
BROUGHT_UP = 10
"""So many problems of each kind are brought up by themselves."""
OVER = ("closed", "withdrawn")
_Trouble: TypeAlias = Hazard | Complaint | Recheck | ReturnVisit | Anomaly
_Words: TypeAlias = InstrumentedAttribute[str]


class MeetingRow(Struct, frozen=True):
    """A meeting as the list shows it, with how many of its issues are settled, overdue, open."""

    meeting: ExchangeMeeting
    provider: str

    @property
    def on(self) -> date:
        """The day on which it was held, is planned, or has to be held at the latest."""
        return self.meeting.held_on or self.meeting.planned_on or self.meeting.due

    @property
    def settled(self) -> int:
        """How many of its issues are done."""
        return sum(bool(issue.get("done_on")) for issue in self.meeting.issues)

    def overdue(self, today: date) -> int:
        """How many of its issues are not done though their day is over."""
        return sum(is_late(issue, today) for issue in self.meeting.issues)


class MeetingRecord(Struct, frozen=True):
    """One meeting with whom it brought together, and its files and papers."""

    row: MeetingRow
    names: tuple[str, ...]
    proofs: Mapping[str, tuple[ProofFile, ...]]
    settling: tuple[tuple[ProofFile, ...], ...]
    papers: tuple[tuple[UUID, str, str, bool], ...]


def is_late(issue: Mapping[str, Any], today: date) -> bool:  # Any: an issue as it is kept
    """Tell whether an issue is not done though its day is over."""
    due = issue.get("due")
    return not issue.get("done_on") and bool(due) and date.fromisoformat(str(due)) < today


def years_of_meetings(session: Session, today: date) -> list[int]:
    """Return the years that have meetings, and this one, latest first."""
    found = select(func.min(ExchangeMeeting.due), func.max(ExchangeMeeting.due))
    days = [today, *filter(None, session.execute(found).one())]
    return list(range(max(days).year, min(days).year - 1, -1))


def meetings_of_year(session: Session, year: int) -> tuple[MeetingRow, ...]:
    """Return the year's meetings that the person sees, latest first."""
    on = func.coalesce(ExchangeMeeting.held_on, ExchangeMeeting.due)
    query = (
        _meetings()
        .where(on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(on.desc(), ExchangeMeeting.id.desc())
        .limit(MOST)
    )
    return tuple(MeetingRow(meeting, provider) for meeting, provider in session.execute(query))


def meeting_record(session: Session, meeting_id: UUID) -> MeetingRecord | None:
    """Return a meeting that the person sees, None if there is none."""
    found = session.execute(_meetings().where(ExchangeMeeting.id == meeting_id)).one_or_none()
    if found is None:
        return None
    meeting, provider = found
    return MeetingRecord(
        row=MeetingRow(meeting, provider),
        names=participant_names(session, meeting.participants),
        proofs={name: proof_files(session, getattr(meeting, name)) for name in ("attendance", "minutes")},
        settling=tuple(proof_files(session, issue.get("proof") or ()) for issue in meeting.issues),
        papers=papers_about(session, "exchange_meeting", meeting.id),
    )


def participant_names(session: Session, participants: Iterable[object]) -> tuple[str, ...]:
    """Return the names of agencies and people, agencies first."""
    ids = [UUID(str(one)) for one in participants]
    agencies = select(Organization.name).where(Organization.id.in_(ids)).order_by(Organization.name)
    people = select(Person.name).where(Person.id.in_(ids)).order_by(Person.name)
    return (*session.scalars(agencies), *session.scalars(people))


def last_meeting_before(session: Session, org_id: UUID, meeting_id: UUID) -> date | None:
    """Return the day on which the provider held its last meeting other than this one."""
    return session.scalar(
        select(func.max(ExchangeMeeting.held_on)).where(
            ExchangeMeeting.org_id == org_id, ExchangeMeeting.id != meeting_id
        )
    )


def unsettled(session: Session, org_id: UUID, since: date) -> list[tuple[str, str]]:
    """Return the provider's problems that are not settled, as (source, words): what a meeting is to be about.

    Anomalies that nobody has explained, complaints and major hazards that are open, and, since that day, low scores and
    rechecks that failed.
    """
    questions: dict[str, Select[*tuple[Any, ...]]] = {
        "major_hazard": _of_unit(Hazard, Hazard.description, org_id).where(
            Hazard.level == "major", Hazard.state.not_in((*OVER, "draft"))
        ),
        "complaint": _of_unit(Complaint, Complaint.request, org_id).where(Complaint.state != "closed"),
        "recheck": _of_unit(Recheck, Recheck.opinion, org_id).where(
            Recheck.result == "failed", Recheck.checked_at >= _begin(since)
        ),
        "low_score": _of_unit(ReturnVisit, ReturnVisit.opinion, org_id).where(
            ReturnVisit.satisfaction <= number("low_satisfaction", standard_day(since)).value,
            ReturnVisit.contacted_at >= _begin(since),
        ),
        "anomaly": _of_unit(Anomaly, Visit.number, org_id, Anomaly.code)
        .join(Visit, Visit.id == Anomaly.visit_id)
        .where(Anomaly.explanation == ""),
    }
    return [
        (source, _words(source, row))
        for source, question in questions.items()
        for row in session.execute(question.limit(BROUGHT_UP))
    ]


def _of_unit(
    table: type[_Trouble], words: _Words, org_id: UUID, *more: _Words
) -> Select[*tuple[Any, ...]]:  # Any: as above
    return (
        select(Organization.name, words, *more)
        .select_from(table)
        .join(Organization, Organization.id == table.policyholder_id)
        .where(table.org_id == org_id)
        .order_by(table.created_at.desc(), table.id)
    )


def _words(source: str, row: Sequence[Any]) -> str:  # Any: as above
    unit, words = row[0], str(row[1])
    return f"{unit}：{label('anomaly', row[2])}（{words}）" if source == "anomaly" else f"{unit}：{words}"


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), LEGAL_ZONE)


def _meetings() -> Select[ExchangeMeeting, str]:
    return select(ExchangeMeeting, Organization.name).join(
        Organization, Organization.id == ExchangeMeeting.org_id
    )
