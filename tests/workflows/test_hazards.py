"""A hazard from its notice to its closure: levels, notices, deadlines, on both databases."""

from datetime import date

import pytest
from sqlalchemy import select

from store.tables import Hazard
from tests.support.world import EVERYTHING


@pytest.fixture
def told(pasts, tmp_path):
    """A city in which a unit has been told of a hazard; the test runs once per kind of database."""
    with pasts.until("told").again(tmp_path) as world:
        yield world


def hazard(world) -> Hazard:
    """Return the one hazard."""
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Hazard)).one()


def ask_for_an_extension(world) -> None:
    """Let the unit ask for more time."""
    (case,) = world.cases("hazard_closure")
    wish = {"new_deadline": "+30工作日", "reason": "备件", "interim_measures": "停用"}
    photo = world.walker.photo(world.item("submit_rectification"))
    world.send(case, "extension_requested", "policyholder", **wish, application=[photo])


def test_an_extension_that_is_older_than_a_failed_recheck_does_not_move_its_date(told):
    told.do("plan_rectification", answer="accept")
    ask_for_an_extension(told)
    told.do("submit_rectification")
    told.do("approve_extension", decision="approve")
    told.do("recheck_hazard", result="failed", new_deadline=date(2026, 12, 1))
    assert hazard(told).deadline == date(2026, 12, 1)
    assert told.item("submit_rectification").due_on == date(2026, 12, 1)
