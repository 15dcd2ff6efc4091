"""加签 and 减签 through people's commands, on both databases."""

from datetime import date
from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from store.tables import Absence, Case, Timer, WorkItem
from tests.support.signing import THREE, opened, plain, step
from tests.support.world import EVERYTHING
from tests.workflows.engine.drawing import end, fork, start, sub
from workflows.accounts import add_person
from workflows.commands import ClaimWorkItem
from workflows.errors import NotAllowedError, RuleRefusedError, StaleVersionError
from workflows.handlers.work_items import claim_work_item
from workflows.rounds import How
from workflows.verbs.adding_signers import AddSigner, add_signer, candidates
from workflows.verbs.offer import Asker, Verb
from workflows.verbs.offers import offers
from workflows.verbs.removing_signers import RemoveSigner, removals, remove_signer, state_of


@pytest.fixture
def begin(world, monkeypatch, tmp_path):
    def _begin(*shapes, **more):
        return opened(world, monkeypatch, tmp_path / "signing", shapes, **more)

    return _begin


def offered(case, who, verb, item=None):
    """Return what a verb's offer says to somebody: None if it is not offered, else the reason against it."""
    item = item or case.item(who)
    with case.world.runtime.database.read(EVERYTHING) as session:
        row = session.get_one(Case, case.case_id)
        asker = Asker(
            session, row, session.get_one(WorkItem, item.id), case.world.actor(who), case.world.clock()
        )
        return next((one.reason for one in offers(asker) if one.verb is verb), None)


def test_who_is_added_before_gives_an_opinion_and_the_step_comes_back(begin):
    case = begin(plain())
    case.add("coordinator", "provider_manager", "before", "看一下金额")
    assert case.asked() == ["provider_manager"]
    assert case.notices("provider_manager") == ["会签一件：林若衡请你加签“a”"]
    assert "林若衡请周行知在自己之前签“a”：看一下金额" in case.told("sign.added")
    assert case.is_sound()
    case.sign("provider_manager", opinion="金额可以")
    assert case.asked() == ["coordinator"]
    assert case.notices("coordinator") == ["会签一件：轮到你签“a”"]
    case.sign("coordinator", "return", on="2026-03-09")
    done = case.case()
    assert (done.variables["said"], done.variables["on"]) == ("return", "2026-03-09")
    assert [vote["verdict"] for vote in done.variables["votes"]] == ["opinion", "opinion"]
    assert case.told("step.signed")[0] == "周行知对“a”的加签意见：金额可以"
    assert case.is_sound()


def test_who_is_added_after_is_asked_when_the_holder_is_done_and_the_holders_answers_go_on(begin):
    case = begin(plain())
    case.add("coordinator", "provider_manager", "after")
    assert case.asked() == ["coordinator"]
    case.sign("coordinator", "return", on="2026-03-09")
    assert case.case().status == "open"
    assert case.asked() == ["provider_manager"]
    case.sign("provider_manager", opinion="知道了")
    assert case.case().variables["on"] == "2026-03-09"
    assert case.is_sound()


def test_who_is_added_beside_signs_in_any_order(begin):
    case = begin(plain())
    case.add("coordinator", "provider_manager", "beside")
    assert case.asked() == ["coordinator", "provider_manager"]
    case.sign("coordinator")
    case.sign("provider_manager", opinion="好")
    assert case.case().status == "completed"


def test_added_signers_of_a_step_with_a_vote_vote(begin):
    case = begin(step())
    case.add("coordinator", "provider_manager", "after")
    case.sign("coordinator")
    case.sign("provider_manager", "return", opinion="不行")
    assert case.case().variables["said"] == "return"
    assert case.case().variables["result"] == "reject"
    assert "“a”会签不通过：1 人同意，1 人不同意" in case.told()


def test_the_holder_and_whom_they_add_have_one_vote_together(begin):
    case = begin(step(sign="share", signers=THREE, share="0.6"))
    case.add("coordinator", "provider_finance", "before")
    case.sign("provider_finance")
    case.sign("provider_manager")
    assert case.case().status == "open"
    case.sign("coordinator")
    assert case.case().variables["result"] == "approve"
    assert case.is_sound()


