"""What is written down in an assessment: its scores, its breaches, the figures that the system brings along."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.reporting import Period
from rules.vocabulary import label
from store.measures.assessed import measures_of
from store.tables import Assessment, AssessmentScore, Breach, Indicator
from store.types import day_of
from workflows.acts import Act

ScoreLine = tuple[AssessmentScore, Indicator]


def lines_of(session: Session, assessment: Assessment) -> list[ScoreLine]:
    """Return the scores of an assessment with their indicators, in the order of the set."""
    query = (
        select(AssessmentScore, Indicator)
        .join(Indicator, Indicator.id == AssessmentScore.indicator_id)
        .where(AssessmentScore.assessment_id == assessment.id)
        .order_by(Indicator.position)
    )
    return [(score, indicator) for score, indicator in session.execute(query)]


def breaches_of(session: Session, assessment: Assessment) -> list[Breach]:
    """Return the breaches of an assessment in the order in which they were recorded."""
    query = select(Breach).where(Breach.assessment_id == assessment.id)
    return list(session.scalars(query.order_by(Breach.recorded_at, Breach.id)))


def evidence_count(line: ScoreLine, measures: Mapping[str, str]) -> int:
    """Return how much shows that an indicator is met: files, and the system's own figure."""
    score, indicator = line
    return len(score.evidence) + int(indicator.measure in measures)


def measures_now(act: Act, assessment: Assessment) -> Mapping[str, str]:
    """Return the system's figures: as they are until the materials are handed in, then as they were."""
    if assessment.measures:
        return {str(name): str(value) for name, value in assessment.measures}
    variables = act.case.variables
    first, last = (_day(variables.get(name)) for name in ("first_day", "last_day"))
    if first is None or last is None:
        return {}
    period = Period(first, last)
    return measures_of(act.session, assessment.object_id, assessment.object_kind, period)


def aspect_of(indicator: Indicator) -> str:
    """Return the aspect of an indicator in words (第二十四条)."""
    return label("assessment_aspect", indicator.aspect)


def _day(value: object) -> date | None:
    return day_of(value) if isinstance(value, date | str) else None
