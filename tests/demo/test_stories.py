"""The stories of the sample city: what they name exists, and each begins early enough."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from demo.days import HOURS, Days
from demo.stories import PREMIUMS, Story, Turn, stories
from rules.visit_planning import opening_day, plan_visits
from rules.vocabulary import choices
from rules.working_days import published_calendar
from workflows.bundles import DIAGRAMS
from workflows.engine import compile_process
from workflows.runtime import SHANGHAI

PRESENT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
DAYS = Days(PRESENT, published_calendar())
STORIES = stories()
SPECS = [compile_process(file.read_bytes()) for file in DIAGRAMS.glob("*.bpmn")]


def turns_of(story: Story) -> list[Turn]:
    """Return all turns of a story."""
    return [
        turn for turns in story.steps.values() for turn in ([turns] if isinstance(turns, Turn) else turns)
    ]


def test_stories_name_steps_messages_and_trades_that_there_are():
    steps = {step for spec in SPECS for step in spec.steps}
    messages = {event.message for spec in SPECS for event in spec.events.values()}
    assert {step for story in STORIES for step in story.steps} <= steps
    assert {turn.send for story in STORIES for turn in turns_of(story) if turn.send} <= messages
    assert {story.kind for story in STORIES} <= {code for code, _ in choices("high_risk_kind")}


@pytest.mark.parametrize("story", [one for one in STORIES if any(turn.ago for turn in turns_of(one))])
def test_the_first_visit_is_open_before_the_story_needs_it(story):
    terms = story.terms(DAYS, Random(1))
    agreed = DAYS.calendar.add(terms.start, 4)
    first = plan_visits(agreed, terms.end, story.visits, DAYS.calendar)[0]
    assert opening_day(first, terms.start) <= DAYS.ago(max(turn.ago or 0 for turn in turns_of(story)))


def test_a_premium_earns_the_visits_of_its_story():
    terms = Story(visits=3, signed=6).terms(DAYS, Random(1))
    assert PREMIUMS[3][0] <= terms.premium <= PREMIUMS[3][1]
    assert terms.start == terms.signed == DAYS.ago(6)
    assert terms.end == terms.start + timedelta(days=364)


def test_a_term_in_an_unpublished_year_is_not_signed_yet():
    terms = Story(unpublished=True, signed=4).terms(DAYS, Random(1))
    assert terms.signed is None
    assert DAYS.calendar.is_provisional(terms.start)


def test_a_list_is_one_turn_after_the_other_an_object_each():
    once, always = Turn({"decision": "return"}), Turn(left=True)
    story = Story({"a": [once], "b": always})
    assert [story.turn("a", n) for n in range(2)] == [once, Turn()]
    assert [story.turn("b", n) for n in range(2)] == [always, always]
    assert story.turn("c", 0) == Turn()


def test_days_ago_are_working_days():
    sunday = Days(datetime(2026, 11, 29, 3, 0, tzinfo=UTC), published_calendar())
    assert sunday.ago(0) == date(2026, 11, 27)
    assert sunday.ago(5) == date(2026, 11, 20)


def test_people_sit_down_at_office_hours_of_working_days_until_the_present():
    sittings = list(DAYS.sittings(date(2026, 11, 20)))
    assert {moment.tzinfo for moment in sittings} == {UTC}
    assert {moment.astimezone(SHANGHAI).time() for moment in sittings} == set(HOURS)
    assert all(DAYS.calendar.is_working_day(moment.date()) for moment in sittings)
    assert sittings[-1] < PRESENT
    assert len(sittings) == 5 * len(HOURS) + 1
