"""The sample city: the same seed gives the same city, by the distributions of the domain."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from demo.city import FORCED, City

TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def units():
    return list(City("standard", TODAY).rows())


def test_the_same_seed_gives_the_same_city():
    assert list(City("demo", TODAY).rows()) == list(City("demo", TODAY).rows())
    assert list(City("demo", TODAY).rows()) != list(City("demo", TODAY, seed=1).rows())


def test_no_two_units_share_a_credit_code_or_a_policy_number(units):
    assert len({unit.holder["uscc"] for unit in units}) == len(units) == 3_000
    assert len({unit.policy["number"] for unit in units}) == len(units)


def test_premiums_fall_into_the_bands_as_in_the_domain(units):
    premiums = [Decimal(unit.policy["written_premium"]) for unit in units]
    small = sum(premium < 30_000 for premium in premiums) / len(units)
    large = sum(premium >= 100_000 for premium in premiums) / len(units)
    assert 0.81 <= small <= 0.86
    assert 0.025 <= large <= 0.05


def test_every_premium_at_an_edge_is_there(units):
    assert {Decimal(str(edge)).quantize(Decimal("0.01")) for edge in FORCED} <= {
        Decimal(unit.policy["written_premium"]) for unit in units
    }


def test_one_unit_in_a_hundred_was_listed_and_one_had_a_grave_accident(units):
    facts = list(City("standard", TODAY).year_facts(units))
    assert sum(fact.get("dishonesty_listing") == "是" for fact in facts) == 30
    assert sum(int(fact.get("injured", 0)) >= 3 for fact in facts) == 30


def test_trades_and_regions_are_spread_as_in_the_domain(units):
    kinds = Counter(unit.holder["high_risk_kind"] for unit in units)
    regions = Counter(unit.holder["region_code"] for unit in units)
    assert 0.66 <= kinds.most_common(1)[0][1] / len(units) <= 0.74
    assert 0.15 <= regions["330382"] / len(units) <= 0.21
    assert len(regions) == 12
