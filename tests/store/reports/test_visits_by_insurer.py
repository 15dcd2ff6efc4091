"""Visits owed, done and missing by insurer: the measures of each, nothing of others."""

from datetime import date
from decimal import Decimal

import pytest

from rules.reporting import Period
from store.reports.visits_by_insurer import visits_by_insurer
from store.scope import Scope
from store.tables import Policyholder
from tests.support.world import EVERYTHING

LAST = Period(date(2027, 1, 1), date(2027, 12, 31))
THIS = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def begun(pasts, tmp_path):
    """A city where one policy's cycle has begun; it owes two visits."""
    with pasts.until("agreed").again(tmp_path) as world:
        yield world


def report(world, period=LAST, scope=EVERYTHING):
    with world.runtime.database.read(scope) as session:
        return visits_by_insurer(session, period)


def test_what_an_insurers_policies_owe_is_summed_over_those_that_end_in_the_period(begun):
    (row,) = report(begun)
    assert (row.required, row.counted, row.missing, row.completion) == (2, 0, 2, Decimal("0.0"))
    assert row.insurer
    assert report(begun, Period(date(2031, 1, 1), date(2031, 12, 31))) == []


def test_a_unit_that_refused_on_file_leaves_the_coverage(begun):
    (row,) = report(begun, THIS)
    assert (row.units, row.required, row.coverage) == (1, 0, Decimal("0.0"))
    with begun.runtime.database.write(EVERYTHING, now=begun.clock.at) as session:
        session.get_one(Policyholder, begun.offices.unit).willingness = "refused_filed"
    (row,) = report(begun, THIS)
    assert (row.units, row.coverage) == (1, None)


def test_a_person_of_another_organization_sees_nothing(begun):
    someone = begun.actor("insurer")
    mine = Scope(
        someone.person_id, frozenset({"insurer"}), begun.offices.insurer, "insurer", now=begun.clock.at
    )
    assert len(report(begun, scope=mine)) == 1
    foreign = Scope(someone.person_id, frozenset({"insurer"}), begun.offices.unit, "insurer")
    assert report(begun, scope=foreign) == []
