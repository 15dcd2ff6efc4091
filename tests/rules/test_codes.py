import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.codes import (
    USCC_SIGNS,
    is_region,
    is_uscc,
    region,
    regions,
    uscc_check_sign,
    zones,
)
from rules.errors import UnknownCodeError
from rules.scope import is_in_scope

BODIES = st.from_regex(r"\A9[1-3]330[0-9]{3}[0-9ABCDEFGHJKLMNPQRTUWXY]{9}\Z")


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("91350100M000100Y43", True),  # the example of GB 32100 itself
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("91350100m000100y43", False),
        ("91350100I000100Y43", False),
        ("913501A0M000100Y43", False),
        ("", False),
    ],
)
def test_a_credit_code_has_its_signs_and_its_check(code, valid):
    assert is_uscc(code) is valid


@given(BODIES)
def test_exactly_one_check_sign_is_right(body):
    assert [sign for sign in USCC_SIGNS if is_uscc(body + sign)] == [uscc_check_sign(body)]


@given(BODIES, st.randoms(use_true_random=False))
def test_one_wrong_sign_is_always_found(body, chance: random.Random):
    code = body + uscc_check_sign(body)
    place = chance.randrange(8, 17)
    wrong = chance.choice([sign for sign in USCC_SIGNS if sign != code[place]])
    assert not is_uscc(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize(
    ("code", "on", "valid"),
    [
        ("330302", None, True),
        ("330302", "1999-01-01", True),
        ("330383", None, True),
        ("330383", "2018-12-31", False),
        ("330383", "2020-01-01", True),
        ("330305", "2015-01-01", False),
        ("330305", "2016-01-01", True),
        ("330322", None, False),
        ("330322", "2014-12-31", True),
        ("330322", "2016-01-01", False),
        ("330327", "2020-01-01", True),
        ("330102", None, False),
        ("3303Z01", None, False),
    ],
)
def test_a_region_code_is_valid_while_it_is_in_use(code, on, valid):
    assert is_region(code, None if on is None else date.fromisoformat(on)) is valid


def test_wenzhou_has_twelve_regions_now():
    assert sum(item.is_valid(None) for item in regions().values()) == 12
    assert region("330383").successor_of == "330327"
    with pytest.raises(UnknownCodeError):
        region("110101")


def test_every_zone_lies_in_a_region_in_use():
    assert all(is_region(zone.region) for zone in zones().values())


@pytest.mark.parametrize(
    ("code", "term_end", "inside"),
    [
        ("330302", "2020-06-01", True),
        ("330302", "2020-05-31", False),
        ("3303Z02", "2025-01-01", True),
        ("330102", "2025-01-01", False),
    ],
)
def test_the_standard_applies_to_wenzhou_from_its_first_day(code, term_end, inside):
    assert is_in_scope(code, date.fromisoformat(term_end)) is inside
