"""What a task says comes after it."""

import pytest

from tests.workflows.test_journey import SPECS
from workflows.following import what_follows


@pytest.mark.parametrize(
    ("process", "step", "by_itself", "steps", "may_end"),
    [
        ("service_visit", "arrange_pre_contact", ("出预约确认单", "算确认期限"), ("预约确认",), False),
        ("service_visit", "dispatch_visit", (), ("接单",), False),
        ("service_visit", "settle_visit_fee", ("记台账",), (), True),
        (
            "service_visit",
            "make_return_visit",
            ("登记投诉", "出服务记录表"),
            ("处理低分", "单位确认记录"),
            False,
        ),
    ],
)
def test_a_step_names_what_is_done_by_itself_and_who_comes_next(process, step, by_itself, steps, may_end):
    found = what_follows(SPECS[process], step)
    assert set(by_itself) <= set(found.by_itself)
    assert set(steps) <= set(found.steps)
    assert found.may_end is may_end


def test_what_is_behind_the_last_step_of_a_sub_process_stands_behind_the_sub_process():
    assert "服务记录" in what_follows(SPECS["service_visit"], "check_in").steps


def test_the_end_of_an_event_sub_process_is_the_end_of_what_it_interrupted():
    found = what_follows(SPECS["hazard_closure"], "surrendered")
    assert found.by_itself
    assert found.may_end
