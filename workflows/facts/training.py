"""Facts of a group training: the year against the duty, the plan, whom it means, who came."""

from sqlalchemy import select

from rules.training import Training, judge_trainings
from rules.vocabulary import label
from store.pages.audience import insured_units, invitations_of_year
from store.tables import GroupTraining, Organization
from workflows.acts import Act
from workflows.facts.groups import Group, about
from workflows.operations.trainings import audience_today, trainings_of_year
from workflows.reading import Facts
from workflows.records import invitations_of, training_of

SHOWN = 30
"""So many units of an audience are named."""


def _year(act: Act) -> Facts:
    held = [Training(row.held_on or row.planned_on, row.state == "held") for row in trainings_of_year(act)]
    verdict = judge_trainings(act.today.year, held)
    return {"trainings_held": verdict.held, "trainings_required": verdict.required}


def _uninvited(act: Act) -> Facts:
    invited = invitations_of_year(act.session, act.case.org_id, act.today.year)
    units = insured_units(act.session, act.case.org_id, act.today)
    return {"units_uninvited": sum(unit.id not in invited for unit in units)}


def _plan(_act: Act, training: GroupTraining) -> Facts:
    return {
        "training_topic": training.topic,
        "training_focus": training.focus,
        "training_day": training.planned_on,
        "training_starts_at": training.starts_at,
        "training_mode_name": label("training_mode", training.mode),
        "training_place": training.place,
        "training_speaker": training.speaker,
        "training_budget": training.budget,
        "training_opinion": training.opinion,
    }


def _audience(act: Act, training: GroupTraining) -> Facts:
    return audience_facts(act, training.audience_rule)


def audience_facts(act: Act, rule: str) -> Facts:
    """Return whom a condition means today; before there is one, nothing."""
    if not rule:
        return {}
    units = audience_today(act, rule)
    more = f" 等 {len(units)} 家" if len(units) > SHOWN else ""
    return {
        "audience_count": len(units),
        "audience_first_time": sum(not unit.facts["invited_this_year"] for unit in units),
        "audience_names": "、".join(unit.name for unit in units[:SHOWN]) + more,
    }


def _came(act: Act, training: GroupTraining) -> Facts:
    rows = invitations_of(act, training)
    asked = [row.policyholder_id for row in rows if row.channel != "walk_in"]
    names = act.session.scalars(
        select(Organization.name).where(Organization.id.in_(asked)).order_by(Organization.name).limit(SHOWN)
    )
    return {
        "training_invited_names": "、".join(names),
        "training_invited": sum(row.channel != "walk_in" for row in rows),
        "training_households": sum(row.people > 0 for row in rows),
        "training_people": sum(row.people for row in rows),
    }


TRAINING_FACTS = (
    Group(_year, frozenset({"trainings_held", "trainings_required"})),
    Group(_uninvited, frozenset({"units_uninvited"})),
    about(
        training_of,
        _plan,
        "training_topic",
        "training_focus",
        "training_day",
        "training_starts_at",
        "training_mode_name",
        "training_place",
        "training_speaker",
        "training_budget",
        "training_opinion",
    ),
    about(training_of, _audience, "audience_count", "audience_first_time", "audience_names"),
    about(
        training_of,
        _came,
        "training_invited",
        "training_invited_names",
        "training_households",
        "training_people",
    ),
)
"""What forms may read of a group training, and of the year's trainings (第十五条)."""
