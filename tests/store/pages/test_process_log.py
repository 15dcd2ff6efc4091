"""The ways of cases, as their events tell them: in order, and each element of a command once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from store.pages.process_log import Span, log_lines, standing, ways
from store.scope import Scope
from store.tables import Case
from tests.support.world import EVERYTHING

VISIT = ("dispatch_visit", "accept_visit", "arrange_pre_contact")


@pytest.fixture
def span(archived) -> Span:
    with archived.runtime.database.read(EVERYTHING) as session:
        release_id = session.scalars(select(Case.release_id).where(Case.process == "service_visit")).first()
    return Span(release_id, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def test_the_way_of_a_case_is_its_log(archived, span):
    with archived.runtime.database.read(EVERYTHING) as session:
        lines = list(log_lines(session, span))
        found = ways(session, span)
    by_case: dict[object, list[str]] = {}
    for line in lines:
        by_case.setdefault(line.case_id, []).append(line.element)
    assert sorted(way.elements for way in found for _ in range(way.cases)) == sorted(
        map(tuple, by_case.values())
    )
    assert any(way.elements[:3] == VISIT and way.ended == 1 for way in found)
    assert [line.at for line in lines if line.case_id == lines[0].case_id] == sorted(
        line.at for line in lines if line.case_id == lines[0].case_id
    )


def test_cases_outside_the_span_are_not_looked_at(archived, span):
    with archived.runtime.database.read(EVERYTHING) as session:
        before = Span(span.release_id, span.since, datetime(2001, 1, 1, tzinfo=UTC))
        assert (ways(session, before), list(log_lines(session, before))) == ([], [])


def test_whoever_asks_is_answered_with_numbers_alone(archived, span):
    with archived.runtime.database.read(Scope(roles=frozenset({"process_designer"}))) as session:
        assert sum(way.cases for way in ways(session, span)) >= 1
        assert session.scalars(select(Case)).all() == []
        stands = standing(session, span.release_id, archived.clock())
    assert all(one.waiting >= one.overdue for one in stands.values())