def test_added_signers_leave_the_other_branch_as_it_was(begin):
    flows = "start > split; split > a > join; split > b > join; join > end"
    case = begin(fork("split"), fork("join"), plain(), plain("b"), flows=flows)
    other = next(item for item in case.items() if item.step == "b")
    case.add("coordinator", "provider_manager", "before")
    assert next(item for item in case.items() if item.id == other.id).version == other.version
    case.sign("provider_manager", opinion="好")
    case.sign("coordinator")
    assert {item.step for item in case.items() if item.status < 2} == {"b"}
    assert case.is_sound()


def test_signers_are_added_inside_a_sub_process(begin):
    inner = [start("s"), plain(), end("e")]
    case = begin(sub("inside", inner, "s > a > e"), flows="start > inside > end")
    case.add("coordinator", "provider_manager", "after")
    case.sign("coordinator")
    case.sign("provider_manager", opinion="好")
    assert case.case().status == "completed"


def test_a_removed_signer_is_told_and_the_step_is_done_at_once_if_nobody_else_is_awaited(begin):
    case = begin(plain())
    case.add("coordinator", "provider_manager", "after")
    case.sign("coordinator", on="2026-03-09")
    case.remove("coordinator", "provider_manager", "他休假了")
    assert case.case().status == "completed"
    assert case.case().variables["on"] == "2026-03-09"
    assert "会签一件：a不用你签了，林若衡减签" in case.notices("provider_manager")
    assert "林若衡减去周行知在“a”的签：他休假了" in case.told("sign.removed")
    assert case.is_sound()


def test_when_who_was_to_sign_before_is_removed_the_step_comes_back(begin):
    case = begin(plain())
    case.add("coordinator", "provider_manager", "before")
    case.remove("coordinator", "provider_manager")
    assert case.asked() == ["coordinator"]
    assert case.is_sound()


def test_whom_the_diagram_names_and_who_has_signed_is_not_removed(begin):
    case = begin(step(sign="all", signers=THREE))
    case.add("coordinator", "provider_finance", "beside")
    case.sign("provider_finance")
    for item in case.items():
        command = RemoveSigner(item.id, item.id, state_of(case.seats()), "不用了", str(uuid4()))
        with pytest.raises(RuleRefusedError):
            remove_signer(case.world.runtime, command, case.world.actor("coordinator"))
    assert case.is_sound()


def test_only_who_added_a_signer_removes_them(begin):
    case = begin(plain())
    case.add("coordinator", "provider_manager", "beside")
    with pytest.raises(RuleRefusedError):
        case.remove("provider_manager", "provider_manager")


def test_the_preview_says_who_loses_work_and_a_round_that_has_changed_since_is_refused(begin, world):
    case = begin(plain())
    case.add("coordinator", "provider_manager", "after")
    case.sign("coordinator")
    mine = next(item for item in case.items() if item.status == 2)
    seen = state_of(case.seats())
    with world.runtime.database.read(EVERYTHING) as session:
        row = session.get_one(Case, case.case_id)
        asker = Asker(
            session, row, session.get_one(WorkItem, mine.id), world.actor("coordinator"), world.clock()
        )
        (removal,) = removals(asker)
    assert removal.losses == ("周行知不用再签“a”",)
    assert removal.follows == "减去后这一步就办完了"
    seat = removal.seat
    case.add("provider_manager", "return_visitor", "before")
    command = RemoveSigner(mine.id, seat.id, seen, "不用了", "late")
    with pytest.raises(StaleVersionError):
        remove_signer(world.runtime, command, world.actor("coordinator"))


def test_only_the_holder_adds_and_only_once_per_person(begin, world):
    case = begin(plain())
    item = case.item("coordinator")
    assert offered(case, "coordinator", Verb.ADD_SIGNER) == "先领取，再请别人加签"
    assert offered(case, "expert", Verb.ADD_SIGNER, item) is None
    case.add("coordinator", "provider_manager", "beside")
    with pytest.raises(RuleRefusedError) as told:
        case.add("coordinator", "provider_manager", "after")
    assert "已经在这一轮里" in told.value.reason
    other = AddSigner(item.id, 3, world.offices.people["expert"], How.AFTER, "", "foreign")
    with pytest.raises((NotAllowedError, StaleVersionError)):
        add_signer(world.runtime, other, world.actor("return_visitor"))


