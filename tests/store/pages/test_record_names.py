"""What a list of changes calls the records, on both databases."""

from datetime import date
from uuid import uuid4

import pytest

from store import tables as t
from store.pages.record_names import NAMINGS, record_names
from tests.store.builders import EVERYTHING, NOW, World, add_world


@pytest.fixture
def mine(database):
    return add_world(database, World())


@pytest.fixture
def others(database, mine):
    """A claim, a year's facts, an incident and an indicator set: kind of record to id."""
    ids = {kind: uuid4() for kind in ("claim", "year_fact", "incident", "indicator_set")}
    owned = {"policyholder_id": mine.unit, "org_id": mine.provider, "insurer_id": mine.insurer}
    with database.write(EVERYTHING, now=NOW) as session:
        session.add(
            t.Claim(
                id=ids["claim"],
                number="LP-1",
                policy_id=mine.policy,
                occurred=date(2026, 3, 4),
                reported=date(2026, 3, 4),
                state="filed",
                **owned,
            )
        )
        session.add(t.IndicatorSet(id=ids["indicator_set"], year=2026, object_kind="provider"))
        session.add(t.YearFact(id=ids["year_fact"], year=2025, **owned))
        session.add(
            t.Incident(id=ids["incident"], case_id=mine.case, kind="data", message="m", opened_at=NOW)
        )
    return ids


def test_every_kind_with_a_name_is_named_also_outside_the_readers_scope(database, mine, others):
    ids = {
        **others,
        "person": mine.contact,
        "organization": mine.provider,
        "policyholder": mine.unit,
        "policy": mine.policy,
        "job": uuid4(),
    }
    with database.read(World().scope("auditor")) as session:
        names = record_names(session, ids.items())
    assert {kind: names.get((kind, ids[kind])) for kind in ids} == {
        "person": "单位",
        "organization": f"服务{mine.provider.hex[:6]}",
        "policyholder": "温州宏达化工有限公司",
        "policy": f"PA{mine.policy.hex[:8]}",
        "claim": "LP-1",
        "year_fact": "温州宏达化工有限公司 2025",
        "incident": f"FW-{mine.case.hex[:6]}",
        "indicator_set": "2026",
        "job": None,
    }
    assert ids.keys() >= NAMINGS.keys()


def test_records_that_are_gone_have_no_name(database):
    with database.read(EVERYTHING) as session:
        assert record_names(session, [(kind, uuid4()) for kind in NAMINGS]) == {}
        assert record_names(session, []) == {}
