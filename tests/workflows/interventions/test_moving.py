"""Tokens are moved by hand only when a second administrator has seen the very same set and agrees."""

import pytest
from sqlalchemy import select

from store.tables import Case, Notice, TokenMove
from tests.support.world import EVERYTHING
from tests.workflows.interventions.asking import heard, items, resume, rows, said, sound, suspend
from worker.loop import drain
from workflows.commands import ProposeMove
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.handlers.interventions import open_work
from workflows.handlers.token_moves import confirm_move, decline_move, plan_of, propose_move

STEP = "policyholder_confirm_visit"
PLACE = "arrange_pre_contact"


def case_of(world):
    (found,) = world.cases("service_visit")
    return found


def plan(world, cancel=(STEP,), start=(PLACE,)):
    with world.runtime.database.read(EVERYTHING) as session:
        case = session.get_one(Case, case_of(world).id)
        tokens = tuple(work.task_id for work in open_work(session, case) if work.element in cancel)
        return tokens, plan_of(session, case, tokens, start)


def propose(world, *, by="system_admin", seen=None, reason="单位换了联系人", key="p", start=(PLACE,)):
    tokens, seen_plan = plan(world, start=start)
    fingerprint = seen_plan.fingerprint if seen is None else seen
    command = ProposeMove(case_of(world).id, tokens, start, reason, fingerprint, key)
    propose_move(world.runtime, command, world.actor(by))
    return rows(world, select(TokenMove).where(TokenMove.status == "proposed"))[0]


def state_of(world, move) -> str:
    return rows(world, select(TokenMove.status).where(TokenMove.id == move.id))[0]


def test_a_move_is_carried_out_when_a_second_administrator_confirms(arranged):
    move = propose(arranged)
    assert arranged.steps() == [STEP]
    assert move.lost
    (title,) = rows(arranged, select(Notice.title).where(Notice.link == f"/admin/moves/{move.id}"))
    assert "改走环节，请你看过再确认" in title
    with pytest.raises(RuleRefusedError, match="另一位"):
        confirm_move(arranged.runtime, move.id, arranged.actor("system_admin"))
    assert confirm_move(arranged.runtime, move.id, arranged.actor("system_admin_2"))
    assert state_of(arranged, move) == "confirmed"
    (told,) = said(arranged, case_of(arranged), "tokens.moved")
    assert "提出、" in told["text"]
    assert any("不用办了" in title for title in heard(arranged, case_of(arranged)))
    assert [item.status for item in items(arranged, case_of(arranged)) if item.step == STEP] == [3]
    with pytest.raises(RuleRefusedError, match="已经有结果"):
        confirm_move(arranged.runtime, move.id, arranged.actor("system_admin_2"))
    drain(arranged.runtime)
    sound(arranged)


def test_a_case_that_went_on_since_makes_the_proposal_stale(arranged):
    move = propose(arranged)
    arranged.do(STEP, answer="agree")
    assert not confirm_move(arranged.runtime, move.id, arranged.actor("system_admin_2"))
    assert state_of(arranged, move) == "stale"
    assert said(arranged, case_of(arranged), "tokens.moved") == []
    assert "要重新提出" in said(arranged, case_of(arranged), "tokens.stale")[0]["text"]
    sound(arranged)


def test_a_proposal_is_declined_with_a_reason_and_waits_alone(on_sqlite):
    move = propose(on_sqlite)
    with pytest.raises(RuleRefusedError, match="已经有一条"):
        propose(on_sqlite, key="q")
    with pytest.raises(RuleRefusedError, match="写明原因"):
        decline_move(on_sqlite.runtime, move.id, "", on_sqlite.actor("system_admin_2"))
    decline_move(on_sqlite.runtime, move.id, "让单位自己驳回", on_sqlite.actor("system_admin_2"))
    assert on_sqlite.steps() == [STEP]
    assert said(on_sqlite, case_of(on_sqlite), "tokens.declined")[0]["text"].endswith(
        "不同意改走环节：让单位自己驳回"
    )
    decline_move(on_sqlite.runtime, propose(on_sqlite, key="r").id, "想错了", on_sqlite.actor("system_admin"))


def test_nothing_is_proposed_that_cannot_be_or_was_not_shown(on_sqlite):
    with pytest.raises(NotAllowedError):
        propose(on_sqlite, by="provider_manager")
    with pytest.raises(RuleRefusedError, match="情况变了"):
        propose(on_sqlite, seen="x")
    for wrong, told in (((), "先选"), (("nowhere",), "没有可以打开的环节")):
        with pytest.raises(RuleRefusedError, match=told):
            plan(on_sqlite, cancel=(), start=wrong)
    suspend(on_sqlite, case_of(on_sqlite))
    with pytest.raises(RuleRefusedError, match="已挂起"):
        propose(on_sqlite)
    resume(on_sqlite, case_of(on_sqlite))