def test_nobody_is_added_whose_group_would_have_nobody_left_for_its_own_signature(begin):
    case = begin(step(sign="all", signers='["coordinator", "provider_manager"]'))
    with pytest.raises(RuleRefusedError, match="没有别人能签"):
        case.add("coordinator", "provider_manager", "before")


@pytest.mark.parametrize("who", ["insurer", "policyholder", "security_admin"])
def test_people_of_other_organizations_are_not_added(begin, who):
    case = begin(plain())
    with pytest.raises(RuleRefusedError):
        case.add("coordinator", who, "before")


def test_who_is_away_or_may_not_is_shown_with_the_reason(begin, world):
    case = begin(plain())
    manager = world.offices.people["provider_manager"]
    away = {"starts_on": date(2026, 3, 1), "returns_on": date(2026, 3, 20), "set_at": world.clock()}
    with world.runtime.database.write(EVERYTHING, now=world.clock()) as session:
        session.add(Absence(person_id=manager, substitute_id=world.offices.people["coordinator"], **away))
    with world.runtime.database.read(EVERYTHING) as session:
        item = session.get_one(WorkItem, case.item("coordinator").id)
        found = {one.id: one.reason for one in candidates(session, item, date(2026, 3, 2))}
    assert "外出" in found[manager]
    assert world.offices.people["insurer"] not in found
    with pytest.raises(RuleRefusedError):
        case.add("coordinator", "provider_manager", "before")


def test_removing_is_offered_with_the_reason_where_it_may_not_be(begin):
    case = begin(step(sign="all", signers=THREE))
    assert offered(case, "return_visitor", Verb.REMOVE_SIGNER) is None
    case.add("coordinator", "provider_finance", "beside")
    assert offered(case, "coordinator", Verb.REMOVE_SIGNER) == ""
    assert "自己能减" in offered(case, "provider_finance", Verb.REMOVE_SIGNER)


def test_the_same_addition_sent_twice_is_made_once(begin, world):
    case = begin(plain())
    case.add("coordinator", "provider_manager", "beside")
    item = case.item("coordinator")
    command = AddSigner(item.id, item.version, world.offices.people["return_visitor"], How.AFTER, "", "once")
    for _ in range(2):
        add_signer(world.runtime, command, world.actor("coordinator"))
    assert len(case.told("sign.added")) == 2


def test_each_seat_has_its_own_reminders(arranged):
    """The visit's answer is due: the one who is added hears of it too, the one who waits does not."""
    item = arranged.item("policyholder_confirm_visit")
    actor = arranged.actor("policyholder")
    assert item.due_on is not None

    def reminded():
        with arranged.runtime.database.read(EVERYTHING) as session:
            rows = session.scalars(
                select(Timer).where(Timer.task_id == item.task_id, Timer.purpose == "reminder")
            )
            return {timer.payload["work_item_id"] for timer in rows}

    assert reminded() == {str(item.id)}
    with arranged.runtime.database.write(EVERYTHING, now=arranged.clock()) as session:
        added = add_person(
            session,
            login="deputy",
            name="黄副",
            roles=("policyholder",),
            org_id=arranged.offices.unit,
            password="quiet-harbour-27",
            now=arranged.clock(),
        )
        deputy = getattr(added, "id", added)
    claim_work_item(arranged.runtime, ClaimWorkItem(item.id, item.version), actor)
    command = AddSigner(item.id, item.version + 1, deputy, How.BEFORE, "", "k")
    add_signer(arranged.runtime, command, actor)
    (asked,) = [one for one in arranged.items() if one.step == item.step]
    assert reminded() == {str(asked.id)}
    assert asked.due_on == item.due_on


def test_another_reason_is_another_command():
    item, person = uuid4(), uuid4()
    adding = AddSigner(item, 1, person, How.BESIDE, "懂电气", "k")
    removing = RemoveSigner(item, person, "seen", "写错了人", "k")
    assert adding.fingerprint() != replace(adding, reason="懂消防").fingerprint()
    assert removing.fingerprint() != replace(removing, reason="不用了").fingerprint()
