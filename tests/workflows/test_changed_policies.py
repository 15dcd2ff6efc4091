"""What a later file says otherwise reaches the service cycle that has counted with it."""

import pytest
from msgspec.structs import replace

from demo.offices import sample_uscc
from demo.sheets import workbook
from store.errors import LostLeaseError
from store.tables import QuotaSnapshot
from tests.support.world import EVERYTHING, agree
from worker.loop import drain
from workflows.registers import import_register


def import_again(world, **changes):
    """Import the unit's policy once more, with changes."""
    row = {
        "number": "AZX-45000.00",
        "policyholder_uscc": sample_uscc(0),
        "written_premium": "45000.00",
        "collected_premium": "45000.00",
        "term_start": "2026-03-01",
        "term_end": "2027-02-28",
        "signed_on": "2026-03-01",
        **changes,
    }
    manager = world.actor("provider_manager")
    outcome = import_register(world.runtime, "policies", workbook("policies", [row]), "保单.xlsx", manager)
    assert outcome.bad == 0
    drain(world.runtime)
    return outcome


def required(world):
    """Return what was owed, snapshot by snapshot."""
    with world.runtime.database.read(EVERYTHING) as session:
        rows = session.query(QuotaSnapshot).filter_by(policy_id=world.policy_id).order_by(QuotaSnapshot.id)
        return [row.required for row in rows]


def test_a_corrected_premium_is_counted_with(world):
    world.register()
    agree(world)
    assert required(world)[-1] == 2
    assert import_again(world, written_premium="100000.00", collected_premium="100000.00").changed == 1
    assert required(world)[-1] == 4
    known = len(required(world))
    assert import_again(world, written_premium="100000.00", collected_premium="100000.00").same == 1
    assert len(required(world)) == known


def test_a_surrender_ends_the_cycle(world):
    world.register()
    agree(world)
    assert import_again(world, surrender_effective="2026-06-01", refunded="30000.00").changed == 1
    (cycle,) = world.cases("service_cycle")
    assert cycle.variables["short"] == 0
    assert world.steps() == ["review_rate_evidence"]


def test_what_nothing_is_counted_by_wakes_nobody(world):
    world.register()
    agree(world)
    (before,) = world.cases("service_cycle")
    assert import_again(world, limit_total="5000000.00").changed == 1
    (after,) = world.cases("service_cycle")
    assert after.version == before.version


def test_an_import_that_another_worker_has_taken_over_writes_nothing_more(world):
    world.register()

    def taken_over():
        raise LostLeaseError("taken over")

    slow = replace(world, runtime=replace(world.runtime, still_at_work=taken_over))
    with pytest.raises(LostLeaseError):
        import_again(slow, written_premium="100000.00", collected_premium="100000.00")
    assert import_again(world, written_premium="100000.00", collected_premium="100000.00").changed == 1
