"""The assessment of the sample city's year: one organization is being scored, one gathers its material."""

from sqlalchemy import select

from demo.walk import Walker, actor_of
from rules.indicators import ASSESSED
from store.scope import Scope
from store.tables import Case, IndicatorSet, Person
from workflows.handlers.assessments import (
    PROCESS,
    BeginAssessments,
    DraftIndicators,
    PublishIndicators,
    begin_assessments,
    draft_indicators,
    publish_indicators,
)
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day

LOGIN = "joint_office"
HANDED_IN = ("submit_materials", "score_indicators")
"""What is done of the provider's assessment: the material, and the first of two scorings."""

_EVERYTHING = Scope.everything("sample data is moved by its people")


def assess(runtime: Runtime) -> None:
    """Begin this year's assessments as the joint office does; the provider's goes on to its second scoring."""
    year = legal_day(runtime.now()).year
    with runtime.database.read(_EVERYTHING) as session:
        office = actor_of(session, session.scalars(select(Person).where(Person.login == LOGIN)).one())
    for kind in ASSESSED:
        _publish(runtime, DraftIndicators(year, kind), office)
    begin_assessments(runtime, BeginAssessments(year), office)
    with runtime.database.read(_EVERYTHING) as session:
        query = select(Case.id).where(Case.process == PROCESS, Case.insurer_id.is_(None))
        provided = session.scalars(query.order_by(Case.number).limit(1)).one()
    walker = Walker(runtime, seed=9)
    for step in HANDED_IN:
        (item,) = [item for item in walker.open_items(provided) if item.step == step]
        walker.complete(item)


def _publish(runtime: Runtime, asked: DraftIndicators, office: Actor) -> None:
    set_id = draft_indicators(runtime, asked, office)
    with runtime.database.read(_EVERYTHING) as session:
        version = session.get_one(IndicatorSet, set_id).row_version
    publish_indicators(runtime, PublishIndicators(set_id, version), office)
