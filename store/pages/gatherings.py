"""Group trainings as pages show them: the year's list against the duty, one with whom it invited (第十五条)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from store.tables import Document, EvidenceFile, GroupTraining, Organization, TrainingInvitation

MOST = 200
"""So many trainings of a year, or units of a training, are listed; the counts are of all."""


class Turnout(Struct, frozen=True):
    """How many units a training invited, how many came, with how many people."""

    invited: int = 0
    households: int = 0
    people: int = 0


class TrainingRow(Struct, frozen=True):
    """A training as the list shows it."""

    id: UUID
    number: str
    topic: str
    audience: str
    focus: str
    mode: str
    place: str
    on: date
    is_held: bool
    state: str
    provider: str
    turnout: Turnout


class Guest(Struct, frozen=True):
    """A unit that was invited, or came of itself."""

    unit_id: UUID | None
    name: str
    channel: str
    people: int


class ProofFile(Struct, frozen=True):
    """A file that proves something of a training."""

    id: UUID
    name: str


class TrainingRecord(Struct, frozen=True):
    """One training with all that was kept of it."""

    row: TrainingRow
    case_id: UUID
    starts_at: str
    speaker: str
    audience_rule: str
    reason: str
    score: Decimal | None
    improvements: str
    guests: tuple[Guest, ...]
    proofs: Mapping[str, tuple[ProofFile, ...]]
    papers: tuple[tuple[UUID, str, str, bool], ...]


def years_of_trainings(session: Session, today: date) -> list[int]:
    """Return the years that have trainings, and this one, latest first."""
    found = select(func.min(GroupTraining.planned_on), func.max(GroupTraining.planned_on))
    days = [today, *filter(None, session.execute(found).one())]
    return list(range(max(days).year, min(days).year - 1, -1))


def trainings_of_year(session: Session, year: int) -> tuple[TrainingRow, ...]:
    """Return the year's trainings that the person sees, latest first."""
    query = (
        _trainings()
        .where(GroupTraining.planned_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(GroupTraining.planned_on.desc(), GroupTraining.id.desc())
        .limit(MOST)
    )
    found = session.execute(query).all()
    came = _turnouts(session, [row.id for row, _ in found])
    return tuple(_row(row, name, came) for row, name in found)


def training_record(session: Session, training_id: UUID) -> TrainingRecord | None:
    """Return a training that the person sees, None if there is none."""
    found = session.execute(_trainings().where(GroupTraining.id == training_id)).one_or_none()
    if found is None:
        return None
    row, provider = found
    return TrainingRecord(
        row=_row(row, provider, _turnouts(session, [row.id])),
        case_id=row.case_id,
        starts_at=row.starts_at,
        speaker=row.speaker,
        audience_rule=row.audience_rule,
        reason=row.reason,
        score=row.score,
        improvements=row.improvements,
        guests=_guests(session, row.id),
        proofs={name: _files(session, getattr(row, name)) for name in ("sheet", "material", "photos")},
        papers=_papers(session, row.id),
    )


def _trainings() -> Select[GroupTraining, str]:
    return select(GroupTraining, Organization.name).join(
        Organization, Organization.id == GroupTraining.org_id
    )


def _row(row: GroupTraining, provider: str, came: Mapping[UUID, Turnout]) -> TrainingRow:
    return TrainingRow(
        row.id,
        row.number,
        row.topic,
        row.audience,
        row.focus,
        row.mode,
        row.place,
        row.held_on or row.planned_on,
        row.state == "held",
        row.state,
        provider,
        came.get(row.id, Turnout()),
    )


def _turnouts(session: Session, ids: Sequence[UUID]) -> dict[UUID, Turnout]:
    """Return who was invited and came, as far as the person sees the units."""
    invited = func.count().filter(TrainingInvitation.channel != "walk_in")
    came = func.count().filter(TrainingInvitation.people > 0)
    rows = session.execute(
        select(TrainingInvitation.training_id, invited, came, func.sum(TrainingInvitation.people))
        .where(TrainingInvitation.training_id.in_(ids))
        .group_by(TrainingInvitation.training_id)
    )
    return {training: Turnout(asked, households, people) for training, asked, households, people in rows}


def _guests(session: Session, training_id: UUID) -> tuple[Guest, ...]:
    rows = session.execute(
        select(
            TrainingInvitation.policyholder_id,
            Organization.name,
            TrainingInvitation.channel,
            TrainingInvitation.people,
        )
        .join(Organization, Organization.id == TrainingInvitation.policyholder_id)
        .where(TrainingInvitation.training_id == training_id)
        .order_by(TrainingInvitation.people.desc(), Organization.name)
        .limit(MOST)
    )
    return tuple(Guest(*row) for row in rows)


def _files(session: Session, ids: Sequence[object]) -> tuple[ProofFile, ...]:
    known = [UUID(str(one)) for one in ids]
    rows = session.execute(
        select(EvidenceFile.id, EvidenceFile.name).where(EvidenceFile.id.in_(known)).order_by(EvidenceFile.id)
    )
    return tuple(ProofFile(*row) for row in rows)


def _papers(session: Session, training_id: UUID) -> tuple[tuple[UUID, str, str, bool], ...]:
    rows = session.execute(
        select(Document.id, Document.title, Document.number, Document.pdf_sha256)
        .where(Document.subject == "group_training", Document.subject_id == training_id)
        .where(Document.void_reason == "")
        .order_by(Document.number)
        .limit(MOST)
    )
    return tuple((paper, title, number, sha is not None) for paper, title, number, sha in rows)
