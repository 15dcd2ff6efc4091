"""What a term says for the next rate, counted and rated (第十九条)."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from sqlalchemy import select

import feel
from rules.vocabulary import choices
from store.pages.renewal import RenewalCounts, renewal_counts
from store.tables import Hazard, Policy
from tests.support.world import EVERYTHING
from workflows.advance import new_act
from workflows.bundles import DECISIONS
from workflows.engine import decision_file
from workflows.operations.closing import rate_facts
from workflows.people import SYSTEM
from workflows.renewals import TABLE, Rating, newest_table, rate

TABLE_FILE = decision_file((DECISIONS / f"{TABLE}.dmn").read_bytes(), ())
SERVED = RenewalCounts(visits=2)


@pytest.mark.parametrize(
    ("counts", "level", "points"),
    [
        (RenewalCounts(), "none", 100),
        (SERVED, "good", 100),
        (replace(SERVED, rescheduled=2), "good", 100),
        (replace(SERVED, rescheduled=3), "good", 95),
        (replace(SERVED, late=1), "good", 90),
        (replace(SERVED, entry_refused=1), "fair", 85),
        (RenewalCounts(service_refused=True), "fair", 80),
        (replace(SERVED, due=1, closed=1, late=1, major=1), "fair", 75),
        (replace(SERVED, due=5, closed=4), "good", 100),
        (replace(SERVED, due=10, closed=7), "good", 90),
        (replace(SERVED, baseline_met=4, baseline_unmet=1), "good", 100),
        (replace(SERVED, baseline_met=3, baseline_unmet=1), "good", 90),
        (replace(SERVED, refused=1, entry_refused=1), "weak", 60),
        (replace(SERVED, refused=1, entry_refused=1, rescheduled=3), "poor", 55),
    ],
)
def test_the_table_takes_points_for_each_ground(counts, level, points):
    rating = rate(TABLE_FILE, counts, feel.Host())
    assert (rating.level, rating.points) == (level, Decimal(points))
    assert level in dict(choices("renewal_level"))
    assert bool(rating.grounds) == (points < 100)
    assert Rating.of(rating.plain()) == rating


def test_without_a_table_nothing_is_rated():
    assert rate(None, SERVED, feel.Host()) == Rating()
    assert Rating().words == "还没有依据"


@pytest.fixture
def told(pasts, tmp_path):
    """A city in which one hazard was told to its unit."""
    with pasts.until("told").again(tmp_path) as world:
        yield world


def test_what_is_counted_is_rated_and_kept_with_the_facts(told):
    with told.runtime.database.read(EVERYTHING) as session:
        policy = session.get_one(Policy, told.policy_id)
        hazard = session.scalars(select(Hazard)).one()
        before, after = (
            renewal_counts(session, [policy.id], day)[policy.id]
            for day in (hazard.notified_on, hazard.original_deadline.replace(year=2027))
        )
        (cycle,) = told.cases("service_cycle")
        facts = rate_facts(new_act(told.runtime, session, cycle, SYSTEM, told.clock.at), policy)
        newest = newest_table(session)
    assert (before.visits, before.due, before.closed, before.late) == (1, 1, 0, 0)
    assert after == replace(before, late=1)
    assert "隐患整改逾期" in rate(newest, after, feel.Host()).grounds
    kept = Rating.kept_in(facts)
    assert kept.points == 90
    assert kept.words == "优（90 分）：隐患整改率不到 80%"
