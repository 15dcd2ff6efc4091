import pytest

from rules.errors import UnknownCodeError
from rules.examples import answer

RECORD = dict.fromkeys(("time", "place", "org", "personnel", "content", "process", "return_visit"), 1)
AGREED = dict.fromkeys(("service_time", "content", "technical_measures", "permission"), True)
ELEMENTS = ["service_content", "frequency", "time_limit", "expected_effect", "service_guarantee"]

FEES = [
    (
        {"written_premium_yuan": "1000.00", "refund_yuan": "200.00", "accrued_yuan": "280.00"},
        {
            "net_premium_yuan": "800.00",
            "min_required_yuan": "280.00",
            "compliant": True,
            "ratio_percent": "35.00",
        },
    ),
    ({"written_premium_yuan": "1000.00"}, {"net_premium_yuan": "1000.00", "max_allowed_yuan": None}),
    (
        {"net_premium_yuan": "1000.00", "accrued_yuan": "349.99", "ruleset": "wenzhou-2020", "year": 2024},
        {"compliant": False, "shortfall_yuan": "0.01", "excess_yuan": "0.00", "conflict": False},
    ),
    (
        {"net_premium_yuan": "1000.00", "accrued_yuan": "210.01", "ruleset": "national-2025"},
        {"compliant": False, "excess_yuan": "0.01", "max_allowed_yuan": "210.00", "min_required_yuan": None},
    ),
    (
        {
            "net_premium_yuan": "1000.00",
            "accrued_yuan": "280.00",
            "rulesets": ["wenzhou-2020", "national-2025"],
        },
        {"results": {"wenzhou-2020": False, "national-2025": False}, "conflict": True},
    ),
    ({"net_premium_yuan": "0.00", "accrued_yuan": "0.00"}, {"ratio_percent": None, "compliant": True}),
    (
        {"plan_total_yuan": "1000.00", "spent_yuan": "900.00", "new_entry_yuan": "100.00"},
        {"accepted": True, "remaining_yuan": "0.00", "reason": None},
    ),
    (
        {"plan_total_yuan": "1000.00", "new_entry_yuan": "1000.01"},
        {"accepted": False, "remaining_yuan": "1000.00", "reason": "exceeds_plan_total"},
    ),
    ({"category": "隐患排查", "amount_yuan": "100.00"}, {"accepted": True, "reason": None}),
    ({"category": "礼品", "amount_yuan": "100.00"}, {"accepted": False, "reason": "not_accident_prevention"}),
    (
        {"fee_year": 2023},
        {
            "window_start": "2024-01-01",
            "due": "2024-03-31",
            "last_working_day_before_or_on_due": "2024-03-29",
        },
    ),
    ({"fee_year": 2024, "filed_on": "2025-03-31"}, {"on_time": True, "days_late": 0}),
]
KEEPING = [
    (
        {"policy_end": "2020-02-29", "archived_on": "2020-01-20", "last_record_on": "2020-01-20"},
        {"retain_until": "2025-02-28", "disposable_from": "2025-03-01", "reason": None},
    ),
    ({"archived_on": "2021-04-20", "today": "2026-04-20"}, {"disposable": False, "reason": None}),
    ({"archived_on": "2021-04-20", "today": "2026-04-21"}, {"disposable": True}),
    (
        {"policy_end": "2021-05-31", "open_major_hazard": True, "legal_hold": True, "today": "2030-01-01"},
        {"disposable": False, "reason": "legal_hold"},
    ),
    ({"policy_end": "2021-05-31", "open_major_hazard": True}, {"reason": "open_major_hazard"}),
    (
        {"retain_until": "2026-05-31", "delete_requested_on": "2026-06-01", "actor_role": "auditor"},
        {"allowed": True},
    ),
    (
        {"retain_until": "2026-05-31", "delete_requested_on": "2026-06-01", "legal_hold": True},
        {"allowed": False},
    ),
    (
        {"archived": True, "operation": "update", "field": "place"},
        {"allowed": False, "alternative": "append_correction_record"},
    ),
    ({"archived": False, "operation": "update"}, {"allowed": True, "alternative": None}),
]
GATES = [
    ({"precontact": AGREED}, {"can_start_onsite": True, "missing": []}),
    ({"precontact": AGREED | {"content": ""}}, {"can_start_onsite": False, "missing": ["content"]}),
    ({"precontact": None}, {"missing": ["service_time", "content", "technical_measures", "permission"]}),
    ({"record": RECORD, "insured_confirmed": True}, {"can_archive": True, "missing": []}),
    ({"record": RECORD}, {"can_archive": True}),
    (
        {"record": RECORD | {"return_visit": None, "place": ""}, "insured_confirmed": None},
        {"can_archive": False, "missing": ["place", "return_visit", "insured_confirmation"]},
    ),
    ({"record": RECORD, "provider_signed": False}, {"missing": ["provider_signature"]}),
    ({"scheme_fields": [*ELEMENTS, "complaint_arbitration"]}, {"complete": True, "missing": []}),
    ({"scheme_fields": []}, {"complete": False, "missing": [*ELEMENTS, "complaint_arbitration"]}),
    ({"method": "read_receipt"}, {"accepted": False, "allowed": ["phone", "network", "onsite"]}),
]
HAZARDS = [
    ("hazard", {"deadline": "2025-06-30", "today": "2025-06-30"}, {"overdue": False, "days_overdue": 0}),
    ("hazard", {"deadline": "2025-06-30", "rectified_on": "2025-07-02"}, {"overdue": False, "late": True}),
    (
        "hazard",
        {"level": "general", "refused_to_rectify": True},
        {
            "may_decline_renewal": False,
            "must_notify": None,
            "notice_fields": [],
            "affects_next_year_rate": True,
        },
    ),
    ("refusal", {"refused_on": "2025-03-03", "notice": {"channel": "email"}}, {"compliant": True}),
    ("refusal", {"refused_on": "2025-03-03", "notice": None}, {"compliant": False, "notifier": "insurer"}),
    (
        "refusal",
        {"refused_on": "2025-03-03", "notice": {"channel": "email", "notifier": "provider"}},
        {"compliant": False},
    ),
    (
        "coverage",
        {"insured": 100, "refused_with_notice": 5, "refused_without_notice": 3, "served_at_least_min": 90},
        {"denominator": 95, "rate_percent": "94.7"},
    ),
    ("coverage", {"insured": 0, "served_at_least_min": 0}, {"denominator": 0, "rate_percent": None}),
    (
        "coverage",
        {"refused_on": "2025-03-03", "policy_end": "2025-12-31", "required": 2, "completed": 1},
        {"status": "refused", "remaining_required": 0},
    ),
]
DUTIES = [
    (
        "training",
        {
            "year": 2025,
            "events": [{"date": "2025-02-20", "held": True}, "2025-05-01", {"date": "2024-12-31"}],
        },
        {"held": 2, "required": 4, "compliant": False, "shortfall": 2},
    ),
    (
        "exchange",
        {"year": 2025, "meetings": ["2025-02-20", {"date": "2025-05-01"}]},
        {"missing_quarters": [3, 4], "severity": "warning"},
    ),
    (
        "exchange",
        {"year": 2025, "meetings": ["2025-02-20", "2025-05-01", "2025-08-01", "2025-11-01"]},
        {"missing_quarters": [], "severity": None},
    ),
    (
        "exchange",
        {"major_issue_on": "2025-05-06", "meetings": []},
        {"needs_extra_meeting": True, "severity": "violation"},
    ),
    (
        "exchange",
        {"major_issue_on": "2025-05-06", "meetings": ["2025-05-08"]},
        {"needs_extra_meeting": False, "severity": None},
    ),
    (
        "reporting",
        {"month": "2025-05"},
        {
            "required_dimensions": ["industry", "region", "hazard_category"],
            "recipient": "温州市安责险联席会议办公室",
        },
    ),
    ("reporting", {"year": 2024}, {"periods": [["2024-01-01", "2024-06-30"], ["2024-07-01", "2024-12-31"]]}),
]
SCORES = [
    ({"items": [["60", "50.05"], ["40", "40"]], "bonus": "12"}, {"base": "90.05", "bonus_counted": "10.0"}),
    ({"items": [["60", "50.05"], ["40", "40"]]}, {"total": "90.1", "missing_evidence": 0}),
    ({"items": [{"max": "85", "satisfied": True}, {"max": "15", "satisfied": False}]}, {"base": "85.0"}),
    ({"base": "100", "bonus": ["4", "3.5"], "deduction": "2"}, {"bonus_counted": "7.5", "total": "105.5"}),
    ({"base": "1", "deduction": "5"}, {"total": "0.0"}),
    ({"weights": ["60.5", "39.5"], "bonus_max": "10"}, {"valid": True, "sum": "100.0"}),
    ({"weights": ["60", "40"], "bonus_max": "11"}, {"valid": False, "sum": "100"}),
]
CHECKS = [
    ("complaint", {"received": "2025-03-03"}, {"reply_due": "2025-03-17", "extended_due": "2025-04-15"}),
    ("complaint", {"received": "2025-03-03", "complex": True, "approved_by": "王某"}, {"can_extend": True}),
    ("complaint", {"complex": False, "approved_by": "王某"}, {"can_extend": False}),
    ("validation", {"uscc": "91350100M000100Y43"}, {"valid": True}),
    ("validation", {"uscc": ["91350100M000100Y43", "9"]}, {"valid": [True, False]}),
    (
        "validation",
        {"codes": ["330305", "330383"], "as_of": "2018-01-01"},
        {"count": 2, "all_valid": False, "names": ["洞头区", None]},
    ),
    ("validation", {"code": "330383", "as_of": "2018-12-31"}, {"valid": False, "successor_of": "330327"}),
    ("validation", {"code": "110101", "as_of": "2018-12-31"}, {"valid": False, "successor_of": None}),
    ("something new", {"uscc": "9"}, {"valid": False}),
]
ALL = [
    *(("fee", *pair) for pair in FEES),
    *(("retention", *pair) for pair in KEEPING),
    *(("workflow", *pair) for pair in GATES),
    *HAZARDS,
    *DUTIES,
    *(("assessment", *pair) for pair in SCORES),
    *CHECKS,
]


@pytest.mark.parametrize(("topic", "given", "expected"), ALL)
def test_a_question_is_answered_from_its_input(topic, given, expected):
    got = answer(topic, given)
    assert {key: got.get(key, "absent") for key in expected} == expected


def test_a_question_that_nobody_knows_is_an_error():
    with pytest.raises(UnknownCodeError, match="tea"):
        answer("visit_frequency", {"tea": 1})
