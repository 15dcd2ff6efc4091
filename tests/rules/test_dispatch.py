from datetime import date

import pytest
from msgspec.structs import replace

from rules.dispatch import (
    AgencyFacts,
    DispatchFacts,
    DispatchFinding,
    TeamMember,
    activation_gate,
    check_dispatch,
)
from rules.vocabulary import choices, label

DAY = date(2025, 6, 10)
EXPERT = TeamMember("林工", "化工", "certified_safety_engineer", 8, DAY, has_commitment=True)
FACTS = DispatchFacts(DAY, date(2025, 1, 1), date(2025, 12, 31), True, None, (EXPERT,))
AGENCY = AgencyFacts("评价所", "safety_evaluation", DAY, DAY)
PUBLISHED = {"complaint_channel": "0577", "complaint_procedure": "有", "mediation_method": "调解"}


def codes(facts):
    found = check_dispatch(facts)
    return [item.code for item in found.blocks], [item.code for item in found.warnings]


def test_a_right_dispatch_is_neither_blocked_nor_warned_of():
    assert codes(FACTS) == ([], [])
    assert codes(replace(FACTS, agency=AGENCY, provider_filed_until=DAY)) == ([], [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"provider_filed": False}, "provider_not_filed"),
        ({"provider_filed_until": date(2025, 6, 9)}, "provider_filing_expired"),
        ({"term_start": date(2025, 6, 11)}, "outside_term"),
        ({"term_end": date(2025, 6, 9)}, "outside_term"),
        ({"agency": replace(AGENCY, kind=None)}, "agency_unqualified"),
        ({"agency": replace(AGENCY, qualified_until=date(2025, 6, 9))}, "agency_unqualified"),
        ({"agency": replace(AGENCY, engaged_until=None)}, "engagement_expired"),
    ],
)
def test_the_provider_and_the_agency_must_be_in_order(change, code):
    assert codes(replace(FACTS, **change)) == ([code], [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"background": ""}, "incomplete_profile"),
        ({"qualification": ""}, "incomplete_profile"),
        ({"years": 0}, "incomplete_profile"),
        ({"certificate_valid_until": date(2025, 6, 9)}, "certificate_expired"),
        ({"certificate_valid_until": None}, "certificate_expired"),
        ({"engaged_until": date(2025, 6, 9)}, "engagement_expired"),
        ({"has_commitment": False}, "no_commitment"),
        ({"is_recused": True}, "recused"),
    ],
)
def test_an_expert_must_be_in_order_on_the_day(change, code):
    member = replace(EXPERT, **change)
    found = check_dispatch(replace(FACTS, team=(EXPERT, member)))
    assert found.blocks == (DispatchFinding(code, "林工"),)


def test_a_contract_that_ends_on_the_day_still_holds():
    assert codes(replace(FACTS, team=(replace(EXPERT, engaged_until=DAY),))) == ([], [])


@pytest.mark.parametrize(
    ("inspected_on", "warned"),
    [("2025-05-10", False), ("2025-05-11", True), ("2025-06-10", True), ("2025-06-11", False)],
)
def test_a_unit_inspected_in_the_last_thirty_days_asks_for_a_reason(inspected_on, warned):
    facts = replace(FACTS, last_inspected_on=date.fromisoformat(inspected_on))
    assert codes(facts) == ([], ["recently_inspected"] if warned else [])


def test_an_expert_in_two_places_asks_for_a_reason():
    assert codes(replace(FACTS, team=(replace(EXPERT, busy_elsewhere=True),))) == ([], ["two_places"])


def test_every_finding_has_its_word():
    assert len(choices("dispatch_finding")) == 11
    assert label("activation_gap", "engagement")


@pytest.mark.parametrize(
    ("published", "engaged", "filed", "missing"),
    [
        (PUBLISHED, True, True, ()),
        (PUBLISHED, False, False, ("engagement", "provider_filing")),
        ({}, True, True, ("complaint_channel", "complaint_procedure", "mediation_method")),
    ],
)
def test_a_policy_is_served_only_when_all_is_in_place(published, engaged, filed, missing):
    assert activation_gate(published, is_engaged=engaged, is_provider_filed=filed).missing == missing
