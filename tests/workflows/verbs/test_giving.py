"""转办, 委派 and 交回, 催办, 抄送, 批注: who may, who is told, what stays."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from rules.working_days import published_calendar
from store.scope import owner_of
from store.tables import Case, Expert, Person, RoleGrant, Visit, VisitMember, WorkItem
from tests.support.world import EVERYTHING
from tests.workflows.interventions.asking import rows, suspend
from tests.workflows.verbs.asking import (
    change,
    colleague,
    draft,
    events,
    holder,
    offered,
    row_of,
    sound,
    stranger,
    told,
)
from workflows.commands import ClaimWorkItem, ReleaseWorkItem, SaveDraft
from workflows.errors import NotAllowedError, NotFoundError, RuleRefusedError, StaleVersionError
from workflows.handlers.leavers import see_off
from workflows.handlers.work_items import claim_work_item, complete_work_item, release_work_item, save_draft
from workflows.verbs.commenting import CommentOnCase, comment_on_case
from workflows.verbs.copying import CopyCase, copy_case
from workflows.verbs.delegating import (
    DelegateWorkItem,
    HandBackWorkItem,
    delegate_work_item,
    hand_back_work_item,
)
from workflows.verbs.transferring import TransferWorkItem, transfer_work_item
from workflows.verbs.urging import UrgeWorkItem, urge_work_item, working_time


@pytest.fixture
def begun(pasts, tmp_path):
    """A city whose coordinators have one step to do; the test runs once per kind of database."""
    with pasts.until("begun").again(tmp_path) as world:
        yield world


def claimed(world, step: str = "confirm_unit_facts") -> tuple[WorkItem, object]:
    """Return an item that somebody has claimed, and who."""
    item = world.item(step)
    person = world.actor("coordinator")
    claim_work_item(world.runtime, ClaimWorkItem(item.id, item.version), person)
    return row_of(world, item), person


def transfer(world, item, giver, to, *, reason="出差", key="t1", version=None):
    command = TransferWorkItem(item.id, version or item.version, to.person_id, reason, key)
    transfer_work_item(world.runtime, command, giver)


def delegate(world, item, giver, to, *, key="d1"):
    command = DelegateWorkItem(item.id, row_of(world, item).version, to.person_id, "请你填", key)
    delegate_work_item(world.runtime, command, giver)


def hand_back(world, item, by, opinion="填好了", key="h1"):
    command = HandBackWorkItem(item.id, row_of(world, item).version, opinion, key)
    hand_back_work_item(world.runtime, command, by)


def test_a_transfer_gives_work_draft_and_duty_to_the_other(begun):
    item, giver = claimed(begun)
    other = colleague(begun)
    save_draft(begun.runtime, SaveDraft(item.id, {"needs": "培训"}), giver)
    transfer(begun, item, giver, other)
    now = row_of(begun, item)
    assert (now.assignee_id, now.owner_id, now.due_at) == (other.person_id, None, item.due_at)
    assert draft(begun, item, other.person_id) == {"needs": "培训"}
    (event,) = events(begun, item, "item.transferred")
    assert "转给王工办：出差" in event.body.decode()
    assert any("转给王工办" in title for title in told(begun, other.person_id))
    with pytest.raises(NotAllowedError):
        complete_work_item(begun.runtime, begun.walker.filled(now)[0], giver)
    begun.do("confirm_unit_facts", is_key=False)
    sound(begun)


def test_the_same_transfer_twice_is_one_and_an_old_page_is_told(begun):
    item, giver = claimed(begun)
    other = colleague(begun)
    transfer(begun, item, giver, other)
    transfer(begun, item, giver, other)
    assert len(events(begun, item, "item.transferred")) == 1
    with pytest.raises(StaleVersionError):
        transfer(begun, item, other, giver, key="t2")


def test_the_manager_moves_work_of_the_own_house_and_a_stranger_sees_nothing(begun):
    item, giver = claimed(begun)
    other = colleague(begun)
    transfer(begun, item, begun.actor("provider_manager"), other)
    assert row_of(begun, item).assignee_id == other.person_id
    assert any("不用你办了" in title for title in told(begun, giver.person_id))
    with pytest.raises(NotFoundError):
        transfer(begun, row_of(begun, item), stranger(begun), giver, key="t2")
    with pytest.raises(NotAllowedError):
        transfer(begun, row_of(begun, item), begun.actor("provider_finance"), giver, key="t3")


@pytest.mark.parametrize("fault", ["role", "organization", "left", "region"])
def test_who_may_not_do_the_work_does_not_get_it(begun, fault):
    item, giver = claimed(begun)
    if fault == "role":
        other = colleague(begun, "return_visitor")
    elif fault == "organization":
        other = stranger(begun)
    else:
        other = colleague(begun, active=fault != "left")
    if fault == "region":
        with begun.runtime.database.write(EVERYTHING) as session:
            grant = session.scalar(select(RoleGrant).where(RoleGrant.person_id == other.person_id))
            grant.regions = ["330381"]
    with pytest.raises(RuleRefusedError, match="换一个人"):
        transfer(begun, item, giver, other)
    assert row_of(begun, item).assignee_id == giver.person_id


def test_an_experts_step_goes_only_to_who_was_sent_on_the_visit_and_need_not_be_recused(arrived):
    item = arrived.item("record_visit")
    lead, other = holder(arrived, item), colleague(arrived, "expert", name="专家三")
    with pytest.raises(RuleRefusedError, match="没有派到这次服务"):
        transfer(arrived, item, lead, other)
    with arrived.runtime.database.write(EVERYTHING, now=arrived.clock()) as session:
        visit = session.get_one(Visit, item.visit_id)
        session.add(VisitMember(visit_id=visit.id, person_id=other.person_id, **owner_of(visit)))
        expert = Expert(person_id=other.person_id, org_id=visit.org_id)
        expert.recused_from = [str(visit.policyholder_id)]
        session.add(expert)
    with pytest.raises(RuleRefusedError, match="要回避"):
        transfer(arrived, item, lead, other)
    with arrived.runtime.database.write(EVERYTHING) as session:
        session.get_one(Expert, other.person_id).recused_from = []
    transfer(arrived, item, lead, other)
    assert row_of(arrived, item).assignee_id == other.person_id


def test_a_delegate_does_the_work_and_the_owner_hands_it_in(begun):
    item, owner = claimed(begun)
    other = colleague(begun)
    delegate(begun, item, owner, other)
    held = row_of(begun, item)
    assert (held.assignee_id, held.owner_id) == (other.person_id, owner.person_id)
    with pytest.raises(RuleRefusedError, match="由他提交"):
        complete_work_item(begun.runtime, begun.walker.filled(held)[0], other)
    with pytest.raises(NotAllowedError):
        release_work_item(begun.runtime, ReleaseWorkItem(item.id, held.version), other)
    save_draft(begun.runtime, SaveDraft(item.id, {"needs": "培训"}), other)
    with pytest.raises(RuleRefusedError, match="意见"):
        hand_back(begun, item, other, opinion=" ")
    hand_back(begun, item, other)
    back = row_of(begun, item)
    assert (back.assignee_id, back.owner_id, back.delegates) == (owner.person_id, None, [])
    assert draft(begun, item, owner.person_id) == {"needs": "培训"}
    assert any("交回" in title for title in told(begun, owner.person_id))
    begun.do("confirm_unit_facts", is_key=False)
    sound(begun)


def test_delegation_goes_three_hands_deep_and_never_in_a_circle(begun):
    item, first = claimed(begun)
    chain = [first, *(colleague(begun, login=f"c{n}", name=f"工{n}") for n in range(4))]
    for n in range(3):
        delegate(begun, item, chain[n], chain[n + 1], key=f"d{n}")
        if n == 0:
            with pytest.raises(RuleRefusedError, match="转回去"):
                delegate(begun, item, chain[1], chain[0], key="circle")
    with pytest.raises(RuleRefusedError, match="3 次"):
        delegate(begun, item, chain[3], chain[4], key="d9")
    assert "3 次" in offered(begun, item, chain[3])["delegate"]
    hand_back(begun, item, chain[3])
    assert row_of(begun, item).assignee_id == first.person_id
    sound(begun)


def test_the_owner_may_call_delegated_work_back(begun):
    item, owner = claimed(begun)
    other = colleague(begun)
    delegate(begun, item, owner, other)
    assert offered(begun, item, owner)["hand_back"] == ""
    hand_back(begun, item, owner, opinion="")
    assert row_of(begun, item).assignee_id == owner.person_id
    assert any("收回委派" in title for title in told(begun, other.person_id))


def test_delegated_work_whose_owner_has_left_comes_back_to_the_pool(begun):
    item, owner = claimed(begun)
    other = colleague(begun)
    delegate(begun, item, owner, other)
    with begun.runtime.database.write(EVERYTHING) as session:
        session.get_one(Person, owner.person_id).active = False
    hand_back(begun, item, other)
    now = row_of(begun, item)
    assert (now.status, now.assignee_id) == (0, None)
    sound(begun)


def test_delegated_work_of_a_leaver_belongs_to_the_pool(begun):
    item, owner = claimed(begun)
    other = colleague(begun)
    delegate(begun, item, owner, other)
    see_off(begun.runtime, other.person_id, "离职", begun.actor("security_admin"))
    now = row_of(begun, item)
    assert (now.status, now.assignee_id, now.owner_id, now.delegates) == (0, None, None, [])
    sound(begun)


def test_work_is_urged_once_in_four_working_hours(begun):
    item, holder_ = claimed(begun)
    asker = begun.actor("provider_manager")
    urge_work_item(begun.runtime, UrgeWorkItem(item.id, item.version, "客户等着", "u1"), asker)
    assert any("催办" in title for title in told(begun, holder_.person_id))
    begun.clock.pass_by(hours=3)
    with pytest.raises(RuleRefusedError, match="4 个工作小时"):
        urge_work_item(begun.runtime, UrgeWorkItem(item.id, item.version, "", "u2"), asker)
    assert "刚催过" in offered(begun, item, asker)["urge"]
    begun.clock.pass_by(hours=21)
    urge_work_item(begun.runtime, UrgeWorkItem(item.id, item.version, "", "u3"), asker)
    assert len(events(begun, item, "item.urged")) == 2
    with pytest.raises(NotAllowedError):
        urge_work_item(begun.runtime, UrgeWorkItem(item.id, item.version, "", "u4"), holder_)
    sound(begun)


def test_working_time_counts_office_hours_of_working_days_alone():
    calendar = published_calendar()
    friday = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)  # 16:00 in Beijing
    assert working_time(calendar, friday, friday + timedelta(days=2)) == timedelta(hours=2)
    assert working_time(calendar, friday, friday + timedelta(days=3)) >= timedelta(hours=4)


def test_a_copy_gives_the_right_to_read_and_changes_nobodys_work(begun):
    item, giver = claimed(begun)
    reader = colleague(begun, "expert", login="reader", name="读者")
    scope = reader.scope
    with begun.runtime.database.read(scope) as session:
        assert session.get(Case, item.case_id) is None
    copied = copy_case(begun.runtime, CopyCase(item.case_id, (reader.person_id,), "请知悉", "c1"), giver)
    assert copied == 1
    with begun.runtime.database.read(scope) as session:
        assert session.get(Case, item.case_id) is not None
    assert row_of(begun, item).version == item.version
    assert any("抄送给你" in title for title in told(begun, reader.person_id))
    assert copy_case(begun.runtime, CopyCase(item.case_id, (reader.person_id,), "", "c2"), giver) == 0
    with pytest.raises(RuleRefusedError):
        copy_case(begun.runtime, CopyCase(item.case_id, (), "", "c3"), giver)
    with pytest.raises(NotFoundError):
        copy_case(begun.runtime, CopyCase(item.case_id, (), "", "c4"), stranger(begun))


def test_a_copy_goes_to_no_other_house_and_drops_nobody(begun):
    item, giver = claimed(begun)
    rival = stranger(begun, "provider_manager")
    with pytest.raises(RuleRefusedError, match="不是办这件事的机构"):
        copy_case(begun.runtime, CopyCase(item.case_id, (rival.person_id,), "", "c1"), giver)
    change(begun, item, holder_id=rival.org_id)
    assert copy_case(begun.runtime, CopyCase(item.case_id, (rival.person_id,), "", "c3"), giver) == 1
    many = tuple(uuid4() for _ in range(51))
    with pytest.raises(RuleRefusedError, match="50 人"):
        copy_case(begun.runtime, CopyCase(item.case_id, many, "", "c4"), giver)
    with pytest.raises(RuleRefusedError, match="50 人"):
        comment_on_case(begun.runtime, CommentOnCase(item.case_id, "看一下", many, "k1"), giver)


def test_a_suspended_case_is_neither_urged_nor_turned_back(begun):
    item, mine = claimed(begun)
    asker = begun.actor("provider_manager")
    suspend(begun, rows(begun, select(Case).where(Case.id == item.case_id))[0])
    assert "已挂起" in offered(begun, item, asker)["urge"]
    assert "已挂起" in offered(begun, item, mine)["return"]
    with pytest.raises(RuleRefusedError, match="已挂起"):
        urge_work_item(begun.runtime, UrgeWorkItem(item.id, item.version, "", "u1"), asker)


def test_a_remark_is_an_event_and_tells_those_it_names(begun):
    item, giver = claimed(begun)
    boss = begun.actor("provider_manager")
    command = CommentOnCase(item.case_id, "电话里说过了", (boss.person_id, boss.person_id), "k1")
    comment_on_case(begun.runtime, command, giver)
    comment_on_case(begun.runtime, command, giver)
    (event,) = events(begun, item, "case.commented")
    assert "批注，提醒" in event.body.decode()
    assert sum("批注提到你" in title for title in told(begun, boss.person_id)) == 1
    with pytest.raises(RuleRefusedError, match="内容"):
        comment_on_case(begun.runtime, CommentOnCase(item.case_id, "  ", (), "k2"), giver)
    blind = colleague(begun, "expert", login="blind", name="外人")
    with pytest.raises(RuleRefusedError, match="看不到"):
        comment_on_case(begun.runtime, CommentOnCase(item.case_id, "x", (blind.person_id,), "k3"), giver)
