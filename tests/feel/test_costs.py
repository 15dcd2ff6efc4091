"""Fuel stands for work: whatever an evaluation asks for, its fuel bounds the calls that it makes."""

import json
import subprocess
import sys

import pytest

from feel.costs import weight
from feel.limits import FUEL
from feel.parser import parse_expression
from tests.feel.costly import COSTLY
from tests.support.sources import ROOT

MOST_CALLS = 12 * FUEL


@pytest.fixture(scope="module")
def work():
    """Return what each costly expression did, in a process that nothing else profiles."""
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.feel.costly"], cwd=ROOT, capture_output=True, check=True
    )
    return json.loads(outcome.stdout)


@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_expression_does_no_more_than_its_fuel_pays_for(work, name):
    calls, fuel, end = work[name]
    assert calls <= MOST_CALLS
    assert end == "fuel" or fuel <= FUEL


@pytest.mark.parametrize(
    ("plain", "dearer"),
    [("a", "a + b"), ("a + b", "a + b + c + d"), ("[a, b]", "[a..b]"), ("a = b", "a between b and c")],
)
def test_a_pass_over_more_work_costs_more(plain, dearer):
    def cost(text):
        return weight(parse_expression("[" + ", ".join([text] * 10) + "]"))

    assert cost(plain) < cost(dearer)
