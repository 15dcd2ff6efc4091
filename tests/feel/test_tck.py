"""The public suite, where it lies: what has ever passed passes, level 2 whole, level 3 to 99 in a hundred."""

import os
from pathlib import Path

import pytest

from workflows.trial.suite import folder_of, results
from workflows.trial.suite_command import lost_of, recorded

BESIDE = Path(__file__).parents[3] / "shared" / "cases" / "dmn-tck"
FOLDER = folder_of(Path(os.environ.get("TCK_DIR", BESIDE)))
TEMPORAL = ("date", "time", "duration", "temporal", "0100-arithmetic", "week", "now", "today")

pytestmark = pytest.mark.skipif(FOLDER is None, reason="没有 TCK_DIR，没有跑 DMN 公开测试集")


@pytest.fixture(scope="module")
def found():
    assert FOLDER is not None
    return [result for level in (2, 3) for result in results(FOLDER, level)]


def test_what_has_ever_passed_passes(found):
    assert lost_of(found, recorded()) == []


def test_what_passes_is_recorded(found):
    missing = {result.key for result in found if result.passed} - recorded()
    assert missing == set(), "record it: python3 run.py tck DIR --record"


@pytest.mark.parametrize(("level", "share"), [(2, 1), (3, 0.99)])
def test_a_level_passes_as_far_as_it_must(found, level, share):
    of_level = [result.passed for result in found if result.level == level]
    assert sum(of_level) >= share * len(of_level)


def test_outside_of_dates_and_times_nothing_is_silently_wrong(found):
    plain = [result for result in found if not any(word in result.directory for word in TEMPORAL)]
    assert [result.key for result in plain if result.is_silently_wrong] == []
