from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.archive import RECORD_ELEMENTS, alternative_to, archive_gate, may_operate
from rules.entry import ENTRY_ELEMENTS, entry_gate
from rules.gates import is_given
from rules.retention import Hold, may_delete, retention
from rules.return_visit import is_accepted_method, is_valid, needs_follow_up
from rules.scheme import SCHEME_ELEMENTS, may_approve, scheme_gate
from rules.vocabulary import choices, label

WHOLE = dict.fromkeys(RECORD_ELEMENTS, "x")


@pytest.mark.parametrize(
    ("latest", "until"),
    [
        ("2021-05-31", "2026-05-31"),
        ("2020-02-29", "2025-02-28"),
        ("2024-02-29", "2029-02-28"),
        ("2023-03-01", "2028-03-01"),
    ],
)
def test_a_file_is_kept_five_years_from_its_latest_end(latest, until):
    kept = retention([date(2019, 1, 1), date.fromisoformat(latest)])
    assert kept.retain_until == date.fromisoformat(until)
    assert kept.disposable_from == kept.retain_until + timedelta(days=1)


def test_a_file_may_be_disposed_of_only_after_its_last_day():
    kept = retention([date(2021, 5, 31)])
    assert not kept.may_dispose(date(2026, 5, 31))
    assert kept.may_dispose(date(2026, 6, 1))
    assert not may_delete(kept.retain_until, kept.retain_until)


@pytest.mark.parametrize("hold", Hold)
def test_whatever_is_open_keeps_a_file(hold):
    assert not retention([date(2001, 1, 1)], [hold]).may_dispose(date(2026, 7, 1))
    assert label("retention_reason", hold)


def test_holds_come_in_a_settled_order_and_may_be_an_iterator():
    kept = retention([date(2021, 5, 31)], iter([Hold.OPEN_MAJOR_HAZARD, Hold.LEGAL_HOLD]))
    assert kept.holds == (Hold.LEGAL_HOLD, Hold.OPEN_MAJOR_HAZARD)


@given(st.lists(st.dates(date(2015, 1, 1), date(2090, 1, 1)), min_size=1))
def test_a_file_is_never_kept_less_than_five_years_after_any_of_its_days(ends):
    kept = retention(ends)
    for end in ends:
        assert kept.retain_until >= end + timedelta(days=5 * 365)


@pytest.mark.parametrize(
    ("operation", "archived", "allowed"),
    [
        ("update", True, False),
        ("delete", True, False),
        ("hide", True, False),
        ("update", False, True),
        ("view", True, True),
        ("append_correction_record", True, True),
    ],
)
def test_what_is_archived_is_appended_to_and_never_changed(operation, archived, allowed):
    assert may_operate(operation, archived=archived) is allowed
    expected = None if allowed else "append_correction_record"
    assert alternative_to(operation, archived=archived) == expected


@pytest.mark.parametrize("element", RECORD_ELEMENTS)
@pytest.mark.parametrize("nothing", [None, "", "  ", 0, False, []])
def test_a_record_that_lacks_an_element_stays_open(element, nothing):
    assert archive_gate(WHOLE | {element: nothing}).missing == (element,)


@pytest.mark.parametrize(
    ("insured", "provider", "missing"),
    [
        (True, True, ()),
        (None, None, ()),
        (False, True, ("insured_confirmation",)),
        (False, False, ("insured_confirmation", "provider_signature")),
        (True, False, ("provider_signature",)),
    ],
)
def test_a_signature_known_to_be_missing_keeps_the_archive_shut(insured, provider, missing):
    found = archive_gate(WHOLE, insured_confirmed=insured, provider_signed=provider)
    assert (found.missing, found.is_open) == (missing, not missing)


@pytest.mark.parametrize("element", ENTRY_ELEMENTS)
def test_nobody_enters_without_each_of_the_four(element):
    agreed = dict.fromkeys(ENTRY_ELEMENTS, "x")
    assert entry_gate(agreed).is_open
    assert entry_gate(agreed | {element: None}).missing == (element,)
    assert entry_gate({}).missing == ENTRY_ELEMENTS


def test_a_permission_taken_back_shuts_the_gate():
    agreed = dict.fromkeys(ENTRY_ELEMENTS, "x")
    assert entry_gate(agreed, permission_withdrawn=True).missing == ("permission",)


@pytest.mark.parametrize("element", SCHEME_ELEMENTS)
def test_a_scheme_settles_all_six_matters(element):
    whole = dict.fromkeys(SCHEME_ELEMENTS, "x")
    assert scheme_gate(whole).is_open
    del whole[element]
    assert scheme_gate(whole).missing == (element,)


@pytest.mark.parametrize(
    ("frequency", "required", "is_key", "key_periods", "approved"),
    [(2, 2, False, 0, True), (1, 2, False, 0, False), (3, 2, True, 0, False), (2, 2, True, 1, True)],
)
def test_a_scheme_plans_what_is_owed_and_the_key_periods(frequency, required, is_key, key_periods, approved):
    assert may_approve(frequency, required, is_key=is_key, key_periods=key_periods) is approved


def test_elements_have_their_words():
    assert dict(choices("archive_element")).keys() >= set(RECORD_ELEMENTS)
    assert tuple(dict(choices("entry_element"))) == ENTRY_ELEMENTS
    assert tuple(dict(choices("scheme_element"))) == SCHEME_ELEMENTS


@pytest.mark.parametrize(
    ("method", "accepted"),
    [("phone", True), ("network", True), ("onsite", True), ("read_receipt", False), ("", False)],
)
def test_a_return_visit_is_made_in_one_of_three_ways(method, accepted):
    assert is_accepted_method(method) is accepted


@pytest.mark.parametrize(
    ("satisfaction", "opinion", "valid"),
    [
        (5, "无", True),
        (1, "迟到", True),
        (0, "无", False),
        (6, "无", False),
        (None, "无", False),
        (5, " ", False),
    ],
)
def test_a_return_visit_has_a_score_and_an_opinion(satisfaction, opinion, valid):
    assert is_valid("phone", satisfaction, opinion) is valid


@pytest.mark.parametrize(("satisfaction", "low"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_low_score_is_looked_into(satisfaction, low):
    assert needs_follow_up(satisfaction, date(2025, 1, 1)) is low


@pytest.mark.parametrize(
    ("value", "given_"), [("无", True), (" ", False), (1, True), (0, False), (None, False)]
)
def test_blank_text_says_nothing(value, given_):
    assert is_given(value) is given_
