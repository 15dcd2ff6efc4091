"""A coordinator whose work is narrowed to regions neither sees nor does what lies in another one."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from store.tables import Notice, WorkItem
from tests.support.world import EVERYTHING
from workflows.commands import ClaimWorkItem, OpenRefusal, SaveDraft
from workflows.errors import NotFoundError
from workflows.handlers.openings import open_refusal
from workflows.handlers.policies import EndorsePolicy, SurrenderPolicy, endorse_policy, surrender_policy
from workflows.handlers.work_items import claim_work_item, save_draft

HERE, ELSEWHERE = "330302", "330381"
DAY = date(2026, 6, 1)


@pytest.fixture
def begun(pasts, tmp_path):
    """A city whose first step, of a unit in one district, waits for a coordinator who has heard of it."""
    with pasts.until("begun").again(tmp_path) as world:
        (item,) = world.items()
        with world.runtime.database.write(EVERYTHING) as session:
            session.add(
                Notice(
                    role=item.role,
                    holder_id=item.holder_id,
                    case_id=item.case_id,
                    kind="notice",
                    title="新的一步",
                    at=world.clock.at,
                )
            )
        yield world


def coordinator(world, *regions, roles=("coordinator",)):
    person = world.actor("coordinator")
    roles = frozenset(roles)
    return replace(
        person, roles=roles, scope=replace(person.scope, roles=roles, region_codes=frozenset(regions))
    )


def seen_by(world, actor):
    with world.runtime.database.read(actor.scope) as session:
        return [len(session.scalars(select(table.id)).all()) for table in (WorkItem, Notice)]


@pytest.mark.parametrize(
    ("regions", "roles", "seen"),
    [
        ((), ("coordinator",), 1),
        ((HERE,), ("coordinator",), 1),
        ((HERE, ELSEWHERE), ("coordinator",), 1),
        ((ELSEWHERE,), ("coordinator",), 0),
        ((ELSEWHERE,), ("coordinator", "expert"), 0),
        ((ELSEWHERE,), ("coordinator", "provider_manager"), 1),
    ],
)
def test_the_pool_and_the_bell_show_the_own_regions_alone(begun, regions, roles, seen):
    assert seen_by(begun, coordinator(begun, *regions, roles=roles)) == [seen, seen]


def test_nothing_of_another_region_is_done(begun):
    (item,), (cycle,) = begun.items(), begun.cases("service_cycle")
    runtime, stranger = begun.runtime, coordinator(begun, ELSEWHERE)
    for attempt in (
        lambda: claim_work_item(runtime, ClaimWorkItem(item.id, item.version), stranger),
        lambda: save_draft(runtime, SaveDraft(item.id, {}), stranger),
        lambda: endorse_policy(runtime, EndorsePolicy(begun.policy_id, DAY, Decimal(100)), stranger),
        lambda: surrender_policy(runtime, SurrenderPolicy(begun.policy_id, DAY, Decimal(100)), stranger),
        lambda: open_refusal(runtime, OpenRefusal(cycle.id, "电话里说不需要服务", "k"), stranger),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_work_of_the_own_region_is_taken(begun):
    (item,) = begun.items()
    claim_work_item(begun.runtime, ClaimWorkItem(item.id, item.version), coordinator(begun, HERE))
    assert begun.items()[0].status == 1


def test_work_that_was_given_to_somebody_is_theirs_wherever_it_lies(begun):
    (item,) = begun.items()
    claim_work_item(begun.runtime, ClaimWorkItem(item.id, item.version), coordinator(begun, HERE))
    assert save_draft(begun.runtime, SaveDraft(item.id, {}), coordinator(begun, ELSEWHERE))
