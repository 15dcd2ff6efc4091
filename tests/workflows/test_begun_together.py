"""Service cycles that begin together are like those that begin one by one."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import event, select

from store import tables as t
from tests.support.world import EVERYTHING
from workflows.handlers.cycles import register_policies, register_policy

OF_A_CASE = (t.CaseEvent, t.WorkItem, t.Timer, t.Subscription, t.Deadline)
OWN = {
    "id",
    "case_id",
    "policy_id",
    "number",
    "business_key",
    "bigrams",
    "hash",
    "prev_hash",
    "head_hash",
    "task_id",
    "state",
    "body",
}
"""Columns that differ from case to case."""


def add_policies(world, count, **facts):
    owners = {"org_id": world.offices.provider, "insurer_id": world.offices.insurer, "region_code": "330302"}
    term = {"term_start": date(2026, 3, 1), "term_end": date(2027, 2, 28), "signed_on": date(2026, 3, 1)}
    premium = {"written_premium": Decimal(45000), "collected_premium": Decimal(45000)}
    rows = [
        t.Policy(
            number=f"AZX-{uuid4()}",
            policyholder_id=world.offices.unit,
            industry="none",
            **{**owners, **term, **premium, **facts},
        )
        for _ in range(count)
    ]
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        session.add_all(rows)
    return [row.id for row in rows]


def cycles_of(world, policy_ids):
    with world.runtime.database.read(EVERYTHING) as session:
        return list(
            session.scalars(select(t.Case).where(t.Case.policy_id.in_(policy_ids)).order_by(t.Case.id))
        )


def rows_of(world, policy_id):
    """Return all that a cycle's beginning has written, by table, without what each case has for itself."""
    (case,) = cycles_of(world, [policy_id])
    with world.runtime.database.read(EVERYTHING) as session:
        found = {
            model.__tablename__: [
                told(row, policy_id) for row in session.scalars(select(model).where(model.case_id == case.id))
            ]
            for model in OF_A_CASE
        }
        found["cases"] = [told(case, policy_id)]
        found["policy"] = [told(session.get_one(t.Policy, policy_id), policy_id)]
    return found


def told(row, policy_id: UUID):
    values = {
        column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in OWN
    }
    return {key: str(value).replace(str(policy_id), "POLICY") for key, value in values.items()}


def test_they_have_the_same_rows_as_a_single_one(world):
    alone, *others = add_policies(world, 3)
    register_policy(world.runtime, alone)
    register_policies(world.runtime, others)
    expected = rows_of(world, alone)
    assert len(expected["work_item"]) == len(expected["cases"]) == 1
    assert expected["case_event"]
    assert [rows_of(world, other) for other in others] == [expected] * 2


def test_a_policy_never_gets_two(world):
    ids = add_policies(world, 2)
    for _ in range(2):
        register_policies(world.runtime, ids)
    assert len(cycles_of(world, ids)) == 2


def test_what_may_not_be_served_waits_and_the_rest_begins(world):
    ready, early = add_policies(world, 1), add_policies(world, 1, insurer_id=world.offices.provider)
    register_policies(world.runtime, [*ready, *early])
    assert [case.policy_id for case in cycles_of(world, [*ready, *early])] == ready
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(t.Policy, early[0]).missing


def test_one_that_cannot_begin_stops_none_of_the_others(world):
    ids = [*add_policies(world, 2), uuid4()]
    register_policies(world.runtime, ids)
    assert cycles_of(world, ids) == []
    with world.runtime.database.read(EVERYTHING) as session:
        jobs = session.scalars(select(t.Job).where(t.Job.kind == "register_policy")).all()
    assert {job.args["policy_id"] for job in jobs} == {str(each) for each in ids}


def test_what_they_share_is_read_once(world):
    few, many = (asked(world, add_policies(world, count)) for count in (2, 5))
    assert (many - few) % 3 == 0
    assert (many - few) // 3 <= 8


def asked(world, ids):
    """Return how many statements it takes to begin these."""
    seen = []
    engine = world.runtime.database.writer

    def note(*_):
        seen.append(1)

    event.listen(engine, "before_cursor_execute", note)
    register_policies(world.runtime, ids)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
