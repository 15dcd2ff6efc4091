"""Visits owed, done and missing by insurer: policies of the period, units once, nothing of others."""

from datetime import date
from decimal import Decimal

import pytest

from rules.reporting import Period
from store.reports.visits_by_insurer import visits_by_insurer
from store.scope import Scope
from store.tables import Policyholder
from tests.support.world import EVERYTHING, agree

TERM_END = Period(date(2027, 1, 1), date(2027, 12, 31))


@pytest.fixture
def begun(world):
    """A city where one policy's cycle has begun; it owes two visits."""
    world.register()
    agree(world)
    return world


def report(world, period=TERM_END, scope=EVERYTHING):
    with world.runtime.database.read(scope) as session:
        return visits_by_insurer(session, period)


def test_what_an_insurers_policies_owe_is_summed_over_those_that_end_in_the_period(begun):
    (row,) = report(begun)
    assert (row.policies, row.units, row.required, row.counted, row.missing) == (1, 1, 2, 0, 2)
    assert row.coverage == Decimal("0.0")
    assert row.insurer
    assert report(begun, Period(date(2026, 1, 1), date(2026, 12, 31))) == []


def test_a_unit_that_refused_on_file_leaves_the_coverage(begun):
    with begun.runtime.database.write(EVERYTHING, now=begun.clock.at) as session:
        session.get_one(Policyholder, begun.offices.unit).willingness = "refused_filed"
    (row,) = report(begun)
    assert (row.refused, row.coverage) == (1, None)


def test_a_person_of_another_organization_sees_nothing(begun):
    someone = begun.actor("insurer")
    mine = Scope(
        someone.person_id, frozenset({"insurer"}), begun.offices.insurer, "insurer", now=begun.clock.at
    )
    assert len(report(begun, scope=mine)) == 1
    foreign = Scope(someone.person_id, frozenset({"insurer"}), begun.offices.unit, "insurer")
    assert report(begun, scope=foreign) == []
