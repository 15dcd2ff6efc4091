"""What administrators' commands keep true, on both databases: somebody can always give roles, work is never lost."""

from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from demo.accounts import PASSWORD
from store.events import verify
from store.invariants import check
from store.tables import CaseEvent, Expert, Notice, Organization, Person, RoleGrant, WorkItem
from tests.support.waiting import while_locked
from tests.support.world import EVERYTHING
from workflows.accounts import add_person
from workflows.commands import ClaimWorkItem
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.handlers.grants import GrantRole, grant_role, revoke_role
from workflows.handlers.leavers import see_off, take_back
from workflows.handlers.organizations import close_organization
from workflows.handlers.people import lock_account
from workflows.handlers.work_items import claim_work_item, complete_work_item


def second_administrator(world):
    """Add another security administrator of the same office."""
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        first = session.get_one(Person, world.offices.people["security_admin"])
        person = add_person(
            session,
            login="security_2",
            name="胡安二",
            roles=("security_admin",),
            org_id=first.org_id,
            password=PASSWORD,
            now=world.clock.at,
        )
        world.offices.people["security_2"] = person.id
    return world.actor("security_2")


def roles_of(world, login):
    with world.runtime.database.read(EVERYTHING) as session:
        query = select(RoleGrant.role).where(
            RoleGrant.person_id == world.offices.people[login], RoleGrant.revoked_at.is_(None)
        )
        return set(session.scalars(query))


def test_the_last_security_administrator_cannot_be_removed(world):
    """Two take the role from each other at once: the second one's command comes too late."""
    people, first, second = world.offices.people, world.actor("security_admin"), second_administrator(world)
    revoke_role(world.runtime, people["security_2"], "security_admin", first)
    for attempt in (
        lambda: revoke_role(world.runtime, people["security_admin"], "security_admin", second),
        lambda: lock_account(world.runtime, people["security_admin"], "试", second),
        lambda: see_off(world.runtime, people["security_admin"], "试", second),
    ):
        with pytest.raises(RuleRefusedError, match="没有安全管理员"):
            attempt()
    assert roles_of(world, "security_admin") == {"security_admin"}


def test_the_office_of_the_last_security_administrator_stays_open(world):
    second = second_administrator(world)
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        elsewhere = session.scalars(select(Organization).where(Organization.kind == "provider")).one()
        session.get_one(Person, second.person_id).org_id = elsewhere.id
    revoke_role(world.runtime, second.person_id, "security_admin", world.actor("security_admin"))
    office = world.actor("security_admin").org_id
    outsider = world.actor("security_2")
    stale = type(outsider)(outsider.person_id, "", frozenset({"security_admin"}), elsewhere.id, EVERYTHING)
    with pytest.raises(RuleRefusedError, match="没有安全管理员"):
        close_organization(world.runtime, office, "试", stale)


def test_administrators_exclude_one_another(world):
    people, actor = world.offices.people, world.actor("security_admin")
    with pytest.raises(RuleRefusedError, match="三员分立"):
        grant_role(world.runtime, GrantRole(people["system_admin"], "auditor"), actor)
    revoke_role(world.runtime, people["system_admin"], "system_admin", actor)
    grant_role(world.runtime, GrantRole(people["system_admin"], "auditor"), actor)
    grant_role(world.runtime, GrantRole(people["system_admin"], "process_designer"), actor)
    assert roles_of(world, "system_admin") == {"auditor", "process_designer"}


def test_a_role_taken_and_given_again_is_one_row(world):
    people, actor = world.offices.people, world.actor("security_admin")
    for _ in range(2):
        revoke_role(world.runtime, people["coordinator"], "coordinator", actor)
        grant_role(world.runtime, GrantRole(people["coordinator"], "coordinator", ["330302"]), actor)
    with world.runtime.database.read(EVERYTHING) as session:
        rows = session.scalars(select(RoleGrant).where(RoleGrant.person_id == people["coordinator"])).all()
    assert [(row.role, row.regions, row.revoked_at) for row in rows] == [("coordinator", ["330302"], None)]


@pytest.mark.parametrize("login", ["coordinator", "system_admin", "auditor", "joint_office"])
def test_nobody_else_administers_people(world, login):
    with pytest.raises(NotAllowedError):
        grant_role(
            world.runtime, GrantRole(world.offices.people["expert"], "coordinator"), world.actor(login)
        )
    with pytest.raises(NotAllowedError):
        see_off(world.runtime, world.offices.people["expert"], "试", world.actor(login))


