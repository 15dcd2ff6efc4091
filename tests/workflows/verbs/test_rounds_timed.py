"""What the product does of itself with a late signature: it signs for nobody, and stops no round."""

import pytest

from tests.support.signing import opened, plain, step
from tests.workflows.engine.drawing import shape
from workflows.verbs.timeouts import time_out


@pytest.fixture
def begin(world, monkeypatch, tmp_path):
    def _begin(*shapes, **more):
        return opened(world, monkeypatch, tmp_path / "signing", shapes, **more)

    return _begin


def late(case, who: str, action: str) -> None:
    """Let a seat's last day be over, and the product act."""
    case.world.clock.pass_by(days=2)
    time_out(case.world.runtime, case.item(who).id, action)


def test_a_seat_does_not_go_up_to_who_has_one_already(begin):
    case = begin(step(sign="all", signers='["coordinator", "provider_manager"]', due="today()"))
    late(case, "coordinator", "escalate")
    assert case.asked() == ["coordinator", "provider_manager"]
    assert "系统提醒办理" in case.told("item.timed_out")[0]


def test_a_veto_is_not_taken_over_and_other_seats_go_up(begin):
    three = '["coordinator", "return_visitor", "provider_finance"]'
    case = begin(step(sign="share", signers=three, share="0.3", veto="provider_finance", due="today()"))
    late(case, "provider_finance", "escalate")
    assert case.asked() == ["coordinator", "provider_finance", "return_visitor"]
    late(case, "coordinator", "escalate")
    assert case.asked() == ["provider_finance", "provider_manager", "return_visitor"]


@pytest.mark.parametrize("action", ["approve", "return"])
def test_nobody_is_signed_for_where_a_signer_was_added(begin, action):
    case = begin(plain("b"), shape("userTask", "a", weiran__due="today()"), flows="start > b > a > end")
    case.sign("coordinator", step="b")
    case.add("coordinator", "provider_manager", "beside")
    late(case, "coordinator", action)
    assert case.asked() == ["coordinator", "provider_manager"]
