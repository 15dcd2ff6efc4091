"""超时: what the product does of itself on the day after the last one, and what a diagram may not ask of it."""

import pytest

from store.tables import WorkItem
from tests.support.world import EVERYTHING
from tests.workflows.engine.drawing import draw, end, start, step
from tests.workflows.verbs.asking import change, events, row_of, sound, told
from tests.workflows.verbs.test_giving import claimed
from worker.loop import drain
from workflows import bundles, releases
from workflows.bundles import DIAGRAMS, shipped_form
from workflows.check.timeouts import timeout_findings
from workflows.engine import compile_process
from workflows.verbs.timeouts import time_out

STEP = "approve_scheme"


@pytest.fixture
def drafting(pasts, tmp_path):
    """A city whose scheme is to be drafted; the test runs once per kind of database."""
    with pasts.until("begun").again(tmp_path) as world:
        world.do("confirm_unit_facts", is_key=False)
        yield world


def late(world, step: str = STEP) -> WorkItem:
    """Return an open item on the day after its last one."""
    item = world.item(step)
    world.clock.pass_by(days=(item.due_on - world.clock().date()).days + 2)
    return item


def test_before_the_last_day_is_over_nothing_happens(drafted):
    item = drafted.item(STEP)
    time_out(drafted.runtime, item.id, "approve")
    assert drafted.steps() == [STEP]
    assert events(drafted, item, "item.timed_out") == []


def test_late_work_is_called_to_mind(drafted):
    item = late(drafted)
    time_out(drafted.runtime, item.id, "remind")
    (event,) = events(drafted, item, "item.timed_out")
    assert "系统提醒办理" in event.body.decode()


def test_late_work_goes_up_to_the_manager(drafting):
    item, person = claimed(drafting, "draft_scheme")
    late(drafting, "draft_scheme")
    time_out(drafting.runtime, item.id, "escalate")
    now = row_of(drafting, item)
    assert (now.role, now.assignee_id, now.status) == ("provider_manager", None, 0)
    assert any("不用你办了" in title for title in told(drafting, person.person_id))
    drafting.do("draft_scheme")
    assert drafting.steps() == [STEP]
    sound(drafting)


def test_late_work_whose_role_has_nobody_above_is_called_to_mind(drafted):
    item = late(drafted)
    time_out(drafted.runtime, item.id, "escalate")
    assert row_of(drafted, item).role == "provider_manager"
    assert len(events(drafted, item, "item.timed_out")) == 1


def test_late_work_passes_by_itself_where_the_diagram_says_so(drafted):
    item = late(drafted)
    time_out(drafted.runtime, item.id, "approve")
    assert drafted.steps() == ["policyholder_confirm_scheme"]
    assert row_of(drafted, item).done_by is None
    time_out(drafted.runtime, item.id, "approve")
    sound(drafted)


def test_late_work_goes_back_by_itself_where_the_diagram_says_so(drafted):
    item = late(drafted)
    time_out(drafted.runtime, item.id, "return")
    assert drafted.steps() == ["draft_scheme"]
    (event,) = events(drafted, item, "step.returned")
    assert "系统退回到“编方案”" in event.body.decode()
    sound(drafted)


def test_what_asks_for_more_than_a_decision_does_not_pass_by_itself(drafting):
    item = late(drafting, "draft_scheme")
    time_out(drafting.runtime, item.id, "approve")
    assert drafting.steps() == ["draft_scheme"]
    assert len(events(drafting, item, "item.timed_out")) == 1


def test_what_nothing_lies_before_is_called_to_mind_instead_of_returned(pasts, tmp_path):
    with pasts.until("begun").again(tmp_path) as world:
        item = world.item("confirm_unit_facts")
        change(world, item, due_on=world.clock().date(), due_at=world.clock())
        time_out(world.runtime, item.id, "return")
        assert world.steps() == ["confirm_unit_facts"]
        assert len(events(world, item, "item.timed_out")) == 1


def test_a_diagram_times_a_step_and_the_worker_carries_it_out(world):
    text = (DIAGRAMS / "service_cycle.bpmn").read_text(encoding="utf-8")
    timed = text.replace(
        '<bpmn:userTask id="draft_scheme"', '<bpmn:userTask id="draft_scheme" weiran:timeout="escalate"'
    )
    shipped = bundles.shipped_bundle("service_cycle")
    bundle = bundles.Bundle({**shipped.files, "diagrams/service_cycle.bpmn": timed.encode()})
    with world.runtime.database.write(EVERYTHING, now=world.clock()) as session:
        releases.release(session, bundle, "studio", world.clock())
    world.register()
    world.do("confirm_unit_facts", is_key=False)
    item = late(world, "draft_scheme")
    drain(world.runtime)
    assert row_of(world, item).role == "provider_manager"
    sound(world)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"timeout": "explode", "deadline": "scheme"}, "不认识"),
        ({"timeout": "remind"}, "没有期限"),
        ({"timeout": "approve", "deadline": "scheme", "article": "17"}, "条款依据"),
        ({"timeout": "return", "deadline": "scheme", "form": "policyholder_sign_visit"}, "要签字"),
        ({"timeout": "approve", "deadline": "scheme", "form": "draft_scheme"}, "只要一个结论"),
    ],
)
def test_what_people_alone_may_decide_is_not_published(attributes, message):
    spec = compile_process(draw([start(), step("a", **attributes), end()], "start > a > end"))
    (finding,) = timeout_findings(spec, shipped_form)
    assert message in finding.message_zh


@pytest.mark.parametrize("action", ["remind", "escalate", "approve", "return"])
def test_what_may_be_done_of_itself_is_published(action):
    given = {"timeout": action, "deadline": "scheme", "form": "approve_scheme"}
    spec = compile_process(draw([start(), step("a", **given), end()], "start > a > end"))
    assert list(timeout_findings(spec, shipped_form)) == []