def test_the_open_work_of_a_leaver_goes_back_to_the_pool_and_the_next_one_does_it(world):
    world.register()
    people, actor = world.offices.people, world.actor("security_admin")
    item = world.item("confirm_unit_facts")
    if item.assignee_id is None:
        claim_work_item(world.runtime, ClaimWorkItem(item.id, item.version), world.actor("coordinator"))
    farewell = see_off(world.runtime, people["coordinator"], "11-30 离职", actor)
    assert (farewell.items, farewell.roles) == (1, 1)
    freed = world.item("confirm_unit_facts")
    assert (freed.status, freed.assignee_id) == (0, None)
    assert roles_of(world, "coordinator") == set()
    with world.runtime.database.read(EVERYTHING) as session:
        assert verify(session) is None
        assert check(session) == []
        kinds = session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == freed.case_id)).all()
        told = session.scalars(select(Notice.role).where(Notice.work_item_id == freed.id)).all()
    assert "item.released" in kinds
    assert told == ["coordinator"]
    grant_role(world.runtime, GrantRole(people["provider_manager"], "coordinator"), actor)
    claim_work_item(world.runtime, ClaimWorkItem(freed.id, freed.version), world.actor("provider_manager"))
    world.do("confirm_unit_facts", is_key=False)
    assert world.steps() == ["draft_scheme"]


def held_by_coordinator(world):
    """Begin a case whose first step the coordinator has; return the item."""
    world.register()
    item = world.item("confirm_unit_facts")
    claim_work_item(world.runtime, ClaimWorkItem(item.id, item.version), world.actor("coordinator"))
    return world.item("confirm_unit_facts")


def test_work_that_is_done_while_its_holder_is_seen_off_stays_done(world):
    item = held_by_coordinator(world)
    leaver, actor = world.offices.people["coordinator"], world.actor("security_admin")
    leave = partial(see_off, world.runtime, leaver, "离职", actor)
    with while_locked(world, item.case_id, leave) as held:
        done = {"status": 2, "done_by": leaver, "done_at": world.clock.at, "version": item.version + 1}
        held.session.execute(update(WorkItem).where(WorkItem.id == item.id).values(**done))
    assert held.commands[0].result().items == 0
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(WorkItem, item.id).status == 2


def test_the_work_of_a_role_that_is_taken_away_goes_back_to_the_others(world):
    item = held_by_coordinator(world)
    before = world.actor("coordinator")
    revoke_role(world.runtime, before.person_id, "coordinator", world.actor("security_admin"))
    freed = world.item("confirm_unit_facts")
    assert (freed.status, freed.assignee_id, freed.version) == (0, None, item.version + 1)
    with world.runtime.database.read(EVERYTHING) as session:
        assert verify(session) is None
        assert session.scalars(select(Notice.role).where(Notice.work_item_id == freed.id)).all() == [
            "coordinator"
        ]


def test_a_step_that_would_go_to_somebody_without_the_role_waits_for_the_others(pasts, tmp_path):
    """The visit still names who was sent on it when their role is gone."""
    with pasts.until("arranged").again(tmp_path) as world:
        revoke_role(world.runtime, world.offices.people["expert"], "expert", world.actor("security_admin"))
        world.do("policyholder_confirm_visit", answer="agree")
        item = world.item("check_in")
        assert (item.role, item.status, item.assignee_id) == ("expert", 0, None)


def test_who_lost_the_role_completes_nothing_that_is_still_in_their_name(world):
    item = held_by_coordinator(world)
    command, actor = world.walker.filled(item, is_key=False)
    without = replace(actor, roles=frozenset({"provider_manager"}))
    with pytest.raises(NotAllowedError):
        complete_work_item(world.runtime, command, without)


def test_a_leaver_is_no_expert_any_more_and_comes_back_unchecked(world):
    people, actor = world.offices.people, world.actor("security_admin")
    see_off(world.runtime, people["expert"], "离职", actor)
    with pytest.raises(RuleRefusedError, match="已经停用"):
        see_off(world.runtime, people["expert"], "离职", actor)
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(Expert, people["expert"]).status == "left"
    take_back(world.runtime, people["expert"], actor)
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(Expert, people["expert"]).status == "pending"
        assert session.get_one(Person, people["expert"]).active
    assert roles_of(world, "expert") == set()
