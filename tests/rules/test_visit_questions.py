import pytest

from rules.examples import answer

CALM = {
    "deaths": 0,
    "max_injured_in_one_accident": 0,
    "dishonest_or_blacklist": False,
    "claim_count": 0,
    "paid_yuan": "0.00",
    "prior_premium_yuan": "9000.00",
}
YEAR = {"policy_start": "2025-01-01", "policy_end": "2025-12-31"}
SMALL = {"premium_yuan": "9000.00", "high_risk_industry": False, **YEAR}
VISITS = [
    (
        SMALL,
        {"min_offline_visits": 1, "by_premium": 1, "by_industry": 0, "by_history": 0, "policy_days": 365},
    ),
    (SMALL | {"prior_year": CALM}, {"min_offline_visits": 1, "by_history": 0}),
    (SMALL | {"prior_year": CALM | {"deaths": 1}}, {"min_offline_visits": 2, "by_history": 2}),
    (SMALL | {"prior_year": None}, {"by_history": 0}),
    (SMALL | {"prior_year": CALM | {"claim_count": 6}}, {"by_history": 2}),
    (SMALL | {"prior_year": CALM | {"paid_yuan": "18000.01"}}, {"by_history": 2}),
    (SMALL | {"accidents_last_year": [{"injured": 2}, {"injured": 2}]}, {"by_history": 0}),
    (SMALL | {"accidents_last_year": [{"injured": 2}, {"injured": 3}]}, {"by_history": 2}),
    (SMALL | {"accidents_last_year": [{"deaths": 1}]}, {"by_history": 2}),
    (SMALL | {"high_risk_industry": True}, {"by_industry": 2}),
    ({"premium_yuan": "9000.00", "industry": "海洋渔业", **YEAR}, {"by_industry": 2}),
    ({"premium_yuan": "9000.00", "industry": "餐饮", **YEAR}, {"by_industry": 0}),
    ({"premium_yuan": "9000.00"}, {"min_offline_visits": 1, "policy_days": 365}),
    (
        SMALL | {"premium_yuan": "65000.00", "policy_end": "2025-06-30", "short_term_rule": "prorate_ceil"},
        {"min_offline_visits": 2, "policy_days": 181},
    ),
    (
        {"premium_yuan": "65000.00", "policy_start": "2024-01-01", "policy_end": "2024-12-31"}
        | {"short_term_rule": "prorate_ceil"},
        {"min_offline_visits": 3, "policy_days": 366},
    ),
    (
        SMALL | {"premium_yuan": "100000.00", "policy_end": "2026-12-31"},
        {"min_offline_visits_per_policy_year": 4, "policy_years": 2, "total": 8},
    ),
    (
        {
            "required": 2,
            **YEAR,
            "visits": [{"date": "2025-05-01", "channel": "offline", "status": "completed"}] * 2,
        },
        {"counted": 1, "shortfall": 1, "next_action": "schedule_visit"},
    ),
    (
        {
            "required": 1,
            **YEAR,
            "visits": [{"date": "2025-05-01", "channel": "online", "status": "completed"}],
        },
        {"counted": 0, "shortfall": 1},
    ),
    (
        {
            "required": 1,
            **YEAR,
            "visits": [{"date": "2025-05-01", "channel": "offline", "status": "entry_refused"}],
        },
        {"counted": 0, "next_action": "record_refusal_and_send_written_notice"},
    ),
    (
        {
            "required": 1,
            **YEAR,
            "visits": [{"date": "2025-05-01", "channel": "offline", "status": "in_progress"}],
        },
        {"counted": 0, "next_action": "schedule_visit"},
    ),
    (
        {"required": 1, **YEAR, "visits": ["2024-12-31T16:30:00Z", "2026-01-01"]},
        {"counted": 1, "shortfall": 0, "next_action": "none"},
    ),
    ({**YEAR, "activities": [{"kind": "offline_visit", "date": "2025-05-01"}]}, {"counted": 1}),
    ({**SMALL, "activities": []}, {"counted": 0, "shortfall": 1, "min_offline_visits": 1}),
    (
        {"required": 4, **YEAR, "cancel_effective": "2025-07-01", "visits_completed": ["2025-02-20"]}
        | {"visits_scheduled": ["2025-02-20", "2025-09-10", {"date": "2025-11-10"}]},
        {"effective_policy_end": "2025-06-30", "tasks_cancelled": 2, "shortfall": 0}
        | {"status": "terminated_by_surrender"},
    ),
    (
        {"cancel_effective": "2025-07-01", "visit_completed": "2025-06-25"},
        {"return_visit_due": "2025-07-09", "archive_due": "2025-07-23", "still_required": True},
    ),
]
WORKING_DAYS = [
    ({"service_completed": "2025-03-03"}, {"return_visit_due": "2025-03-17", "archive_due": "2025-03-31"}),
    ({"service_completed_utc": "2025-03-02T16:00:00Z"}, {"base_date": "2025-03-03"}),
    ({"service_completed_utc": "2025-03-02T15:59:59"}, {"base_date": "2025-03-02"}),
    ({"service_start": "2025-03-01", "service_end": "2025-03-03"}, {"base_date": "2025-03-03"}),
    ({"service_end": "2025-03-03T18:00:00"}, {"base_date": "2025-03-03"}),
    (
        {"service_completed": "2025-03-03", "return_visit_done": "2025-03-17T15:59:00Z"},
        {"on_time": True, "working_days_late": 0, "provisional": False},
    ),
    (
        {"service_completed": "2025-03-03", "return_visit_done": "2025-03-19"},
        {"on_time": False, "working_days_late": 2},
    ),
    (
        {"service_completed": "2024-12-28", "calendar_published_through": "2024-12-31"},
        {"return_visit_due": "2025-01-13", "provisional": True, "must_not_raise": True},
    ),
]
ALL = [
    *(("visit_frequency", *pair) for pair in VISITS),
    *(("working_days", *pair) for pair in WORKING_DAYS),
]


@pytest.mark.parametrize(("topic", "given", "expected"), ALL)
def test_a_question_is_answered_from_its_input(topic, given, expected):
    got = answer(topic, given)
    assert {key: got.get(key, "absent") for key in expected} == expected
