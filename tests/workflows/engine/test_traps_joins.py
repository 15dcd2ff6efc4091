"""Trap 6: joins that starve or count a branch twice."""

from __future__ import annotations

import pytest

from tests.workflows.engine.drawing import boundary, end, fork, message, start, step, xor
from tests.workflows.engine.walking import walk
from workflows.engine import StandstillError


def test_trap_06_a_branch_that_comes_twice_counts_once_and_what_is_left_over_is_an_incident():
    """What was left over at the join once kept the case open with nothing to do in it."""
    shapes = [start(), fork("f"), step("a"), boundary("n", "a", message("n"), interrupting=False)]
    shapes += [step("late"), xor("x"), step("b"), fork("j"), step("c"), end()]
    case = walk(shapes, "start > f > a > x > j; n > late > x; f > b > j > c > end")
    assert case.deliver("n").complete("late").complete("a").open == ["b"]
    assert case.complete("b").open == ["c"]
    with pytest.raises(StandstillError) as told:
        case.complete("c")
    assert told.value.element == "j"
    assert case.open == ["c"]
