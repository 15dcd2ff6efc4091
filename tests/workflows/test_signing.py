"""Countersigning through people's commands, on both databases: 会签, 或签, 依次, 比例, 一票否决."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from store.tables import Incident, Person
from tests.support.signing import FOUR, THREE, opened, step
from tests.support.waiting import while_locked
from tests.support.world import EVERYTHING
from tests.workflows.engine.drawing import boundary, end, fork, start, sub, timer, xor
from worker.loop import drain
from workflows.commands import ClaimWorkItem, CompleteWorkItem
from workflows.errors import CaseStuckError, RuleRefusedError, StaleVersionError
from workflows.handlers.handing_back import hand_back
from workflows.handlers.work_items import claim_work_item, complete_work_item


@pytest.fixture
def begin(world, monkeypatch, tmp_path):
    def _begin(*shapes, **more):
        return opened(world, monkeypatch, tmp_path / "signing", shapes, **more)

    return _begin


def test_all_must_approve_and_the_last_one_moves_the_case(begin):
    case = begin(step(sign="all", signers=THREE))
    assert case.asked() == ["coordinator", "provider_manager", "return_visitor"]
    assert len({item.round for item in case.items()}) == 1
    case.sign("provider_manager", opinion="可行")
    case.sign("coordinator")
    assert case.is_sound()
    assert case.case().status == "open"
    case.sign("return_visitor", on="2026-03-09")
    done = case.case()
    assert done.status == "completed"
    assert done.variables["said"] == "approve"
    assert done.variables["result"] == "approve"
    assert done.variables["on"] == "2026-03-09"
    assert [vote["role"] for vote in done.variables["votes"]] == [
        "provider_manager",
        "coordinator",
        "return_visitor",
    ]
    assert case.told()[1:5] == [
        "周行知会签“a”，同意：可行",
        "林若衡会签“a”，同意",
        "潘晓会签“a”，同意",
        "“a”会签通过：3 人同意",
    ]
    assert case.is_sound()


def test_one_refusal_ends_the_round_and_the_others_are_told(begin):
    case = begin(step(sign="all", signers=THREE))
    claimed = case.item("coordinator")
    claim_work_item(case.world.runtime, ClaimWorkItem(claimed.id, 1), case.world.actor("coordinator"))
    case.sign("provider_manager", "return", opinion="缺图纸")
    assert case.case().variables["said"] == "return"
    assert case.case().variables["result"] == "reject"
    assert (case.round().status, case.round().result) == ("decided", "reject")
    assert case.notices("coordinator") == ["会签一件：a不用你签了，会签已经不通过"]
    assert "林若衡不用再签“a”：会签已经不通过" in case.told("sign.void")
    assert case.is_sound()


def test_of_any_the_first_decides(begin):
    case = begin(step(sign="any", signers=THREE))
    case.sign("return_visitor")
    assert case.case().status == "completed"
    assert "“a”或签通过：1 人同意" in case.told()


def test_in_order_the_next_is_asked_when_the_one_before_has_signed(begin):
    case = begin(step(sign="order", signers=THREE))
    assert case.asked() == ["coordinator"]
    with pytest.raises(StaleVersionError):
        case.sign("provider_manager")
    case.sign("coordinator")
    assert case.asked() == ["provider_manager"]
    assert case.notices("provider_manager") == ["会签一件：轮到你签“a”"]
    assert case.is_sound()
    case.sign("provider_manager", "return")
    assert case.case().status == "completed"
    assert case.notices("return_visitor") == []


def test_by_share_as_many_as_are_needed_decide(begin):
    case = begin(step(sign="share", signers=FOUR, share="0.6"))
    case.sign("coordinator", on="2026-03-03")
    case.sign("provider_finance", "return")
    case.sign("provider_manager", on="2026-03-04")
    assert case.case().status == "open"
    case.sign("return_visitor", on="2026-03-05")
    assert case.case().variables["on"] == "2026-03-05"
    assert "“a”比例会签通过：3 人同意，1 人不同意" in case.told()


def test_by_share_the_result_is_known_before_all_are_heard(begin):
    case = begin(step(sign="share", signers=FOUR, share="0.6"))
    case.sign("coordinator", "return")
    case.sign("provider_finance", "return")
    assert case.case().variables["result"] == "reject"
    assert case.is_sound()


def test_who_has_a_veto_is_heard_and_decides_alone(begin):
    signing = step(sign="share", signers=FOUR, share="0.5", veto="provider_manager")
    case = begin(signing)
    case.sign("coordinator")
    case.sign("return_visitor")
    assert case.case().status == "open"
    case.sign("provider_manager", "return")
    assert case.case().variables["result"] == "reject"


def test_nobody_signs_in_two_seats_of_a_round(begin, world):
    case = begin(step(sign="all", signers=THREE))
    both = world.actor("coordinator")
    both = type(both)(both.person_id, both.name, both.roles | {"provider_manager"}, both.org_id, both.scope)
    case.sign("coordinator")
    other = case.item("provider_manager")
    with pytest.raises(RuleRefusedError):
        claim_work_item(world.runtime, ClaimWorkItem(other.id, other.version), both)
    command = CompleteWorkItem(other.id, other.version, {"decision": "approve"}, "twice")
    with pytest.raises(RuleRefusedError):
        complete_work_item(world.runtime, command, both)
    assert case.is_sound()


def test_the_same_signature_sent_twice_counts_once(begin, world):
    case = begin(step(sign="all", signers=THREE))
    item = case.item("coordinator")
    command = CompleteWorkItem(item.id, item.version, {"decision": "approve"}, "once")
    for _ in range(2):
        complete_work_item(world.runtime, command, world.actor("coordinator"))
    assert len(case.told("step.signed")) == 1


def test_what_the_deciding_signature_fails_at_takes_that_signature_back(begin, world):
    broken = step(sign="all", signers='["coordinator", "provider_manager"]')
    broken = type(broken)(
        broken.tag,
        broken.id,
        attributes=broken.attributes,
        extension='<weiran:operation name="reopen_rectification"/><weiran:input name="hazard_id" value="1"/>',
    )
    case = begin(broken)
    case.sign("coordinator")
    with pytest.raises(CaseStuckError):
        case.sign("provider_manager")
    assert case.asked() == ["provider_manager"]
    assert case.round().status == "open"
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Incident.status)).all() == ["open"]
    assert case.is_sound()


def test_two_who_sign_at_the_same_moment_are_counted_one_after_the_other(begin, world):
    case = begin(step(sign="all", signers='["coordinator", "provider_manager"]'))

    def signs(who):
        item = case.item(who)
        command = CompleteWorkItem(item.id, item.version, {"decision": "approve"}, str(uuid4()))
        actor = world.actor(who)
        return lambda: complete_work_item(world.runtime, command, actor)

    both = [signs("coordinator"), signs("provider_manager")]
    with while_locked(world, case.case_id, *both) as held:
        pass
    assert [each.result() for each in held.commands] == [case.case_id] * 2
    assert case.case().status == "completed"
    assert len(case.told("step.signed")) == 2
    assert case.is_sound()


def test_rounds_in_parallel_branches_know_nothing_of_each_other(begin):
    two = '["coordinator", "provider_manager"]'
    flows = "start > split; split > a > join; split > b > join; join > end"
    shapes = (fork("split"), fork("join"), step(sign="all", signers=two), step("b", sign="any", signers=two))
    case = begin(*shapes, flows=flows)
    case.sign("coordinator")
    assert case.asked() == ["coordinator", "provider_manager", "provider_manager"]
    case.sign("provider_manager")
    assert case.asked() == ["coordinator", "provider_manager"]
    assert case.case().status == "open"
    assert case.is_sound()


def test_a_round_inside_a_sub_process_ends_it(begin):
    inner = [start("s"), step(sign="order", signers='["coordinator", "expert"]'), end("e")]
    case = begin(sub("inside", inner, "s > a > e"), flows="start > inside > end")
    case.sign("coordinator")
    case.sign("expert")
    assert case.case().status == "completed"
    assert case.is_sound()


def test_a_person_who_is_named_signs_alone_and_one_who_has_left_leaves_it_to_the_role(begin, world):
    lead, gone = world.offices.people["coordinator"], uuid4()
    case = begin(step(sign="all", signers="[lead, gone]"), lead=str(lead), gone=str(gone))
    first, second = case.items()
    assert (first.assignee_id, first.status) == (lead, 1)
    assert (second.assignee_id, second.role, second.status) == (None, "coordinator", 0)


def test_a_step_that_comes_round_again_has_a_round_of_its_own(begin):
    flows = 'start > a; a > choice; choice ? said = "approve" > end; choice ! a'
    case = begin(step(sign="all", signers='["coordinator", "expert"]'), xor("choice"), flows=flows)
    case.sign("coordinator", "return")
    assert [item.round for item in case.items() if item.status < 2] == [2, 2]
    case.sign("coordinator")
    case.sign("expert")
    assert case.case().status == "completed"
    assert case.is_sound()


def test_a_round_that_the_case_leaves_behind_is_void_with_all_its_seats(begin, world):
    timer_of = boundary("late", "a", timer("duration", 'duration("P1D")'))
    flows = "start > a > end; late > end"
    case = begin(step(sign="order", signers=THREE), timer_of, flows=flows)
    case.sign("coordinator")
    world.clock.pass_by(days=2)
    drain(world.runtime)
    assert case.case().status == "completed"
    assert [item.status for item in case.items()] == [2, 3, 3]
    assert case.round().status == "void"
    assert case.is_sound()


def test_who_leaves_before_their_turn_leaves_it_to_the_role(begin, world):
    people = world.offices.people
    named = f'["provider_manager", "{people["coordinator"]}"]'
    case = begin(step(sign="order", signers=named))
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        person = session.get_one(Person, people["coordinator"])
        hand_back(world.runtime, session, person, world.actor("security_admin"), world.clock.at, why="离职")
    assert [(item.status, item.assignee_id) for item in case.items()] == [(0, None), (4, None)]
    case.sign("provider_manager")
    assert case.asked() == ["coordinator"]
