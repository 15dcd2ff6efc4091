"""驳回 and 撤回 on the shipped processes: who loses what, what is kept, what is refused."""

import pytest
from sqlalchemy import select

from store.tables import AnswerDraft, Deadline
from tests.support.world import EVERYTHING
from tests.workflows.verbs.asking import (
    change,
    done,
    draft,
    events,
    holder,
    offered,
    row_of,
    send_back,
    sound,
    stranger,
    take_back,
    targets_of,
    told,
    who,
)
from workflows.errors import NotAllowedError, NotFoundError, RuleRefusedError, StaleVersionError
from workflows.verbs.returning import ReturnWork, WithdrawWork, return_work, withdraw_work


def test_a_return_opens_the_step_for_who_did_it_with_the_earlier_answers(drafted):
    earlier = done(drafted, "draft_scheme")
    lost = send_back(drafted, "approve_scheme", "draft_scheme")
    assert drafted.steps() == ["draft_scheme"]
    opened = drafted.item("draft_scheme")
    assert (opened.assignee_id, opened.round) == (earlier.done_by, 2)
    assert draft(drafted, opened, earlier.done_by)
    gone = row_of(drafted, lost)
    assert (gone.status, "数字不对" in gone.void_reason) == (3, True)
    (event,) = events(drafted, lost, "step.returned")
    assert "驳回到“编方案”：数字不对" in event.body.decode()
    assert any("驳回到“编方案”" in title for title in told(drafted, earlier.done_by))
    drafted.do("draft_scheme")
    drafted.do("approve_scheme", decision="approve")
    assert drafted.steps() == ["policyholder_confirm_scheme"]
    sound(drafted)


def test_a_return_straight_comes_back_to_the_returner_past_the_steps_between(drafted):
    item = drafted.item("approve_scheme")
    returner = holder(drafted, item)
    send_back(drafted, "approve_scheme", "confirm_unit_facts", straight=True)
    assert drafted.steps() == ["confirm_unit_facts"]
    drafted.do("confirm_unit_facts", is_key=False)
    assert drafted.steps() == ["approve_scheme"]
    assert drafted.item("approve_scheme").assignee_id == returner.person_id
    drafted.do("approve_scheme", decision="approve")
    assert drafted.steps() == ["policyholder_confirm_scheme"]
    sound(drafted)


def test_a_return_without_reason_from_an_old_page_or_with_another_loss_is_refused(drafted):
    with pytest.raises(RuleRefusedError, match="为什么驳回"):
        send_back(drafted, "approve_scheme", "draft_scheme", reason=" ")
    with pytest.raises(StaleVersionError):
        send_back(drafted, "approve_scheme", "draft_scheme", version=99)
    with pytest.raises(RuleRefusedError, match="情况变了"):
        send_back(drafted, "approve_scheme", "draft_scheme", lost="an older preview")
    assert drafted.steps() == ["approve_scheme"]
    sound(drafted)


def test_who_may_not_do_the_item_may_not_return_it_and_a_stranger_does_not_see_it(drafted):
    item = drafted.item("approve_scheme")
    target = targets_of(drafted, item)["draft_scheme"]
    command = ReturnWork(item.id, item.version, target.activation, "x", target.fingerprint, "k")
    with pytest.raises(NotAllowedError):
        return_work(drafted.runtime, command, drafted.actor("expert"))
    with pytest.raises(NotFoundError):
        return_work(drafted.runtime, command, stranger(drafted))


def test_the_same_return_twice_is_one_event(drafted):
    item = drafted.item("approve_scheme")
    target = targets_of(drafted, item)["draft_scheme"]
    command = ReturnWork(item.id, item.version, target.activation, "x", target.fingerprint, "k")
    actor = holder(drafted, item)
    return_work(drafted.runtime, command, actor)
    return_work(drafted.runtime, command, actor)
    assert len(events(drafted, item, "step.returned")) == 1


def test_a_return_makes_the_deadline_owed_again(drafted):
    def met():
        with drafted.runtime.database.read(EVERYTHING) as session:
            rows = select(Deadline).where(Deadline.kind == "scheme").order_by(Deadline.set_at)
            return [row.met_on for row in session.scalars(rows)]

    drafted.do("approve_scheme", decision="approve")
    assert met()[-1] is not None
    send_back(drafted, "policyholder_confirm_scheme", "approve_scheme")
    assert met()[-1] is None
    drafted.do("approve_scheme", decision="approve")
    assert met()[-1] is not None
    sound(drafted)


