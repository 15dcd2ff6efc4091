"""What runs short is told once to those who answer for it: the fund, and the trainings of a quarter; both databases."""

from datetime import date

from sqlalchemy import select, update

from store.tables import FundEntry, FundPlan, Notice
from tests.support.world import EVERYTHING
from workflows.handlers.watching import tell_of_shortage


def told(world, day):
    """Return to whom something was told that night that nobody was told before, and what."""
    with world.runtime.database.read(EVERYTHING) as session:
        before = set(session.scalars(select(Notice.id)))
    tell_of_shortage(world.runtime, day)
    with world.runtime.database.read(EVERYTHING) as session:
        rows = session.scalars(select(Notice).order_by(Notice.role)).all()
        return [(row.role, row.holder_id, row.title) for row in rows if row.id not in before]


def test_trainings_that_lag_behind_are_told_once_a_quarter_to_the_manager_and_the_joint_office(begun):
    assert told(begun, date(2026, 3, 31)) == []
    first = told(begun, date(2026, 4, 1))
    assert [role for role, _, _ in first] == ["joint_office", "provider_manager"]
    assert first[1][1] == begun.offices.provider
    assert "2026 年集中培训 0 次，进度落后，还差 4 次" in first[1][2]
    assert told(begun, date(2026, 4, 2)) == []
    assert len(told(begun, date(2026, 7, 1))) == 2


def test_a_fund_of_which_little_is_left_is_told_once_to_both_finances(archived):
    day = date(2026, 3, 30)
    assert told(archived, day) == []
    with archived.runtime.database.write(EVERYTHING) as session:
        spent = session.scalars(select(FundEntry.amount)).one()
        session.execute(update(FundPlan).values(total=spent * 2))
    assert told(archived, day) == []
    with archived.runtime.database.write(EVERYTHING) as session:
        session.execute(update(FundPlan).values(total=spent))
    low = told(archived, day)
    assert [(role, holder) for role, holder, _ in low] == [
        ("insurer_finance", archived.offices.insurer),
        ("provider_finance", archived.offices.provider),
    ]
    assert "只剩 0.00 元" in low[0][2]
    assert told(archived, day) == []
