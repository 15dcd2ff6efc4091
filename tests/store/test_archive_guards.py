"""After archiving nothing of a visit changes; corrections are additions."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from store import tables as t
from tests.store.builders import EVERYTHING, NOW

RETAINED = date(2031, 12, 31)


@pytest.fixture
def archived(database, mine):
    with database.write(EVERYTHING, now=NOW) as session:
        session.add(
            t.VisitDay(
                visit_id=mine.visit, day=date(2026, 11, 24), arrived_at=NOW, left_at=NOW, **mine.owners()
            )
        )
        volume = t.CaseFile(number="DA-1", policy_id=mine.policy, visit_id=mine.visit, **mine.owners())
        session.add(volume)
        session.flush()
        session.add(item(mine, volume.id, 1))
        visit = session.get(t.Visit, mine.visit)
        visit.state, visit.archived_at = "archived", NOW
        volume.state, volume.retain_until, volume.sealed_at = "sealed", RETAINED, NOW
    return mine, volume.id


def item(world, volume, position, **more):
    return t.CaseFileItem(
        case_file_id=volume,
        position=position,
        title="服务记录",
        kind="document",
        added_at=NOW,
        **world.owners(),
        **more,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visit SET place = 'x'",
        "DELETE FROM visit",
        "UPDATE visit_day SET day = '2026-01-01'",
        "DELETE FROM visit_day",
        "UPDATE visit_member SET reason = 'x'",
        "UPDATE case_file SET number = 'x'",
        "DELETE FROM case_file",
        "UPDATE case_file_item SET title = 'x'",
        "DELETE FROM case_file_item",
        "UPDATE case_file SET retain_until = '2027-01-01'",
        "UPDATE case_file SET retain_until = NULL",
    ],
)
def test_an_archived_visit_refuses(database, archived, statement):
    with (
        pytest.raises(IntegrityError, match=r"archived|sealed|kept longer"),
        database.writing() as connection,
    ):
        connection.execute(text(statement))


def test_a_sealed_volume_takes_supplements_only(database, archived):
    mine, volume = archived
    with database.write(EVERYTHING) as session:
        session.add(item(mine, volume, 2, supplement_no=1))
    with pytest.raises(IntegrityError, match="sealed"), database.write(EVERYTHING) as session:
        session.add(item(mine, volume, 3))


def test_a_sealed_volume_may_be_kept_longer_and_be_packed(database, archived):
    _, volume = archived
    with database.write(EVERYTHING) as session:
        found = session.get(t.CaseFile, volume)
        found.retain_until = RETAINED + timedelta(days=1)
        found.package_sha256 = "0" * 64


def test_a_visit_that_is_not_archived_still_changes(database, mine):
    with database.write(EVERYTHING) as session:
        session.get(t.Visit, mine.visit).place = "车间"
    with database.write(EVERYTHING) as session:
        session.delete(session.get(t.Visit, session.get(t.Visit, mine.visit).id))
        session.rollback()


def test_a_fund_entry_is_reversed_not_changed(database, mine):
    with database.write(EVERYTHING, now=NOW) as session:
        session.add(
            t.FundEntry(
                id=uuid4(),
                number="FY-1",
                entry_date=date(2026, 11, 24),
                kind="expense",
                amount=100,
                category="x",
                **mine.owners(),
            )
        )
    for statement in ("UPDATE fund_entry SET amount = 1", "DELETE FROM fund_entry"):
        with pytest.raises(IntegrityError, match="append-only"), database.writing() as connection:
            connection.execute(text(statement))