def test_a_return_leaves_a_sub_process_step_by_step_and_the_visit_goes_on(arranged):
    item = arranged.item("policyholder_confirm_visit")
    assert list(targets_of(arranged, item)) == ["arrange_pre_contact", "accept_visit", "dispatch_visit"]
    send_back(arranged, "policyholder_confirm_visit", "dispatch_visit")
    assert arranged.steps() == ["dispatch_visit"]
    for step, answers in (("dispatch_visit", {}), ("accept_visit", {"accepted": "yes"})):
        arranged.do(step, **answers)
    arranged.do("arrange_pre_contact")
    arranged.do("policyholder_confirm_visit", answer="agree")
    assert arranged.steps() == ["check_in"]
    sound(arranged)


def test_a_return_inside_a_parallel_branch_leaves_the_other_branches_alone(arrived):
    photo = arrived.walker.photo(arrived.item("record_visit"))
    arrived.do("record_visit", hazards=[], measures_taken=photo)
    arrived.do("policyholder_sign_visit")
    assert arrived.steps() == ["compile_records", "make_return_visit"]
    arrived.do("make_return_visit", reached=True, satisfaction="1", complaint_raised=False)
    assert arrived.steps() == ["compile_records", "handle_low_score"]
    before = arrived.item("compile_records")
    assert list(targets_of(arrived, arrived.item("handle_low_score"))) == ["make_return_visit"]
    send_back(arrived, "handle_low_score", "make_return_visit")
    after = arrived.item("compile_records")
    assert (after.id, after.version, after.due_at) == (before.id, before.version, before.due_at)
    arrived.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    arrived.do("compile_records")
    assert arrived.steps() == ["policyholder_confirm_record"]
    sound(arrived)


def test_nothing_before_a_wall_is_offered(arrived):
    arrived.do("record_visit", hazards=[])
    item = arrived.item("policyholder_sign_visit")
    assert "record_visit" in targets_of(arrived, item)
    arrived.do("policyholder_sign_visit")
    item = arrived.item("compile_records")
    assert targets_of(arrived, item) == {}
    reason = offered(arrived, item, holder(arrived, item))["return"]
    assert "没有可以退回的步骤" in reason


def test_a_record_may_be_returned_and_written_again(arrived):
    arrived.do("record_visit", hazards=[])
    send_back(arrived, "policyholder_sign_visit", "record_visit")
    arrived.do("record_visit", hazards=[])
    arrived.do("policyholder_sign_visit")
    assert arrived.steps() == ["compile_records", "make_return_visit"]
    sound(arrived)


def test_who_finished_a_step_may_take_it_back_while_nobody_has_opened_the_next(drafted):
    item = done(drafted, "draft_scheme")
    assert offered(drafted, item, who(drafted, item.done_by))["withdraw"] == ""
    take_back(drafted, "draft_scheme")
    assert drafted.steps() == ["draft_scheme"]
    opened = drafted.item("draft_scheme")
    assert opened.assignee_id == item.done_by
    assert draft(drafted, opened, item.done_by)
    assert len(events(drafted, item, "step.withdrawn")) == 1
    sound(drafted)


@pytest.mark.parametrize("opened", ["seen", "claimed", "typed"])
def test_what_somebody_has_opened_cannot_be_withdrawn_under_them(drafted, opened):
    following = drafted.item("approve_scheme")
    other = holder(drafted, following)
    if opened == "seen":
        change(drafted, following, seen_at=drafted.clock())
    elif opened == "claimed":
        drafted.clock.pass_by(minutes=1)
        change(drafted, following, status=1, assignee_id=other.person_id, claimed_at=drafted.clock())
    else:
        with drafted.runtime.database.write(EVERYTHING) as session:
            row = AnswerDraft(person_id=other.person_id, work_item_id=following.id, form_sha256="x", body={})
            row.saved_at = drafted.clock()
            session.add(row)
    with pytest.raises(RuleRefusedError, match="已经打开"):
        take_back(drafted, "draft_scheme")


def test_what_is_done_behind_a_step_keeps_it_from_being_withdrawn(drafted):
    with pytest.raises(RuleRefusedError, match="编方案”已经办完"):
        take_back(drafted, "confirm_unit_facts")


def test_what_left_the_case_keeps_a_step_from_being_withdrawn(drafted):
    drafted.do("approve_scheme", decision="approve")
    drafted.do("policyholder_confirm_scheme", answer="refuse")
    item = done(drafted, "policyholder_confirm_scheme")
    with pytest.raises(RuleRefusedError, match="不能撤回"):
        take_back(drafted, "policyholder_confirm_scheme")
    assert offered(drafted, item, who(drafted, item.done_by))["withdraw"]


def test_only_the_doer_withdraws(drafted):
    item = done(drafted, "draft_scheme")
    with pytest.raises(NotAllowedError):
        withdraw_work(drafted.runtime, WithdrawWork(item.id, "", "", "k"), drafted.actor("provider_manager"))
