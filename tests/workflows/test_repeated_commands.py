"""The same command sent twice, one after the other or at once, has one effect and one answer."""

import re
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from store.tables import AnswerDraft, CaseEvent, CommandKey, Endorsement, Subscription
from tests.support.waiting import while_locked
from tests.support.world import EVERYTHING
from workflows.commands import OpenRefusal, SendToCase
from workflows.errors import CommandKeyConflictError
from workflows.handlers.cases import send_to_case
from workflows.handlers.openings import open_refusal
from workflows.handlers.policies import EndorsePolicy, endorse_policy
from workflows.handlers.work_items import complete_work_item


@pytest.fixture
def begun(pasts, tmp_path):
    """A city whose first step waits."""
    with pasts.until("begun").again(tmp_path) as world:
        yield world


@pytest.fixture
def arranged(pasts, tmp_path):
    """A city whose first visit waits for the unit's answer."""
    with pasts.until("arranged").again(tmp_path) as world:
        yield world


def count(world, query):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalar(select(func.count()).select_from(query.subquery()))


def test_two_clicks_at_once_complete_a_step_once_and_both_hear_the_same(begun):
    (item,) = begun.items()
    command, actor = begun.walker.filled(item, is_key=False)
    click = partial(complete_work_item, begun.runtime, command, actor)
    with while_locked(begun, item.case_id, click, click) as held:
        pass
    first, second = (waiting.result() for waiting in held.commands)
    assert first == second
    assert count(begun, select(CaseEvent.n).where(CaseEvent.kind == "step.completed")) == 1
    assert count(begun, select(AnswerDraft.id)) == 0


def test_two_clicks_at_once_open_one_case_by_hand(arranged):
    (cycle,) = arranged.cases("service_cycle")
    command = OpenRefusal(cycle.id, "电话里说不需要服务", "one click")
    click = partial(open_refusal, arranged.runtime, command, arranged.actor("coordinator"))
    with while_locked(arranged, cycle.id, click, click) as held:
        pass
    first, second = (waiting.result() for waiting in held.commands)
    assert first == second
    assert len(arranged.cases("service_refusal")) == 1


def test_two_clicks_at_once_send_a_case_one_message(arranged):
    arranged.do("policyholder_confirm_visit", answer="agree")
    (visit,) = arranged.cases("service_visit")
    with arranged.runtime.database.read(EVERYTHING) as session:
        waiting = session.scalars(
            select(Subscription).where(
                Subscription.case_id == visit.id, Subscription.name == "permission_revoked"
            )
        ).one()
    answers = {"revoked_by": "王建国", "revoked_at": "今天 09:00", "reason": "检修"}
    command = SendToCase(visit.id, waiting.id, answers, "one click")
    click = partial(send_to_case, arranged.runtime, command, arranged.actor("policyholder"))
    with while_locked(arranged, visit.id, click, click) as held:
        pass
    assert [waiting.result() for waiting in held.commands] == [visit.id, visit.id]
    assert count(arranged, select(CaseEvent.n).where(CaseEvent.kind == "message.sent")) == 1


def test_the_same_key_with_another_endorsement_is_a_conflict(begun):
    command = EndorsePolicy(begun.policy_id, date(2026, 6, 1), Decimal("100.00"), "P1", "加人", key=uuid4())
    insurer = begun.actor("insurer")
    first = endorse_policy(begun.runtime, command, insurer)
    assert endorse_policy(begun.runtime, command, insurer) == first
    for other in (
        replace(command, premium_delta=Decimal("200.00")),
        replace(command, effective=date(2026, 7, 1)),
        replace(command, number="P2"),
        replace(command, reason="加车间"),
    ):
        with pytest.raises(CommandKeyConflictError):
            endorse_policy(begun.runtime, other, insurer)
    assert count(begun, select(Endorsement.id)) == 1


def test_what_was_asked_is_remembered_as_a_digest_and_never_in_words(arranged):
    (cycle,) = arranged.cases("service_cycle")
    asked = OpenRefusal(cycle.id, "电话里说不需要服务", "one key")
    actor = arranged.actor("coordinator")
    open_refusal(arranged.runtime, asked, actor)
    with pytest.raises(CommandKeyConflictError):
        open_refusal(arranged.runtime, replace(asked, reason="当面说不需要服务"), actor)
    with arranged.runtime.database.read(EVERYTHING) as session:
        hashes = session.scalars(select(CommandKey.request_hash)).all()
    assert hashes
    assert all(re.fullmatch("[0-9a-f]{64}", request_hash) for request_hash in hashes)
