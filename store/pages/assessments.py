"""The pages of the yearly assessment: who stands where in a year, and one assessment."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.scope import widened
from store.tables import (
    Assessment,
    AssessmentScore,
    Breach,
    Case,
    EvidenceFile,
    Indicator,
    IndicatorSet,
    Organization,
)

MOST = 500
SHOWN = ("provisional", "final")
"""The states in which the assessed organization sees its points."""


class AssessmentRow(Struct, frozen=True):
    """An assessment as the list shows it; `rank` counts those of its kind and year that are final."""

    id: UUID
    year: int
    kind: str
    name: str
    state: str
    total: Decimal | None
    rank: int | None


class FileLink(Struct, frozen=True):
    """A file of evidence."""

    id: UUID
    name: str


class ScoreRow(Struct, frozen=True):
    """One indicator of an assessment, with what was shown and how it was judged."""

    position: int
    aspect: str
    title: str
    requirement: str
    weight: Decimal
    is_bonus: bool
    measure: str
    statement: str
    evidence: tuple[FileLink, ...]
    first: bool | None
    second: bool | None
    satisfied: bool | None
    reason: str


class BreachRow(Struct, frozen=True):
    """A ground for a deduction."""

    kind: str
    description: str
    points: Decimal
    evidence: tuple[FileLink, ...]
    defence: str
    defence_evidence: tuple[FileLink, ...]
    decision: str | None
    reason: str


class AssessmentFacts(Struct, frozen=True):
    """One assessment with everything that is written down about it."""

    row: AssessmentRow
    case_id: UUID | None
    case_number: str
    version: int
    base: Decimal | None
    bonus: Decimal | None
    deducted: Decimal | None
    conclusion: str
    appeal_reason: str
    appeal_decision: str | None
    appeal_answer: str
    is_passed_on: bool
    finalized_on: date | None
    measures: tuple[tuple[str, str], ...]
    scores: tuple[ScoreRow, ...]
    breaches: tuple[BreachRow, ...]


def assessed_years(session: Session) -> list[int]:
    """Return the years in which the person sees assessments, latest first."""
    query = select(Assessment.year).distinct().order_by(Assessment.year.desc()).limit(MOST)
    return list(session.scalars(query))


def assessments_of(session: Session, year: int) -> list[AssessmentRow]:
    """Return a year's assessments that the person sees, kind by kind, the best first, the unfinished after them."""
    query = (
        select(Assessment, Organization.name)
        .join(Organization, Organization.id == Assessment.object_id)
        .where(Assessment.year == year)
        .order_by(Assessment.object_kind, Organization.name)
        .limit(MOST)
    )
    rows = [_row(session, each, name) for each, name in session.execute(query)]
    return sorted(rows, key=lambda row: (row.kind, row.rank is None, row.rank or 0))


def assessment_facts(session: Session, assessment_id: UUID) -> AssessmentFacts | None:
    """Return one assessment; None if the person sees none of this id."""
    found = session.get(Assessment, assessment_id)
    if found is None:
        return None
    name = session.scalar(select(Organization.name).where(Organization.id == found.object_id)) or ""
    used = session.get_one(IndicatorSet, found.set_id)
    number = session.scalar(select(Case.number).where(Case.id == found.case_id)) or ""
    return AssessmentFacts(
        row=_row(session, found, name),
        case_id=found.case_id,
        case_number=number,
        version=used.version,
        base=found.base,
        bonus=found.bonus,
        deducted=found.deducted,
        conclusion=found.conclusion,
        appeal_reason=found.appeal_reason,
        appeal_decision=found.appeal_decision,
        appeal_answer=found.appeal_answer,
        is_passed_on=found.is_passed_on,
        finalized_on=found.finalized_on,
        measures=tuple((str(name), str(value)) for name, value in found.measures),
        scores=_scores(session, found),
        breaches=_breaches(session, found),
    )


def _row(session: Session, found: Assessment, name: str) -> AssessmentRow:
    return AssessmentRow(
        found.id, found.year, found.object_kind, name, found.state, found.total, _rank(session, found)
    )


def _rank(session: Session, found: Assessment) -> int | None:
    """Return the place among those of its kind and year that are final: a number that names nobody (第二十六条)."""
    if found.state != "final":
        return None
    better = select(func.count()).where(
        Assessment.year == found.year,
        Assessment.object_kind == found.object_kind,
        Assessment.state == "final",
        Assessment.total > found.total,
    )
    with widened(session, "a rank counts how many did better"):
        return 1 + (session.scalar(better) or 0)


def _scores(session: Session, found: Assessment) -> tuple[ScoreRow, ...]:
    """Return the scores; what one person found is not shown before the other has judged as well."""
    query = (
        select(AssessmentScore, Indicator)
        .join(Indicator, Indicator.id == AssessmentScore.indicator_id)
        .where(AssessmentScore.assessment_id == found.id)
        .order_by(Indicator.position)
    )
    rows = [(score, indicator) for score, indicator in session.execute(query)]
    files = _files(session, [file_id for score, _ in rows for file_id in score.evidence])
    both = found.first_scorer_id is not None and found.second_scorer_id is not None
    return tuple(
        ScoreRow(
            position=indicator.position,
            aspect=indicator.aspect,
            title=indicator.title,
            requirement=indicator.requirement,
            weight=indicator.weight,
            is_bonus=indicator.is_bonus,
            measure=indicator.measure,
            statement=score.statement,
            evidence=_links(files, score.evidence),
            first=score.first_satisfied if both else None,
            second=score.second_satisfied if both else None,
            satisfied=score.satisfied,
            reason=score.reason,
        )
        for score, indicator in rows
    )


def _breaches(session: Session, found: Assessment) -> tuple[BreachRow, ...]:
    query = select(Breach).where(Breach.assessment_id == found.id).order_by(Breach.recorded_at, Breach.id)
    rows = list(session.scalars(query))
    files = _files(session, [file_id for row in rows for file_id in (*row.evidence, *row.defence_evidence)])
    return tuple(
        BreachRow(
            row.kind,
            row.description,
            row.points,
            _links(files, row.evidence),
            row.defence,
            _links(files, row.defence_evidence),
            row.decision,
            row.decision_reason,
        )
        for row in rows
    )


def _files(session: Session, ids: list[object]) -> dict[UUID, str]:
    wanted = {UUID(str(file_id)) for file_id in ids}
    query = select(EvidenceFile.id, EvidenceFile.name).where(EvidenceFile.id.in_(wanted))
    return {file_id: name for file_id, name in session.execute(query)} if wanted else {}  # noqa: C416  # rows are not tuples to mypy


def _links(files: dict[UUID, str], ids: list[object]) -> tuple[FileLink, ...]:
    known = [UUID(str(file_id)) for file_id in ids]
    return tuple(FileLink(file_id, files[file_id]) for file_id in known if file_id in files)
