"""An auditor sees the business by a grant in force alone; an expert from outside by a contract that lasts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from rules.working_days import LEGAL_ZONE
from store import tables as t
from store.grants import numbers_in_force
from tests.store.builders import EVERYTHING, NOW

TODAY = NOW.astimezone(LEGAL_ZONE).date()
DAY = timedelta(days=1)
BUSINESS = (t.Policy, t.Visit, t.Case, t.WorkItem, t.Policyholder)


def grant(database, issuer, party, first=TODAY, last=TODAY, insurer=None):
    with database.write(EVERYTHING, now=NOW) as session:
        session.add(
            t.OfficeRecord(
                kind="inspection_grant",
                number="调阅-1",
                title="核查费用",
                party_id=party,
                day=first,
                until=last,
                org_id=issuer,
                insurer_id=insurer,
            )
        )


def seen(database, scope):
    """Return the providers of all business rows that the scope shows."""
    with database.read(scope) as session:
        return {org for model in BUSINESS for org in session.scalars(select(model.org_id))}


@pytest.mark.parametrize("party", ["provider", "insurer", "unit"])
def test_a_grant_shows_the_rows_of_the_office_or_unit_that_it_names_and_no_others(
    database, mine, theirs, party
):
    auditor = theirs.scope("auditor")
    assert seen(database, auditor) == set()
    grant(database, theirs.agency, getattr(mine, party))
    assert seen(database, auditor) == {mine.provider}
    assert seen(database, theirs.scope("system_admin")) == set()


@pytest.mark.parametrize(
    ("first", "last", "sees"),
    [
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY + DAY, TODAY + DAY, False),
        (TODAY - DAY, TODAY - DAY, False),
    ],
)
def test_a_grant_lasts_from_its_first_day_to_its_last(database, mine, first, last, sees):
    grant(database, mine.agency, mine.provider, first, last)
    assert seen(database, mine.scope("auditor")) == ({mine.provider} if sees else set())
    with database.read(EVERYTHING) as session:
        assert numbers_in_force(session, NOW) == (["调阅-1"] if sees else [])


def test_an_insurer_grants_its_own_business_alone(database, mine, theirs):
    grant(database, theirs.insurer, mine.provider, insurer=theirs.insurer)
    assert seen(database, mine.scope("auditor")) == set()
    grant(database, mine.insurer, mine.provider, insurer=mine.insurer)
    assert seen(database, mine.scope("auditor")) == {mine.provider}


def test_without_the_time_a_grant_shows_nothing(database, mine):
    grant(database, mine.agency, mine.provider)
    assert seen(database, mine.scope("auditor", now=None)) == set()


@pytest.mark.parametrize(
    ("source", "last", "sees"),
    [("external", TODAY, True), ("external", TODAY - DAY, False), ("own", TODAY - DAY, True)],
)
def test_an_expert_from_outside_loses_the_visits_when_the_contract_has_ended(
    database, mine, source, last, sees
):
    with database.write(EVERYTHING, now=NOW) as session:
        session.get_one(t.Expert, mine.expert).source = source
        session.add(
            t.Engagement(
                kind="provider_expert",
                party_a_id=mine.provider,
                person_id=mine.expert,
                start=TODAY - 9 * DAY,
                end=last,
                org_id=mine.provider,
            )
        )
    with database.read(mine.scope("expert")) as session:
        assert (session.get(t.Visit, mine.visit) is not None) is sees
