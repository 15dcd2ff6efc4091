"""驳回, 撤回 and 转办 across a signing round: who loses work, when the round is void, who may not have a seat."""

from datetime import date
from uuid import uuid4

import pytest

from store.tables import Case, Person, RoleGrant, WorkItem
from tests.support.signing import THREE, opened, plain, step
from tests.support.world import EVERYTHING
from tests.workflows.verbs.asking import draft
from workflows.commands import ClaimWorkItem
from workflows.handlers.work_items import claim_work_item
from workflows.verbs.offer import Asker, Verb
from workflows.verbs.offers import offers
from workflows.verbs.previews import target_of_done, targets
from workflows.verbs.receivers import unfit
from workflows.verbs.returning import ReturnWork, WithdrawWork, return_work, withdraw_work


@pytest.fixture
def case(world, monkeypatch, tmp_path):
    """A case in which one person prepares (b) what three then sign (a), before somebody files it (c)."""
    flows = "start > b > a > c > end"
    shapes = (plain("b"), step(sign="order", signers=THREE), plain("c"))
    found = opened(world, monkeypatch, tmp_path / "signing", shapes, flows=flows)
    found.sign("coordinator", step="b")
    return found


def test_each_signer_is_shown_to_lose_work_and_the_round_is_void(case, world):
    case.sign("coordinator")
    item = case.item("provider_manager")
    claim_work_item(world.runtime, ClaimWorkItem(item.id, item.version), world.actor("provider_manager"))
    item = case.item("provider_manager")
    with world.runtime.database.read(EVERYTHING) as session:
        (target,) = targets(session, session.get_one(Case, case.case_id), item.task_id)
    assert [loss.holder for loss in target.losses] == ["周行知", "回访员"]
    command = ReturnWork(item.id, item.version, target.activation, "缺附件", target.fingerprint, str(uuid4()))
    return_work(world.runtime, command, world.actor("provider_manager"))
    assert {one.step for one in case.items() if one.status < 2} == {"b"}
    assert case.round().status == "void"
    assert case.is_sound()
    case.sign("coordinator", step="b")
    assert [one.round for one in case.items() if one.step == "a" and one.status < 2] == [2]
    assert case.is_sound()


def test_only_who_signed_last_withdraws_and_all_sign_again(case, world):
    for who in ("coordinator", "provider_manager", "return_visitor"):
        case.sign(who)
    seats = {item.role: item for item in case.items() if item.step == "a"}
    assert "最后签成的人" in reason(case, "coordinator", seats["coordinator"])
    last = seats["return_visitor"]
    assert reason(case, "return_visitor", last) == ""
    with world.runtime.database.read(EVERYTHING) as session:
        row = session.get_one(Case, case.case_id)
        _, target = target_of_done(session, row, session.get_one(WorkItem, last.id))
    withdraw_work(
        world.runtime,
        WithdrawWork(last.id, "看错了", target.fingerprint, str(uuid4())),
        world.actor("return_visitor"),
    )
    assert case.asked() == ["coordinator"]
    assert case.is_sound()


def reason(case, who, item):
    """Return why somebody may not withdraw an item; empty if they may."""
    with case.world.runtime.database.read(EVERYTHING) as session:
        row = session.get_one(Case, case.case_id)
        asker = Asker(
            session, row, session.get_one(WorkItem, item.id), case.world.actor(who), case.world.clock()
        )
        return next(one.reason for one in offers(asker) if one.verb is Verb.WITHDRAW)


def test_a_seat_is_not_given_to_who_has_another_in_the_round(case, world):
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        manager = session.get_one(Person, world.offices.people["provider_manager"])
        session.add(RoleGrant(person_id=manager.id, role="coordinator", granted_at=world.clock.at))
    item = case.item("provider_manager")
    assert item.status == 4
    case.sign("coordinator")
    item = case.item("provider_manager")
    claim_work_item(world.runtime, ClaimWorkItem(item.id, item.version), world.actor("provider_manager"))
    seat = next(one for one in case.items() if one.role == "coordinator" and one.step == "a")
    with world.runtime.database.read(EVERYTHING) as session:
        row = session.get_one(WorkItem, seat.id)
        why = unfit(session, row, session.get_one(Person, item_holder(case)), date(2026, 3, 2))
    assert why == "已经在这一轮里"


def item_holder(case):
    """Return who has the manager's seat."""
    return case.item("provider_manager").assignee_id


def test_a_step_that_others_signed_too_comes_back_to_who_did_it_with_the_answers(
    world, monkeypatch, tmp_path
):
    shapes = (plain("a"), plain("b"))
    case = opened(world, monkeypatch, tmp_path / "signing", shapes, flows="start > a > b > end")
    case.add("coordinator", "return_visitor", "after")
    case.sign("coordinator", on="2026-03-09")
    case.sign("return_visitor", opinion="好")
    item, actor = case.item("coordinator", "b"), world.actor("coordinator")
    with world.runtime.database.read(EVERYTHING) as session:
        (target,) = targets(session, session.get_one(Case, case.case_id), item.task_id)
    command = ReturnWork(
        item.id, item.version, target.activation, "日期不对", target.fingerprint, str(uuid4())
    )
    return_work(world.runtime, command, actor)
    again = case.item("coordinator")
    assert again.assignee_id == actor.person_id
    assert draft(world, again, actor.person_id)["on"] == "2026-03-09"


def test_what_somebody_has_asked_another_to_sign_is_not_withdrawn_from_under_them(
    world, monkeypatch, tmp_path
):
    shapes = (plain("b"), step(sign="all", signers='["provider_manager", "return_visitor"]'))
    case = opened(world, monkeypatch, tmp_path / "signing", shapes, flows="start > b > a > end")
    case.sign("coordinator", step="b")
    case.add("provider_manager", "provider_finance", "before")
    done = next(item for item in case.items() if item.step == "b")
    assert "已经打开" in reason(case, "coordinator", done)
