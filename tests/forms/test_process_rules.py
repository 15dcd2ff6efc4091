"""The rules of the processes that live in the forms: each fires when it must and says what to change."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from forms.validate import Checked, check
from tests.support.forms import STEPS, filled, make_context, shipped

SHANGHAI = ZoneInfo("Asia/Shanghai")
ARRIVED = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
TERM = {"term_start": date(2026, 3, 1), "term_end": date(2027, 2, 28)}
LATER = "2026-11-23 10:11"  # eleven minutes from now; ten are allowed for clocks that differ
MADE_VALID: dict[str, dict[str, object]] = {
    "arrange_pre_contact": {"service_from": "2026-11-24 09:00", "service_until": "2026-11-24 11:00"},
    "confirm_unit_facts": {"accidents": []},
    "plan_catch_up": {"dates": [{"planned_on": "2026-11-24"}]},
    "extension_request": {"new_deadline": "2026-12-01"},
    "reschedule_request": {"new_time": "2026-11-24 09:00"},
    "record_visit": {"days": [{"started_at": "2026-11-23 09:10", "ended_at": "2026-11-23 09:40"}]},
}

CASES: list[tuple[str, dict[str, object], dict[str, object], str, str]] = [
    (
        "confirm_unit_facts",
        {"accidents": [{"happened_on": "2026-01-01", "deaths": "1", "injured": "0"}]},
        {},
        "accidents.0.happened_on",
        "只填 2025 年的事故，请改日期或删去这一起",
    ),
    (
        "confirm_unit_facts",
        {"accidents": [{"happened_on": "2025-01-01", "deaths": "0", "injured": "0"}]},
        {},
        "accidents.0.injured",
        "死亡和受伤不能都是 0",
    ),
    (
        "confirm_unit_facts",
        {"dishonesty_listing": "true", "dishonesty_from": "2025-03-02", "dishonesty_until": "2025-03-01"},
        {},
        "dishonesty_until",
        "请改为 2025-03-02 或以后",
    ),
    (
        "confirm_unit_facts",
        {"contact_log": {"contacted_at": LATER}},
        {},
        "contact_log.contacted_at",
        "不能晚于现在",
    ),
    (
        "draft_scheme",
        {"frequency": "2"},
        {"required": 3},
        "frequency",
        "不能少于应服务的 3 次，请改为 3 或以上",
    ),
    (
        "draft_scheme",
        {"time_limit": "2027-03-01"},
        {},
        "time_limit",
        "请改为 2026-03-01 至 2027-02-28 之间的日期",
    ),
    ("draft_scheme", {"key_periods": []}, {"is_key": True}, "key_periods", "重点单位至少写一条"),
    (
        "chase_scheme",
        {"chase_result": "refusal", "reminders": [{}]},
        {},
        "reminders",
        "至少要有 2 次催办记录",
    ),
    ("chase_scheme", {"reminders": [{"chased_at": LATER}]}, {}, "reminders.0.chased_at", "不能晚于现在"),
    (
        "plan_catch_up",
        {"dates": [{"planned_on": "2026-11-22"}]},
        {},
        "dates.0.planned_on",
        "2026-11-23 或以后",
    ),
    ("plan_catch_up", {"dates": [{"planned_on": "2027-03-01"}]}, {}, "dates.0.planned_on", "要在保险期间内"),
    ("plan_catch_up", {"dates": [{"planned_on": "2026-11-24"}] * 2}, {}, "dates", "同一天只计一次服务"),
    ("dispatch_visit", {"planned_on": "2026-11-22"}, {}, "planned_on", "请改为 2026-11-23 或以后"),
    ("dispatch_visit", {"planned_on": "2027-03-01"}, {}, "planned_on", "计划日期要在保险期间内"),
    ("dispatch_visit", {"lead": "p1", "team": ["p2"]}, {}, "team", "服务人员要包含负责人"),
    ("dispatch_visit", {"checklists": []}, {"baseline_required": True}, "checklists", "请选择“附件2 清单”"),
    ("dispatch_visit", {"key_parts": ""}, {"is_key": True}, "key_parts", "请填写“重点部位”"),
    ("dispatch_visit", {"recent_reason": ""}, {"recent_visit": True}, "recent_reason", "请填写"),
    ("arrange_pre_contact", {"contacted_at": LATER}, {}, "contacted_at", "不能晚于现在"),
    ("arrange_pre_contact", {"service_from": "2026-11-23 09:59"}, {}, "service_from", "不能早于现在"),
    (
        "arrange_pre_contact",
        {"service_from": "2026-11-24 09:00", "service_until": "2026-11-24 09:00"},
        {},
        "service_until",
        "要晚于进场时间",
    ),
    (
        "arrange_pre_contact",
        {"service_from": "2027-02-28 09:00", "service_until": "2027-03-01 09:00"},
        {},
        "service_from",
        "要在保险期间内",
    ),
    (
        "policyholder_confirm_visit",
        {"answer": "reschedule", "new_time": "2026-11-23 09:00"},
        {},
        "new_time",
        "不能早于现在",
    ),
    (
        "policyholder_confirm_visit",
        {"answer": "reschedule", "new_time": "2027-03-01 09:00"},
        {},
        "new_time",
        "请改为 2027-02-28 或以前",
    ),
    (
        "policyholder_confirm_visit",
        {"answer": "agree", "permission_granted": ""},
        {},
        "permission_granted",
        "请勾选",
    ),
    ("chase_pre_contact", {"result": "refusal", "reminders": [{}]}, {}, "reminders", "补记到 2 次"),
    ("chase_pre_contact", {"result": "cancel", "reminders": []}, {}, "reminders", "请至少记一次"),
    ("chase_pre_contact", {"reminders": [{"chased_at": LATER}]}, {}, "reminders.0.chased_at", "不能晚于现在"),
    ("check_in", {"arrived_at": LATER}, {}, "arrived_at", "请核对手机时间"),
    (
        "check_in",
        {"arrived_at": "2026-11-23 08:59"},
        {"granted_at": ARRIVED},
        "arrived_at",
        "请改为 2026-11-23 09:00 或以后",
    ),
    (
        "check_in",
        {"entry_admitted": "true"},
        {"missing": ["进场允许", "技术措施"]},
        "entry_admitted",
        "还缺：进场允许、技术措施",
    ),
    ("check_in", {"position": "", "no_position_reason": ""}, {}, "no_position_reason", "请填写"),
    ("record_entry_refusal", {"refused_at": LATER}, {}, "refused_at", "不能晚于现在"),
    ("record_visit", {"left_at": "2026-11-23 09:00"}, {}, "left_at", "请改为 2026-11-23 09:00 以后"),
    ("record_visit", {"left_at": LATER}, {}, "left_at", "不能晚于现在"),
    (
        "record_visit",
        {"days": [{"started_at": "2026-11-23 09:30", "ended_at": "2026-11-23 09:29"}]},
        {},
        "days.0.ended_at",
        "结束要晚于开始",
    ),
    (
        "record_visit",
        {"days": [{"started_at": "2026-11-23 08:00"}]},
        {},
        "days.0.started_at",
        "服务不能早于到场",
    ),
    (
        "record_visit",
        {"left_at": "2026-11-23 09:30", "days": [{"started_at": "09:10", "ended_at": "2026-11-23 09:31"}]},
        {},
        "days.0.ended_at",
        "服务不能晚于离场",
    ),
    ("record_visit", {"process": "看了一圈"}, {}, "process", "至少写 20 个字，现在有 4 个"),
    ("record_visit", {"photos": ["photo-1"]}, {}, "photos", "“现场照片”至少要 2 张，现在有 1 张"),
    ("record_visit", {"hazards": [{"level": "major"}]}, {}, "hazards.0.basis_clause", "请填写“判定依据”"),
    (
        "record_visit",
        {"hazards": [{"deadline": "2099-12-05"}]},
        {},
        "hazards.0.deadline",
        "最长一年，请核对年份",
    ),
    ("record_visit", {"hazards": [{"level": "major"}]}, {}, "hazards.0.interim_measures", "请填写"),
    (
        "record_visit",
        {"hazards": [{"level": "general", "fixed_on_spot": "true"}]},
        {},
        "hazards.0.photos_after",
        "至少要 1 张",
    ),
    (
        "record_visit",
        {"hazards": [{"level": "general", "deadline": "2026-11-22"}]},
        {},
        "hazards.0.deadline",
        "期限不能早于今天，请改为 2026-11-23 或以后",
    ),
    (
        "record_visit",
        {"hazards": [], "baseline": [{"item": "metal_smelting-2", "answer": "unmet"}]},
        {},
        "baseline.1.answer",
        "不符合的条目要记为隐患",
    ),
    (
        "record_visit",
        {"baseline": [{"item": "metal_smelting-1", "answer": "not_applicable"}]},
        {},
        "baseline.0.basis",
        "请填写“说明”",
    ),
    (
        "sign_notice",
        {"hazards": [{"item": "h1", "level": "major"}]},
        {},
        "hazards.0.basis_clause",
        "请填写“判定依据”",
    ),
    ("serve_hazard_notice", {"served_at": LATER}, {}, "served_at", "不能晚于现在"),
    (
        "serve_hazard_notice",
        {"served_at": "2026-11-23 09:00"},
        {"left_at": datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)},
        "served_at",
        "请改为 2026-11-23 09:30 或以后",
    ),
    ("make_return_visit", {"contacted_at": LATER}, {}, "contacted_at", "不能晚于现在"),
    (
        "make_return_visit",
        {"contacted_at": "2026-11-23 09:29"},
        {"left_at": datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)},
        "contacted_at",
        "请改为 2026-11-23 09:30 或以后",
    ),
    (
        "make_return_visit",
        {"contacted_at": "2026-11-22 09:00"},
        {"completed_on": date(2026, 11, 23)},
        "contacted_at",
        "请改为 2026-11-23 或以后",
    ),
    (
        "compile_records",
        {"elements": [{"item": "place", "complete": "false"}]},
        {},
        "elements.1.note",
        "请填写",
    ),
    ("settle_visit_fee", {"amount": "0"}, {}, "amount", "要在 0.01 到 9,999,999,999 之间"),
    (
        "plan_rectification",
        {"answer": "accept", "finish_by": "2026-12-01"},
        {"deadline": date(2026, 11, 30)},
        "finish_by",
        "请改为 2026-11-30 或以前；来不及的，交了方案后在办件里申请延期",
    ),
    (
        "plan_rectification",
        {"answer": "accept", "finish_by": "2026-11-22"},
        {},
        "finish_by",
        "2026-11-23 或以后",
    ),
    (
        "plan_rectification",
        {"answer": "accept", "funds": ""},
        {"level": "major"},
        "funds",
        "请填写“整改资金”",
    ),
    (
        "review_dispute",
        {"dispute_result": "relevel", "new_level": "major"},
        {"level": "major"},
        "new_level",
        "新级别和原来一样",
    ),
    ("submit_rectification", {"finished_on": "2026-11-24"}, {}, "finished_on", "请改为 2026-11-23 或以前"),
    (
        "submit_rectification",
        {"finished_on": "2026-11-20"},
        {"notified_on": date(2026, 11, 21)},
        "finished_on",
        "请改为 2026-11-21 或以后",
    ),
    (
        "approve_extension",
        {"decision": "approve", "new_deadline": "2026-11-30"},
        {"deadline": date(2026, 11, 30)},
        "new_deadline",
        "新期限要晚于原期限 2026-11-30",
    ),
    ("recheck_hazard", {"method": "photo", "photos": []}, {"level": "general"}, "photos", "至少要 1 张"),
    ("recheck_hazard", {"checked_at": LATER}, {}, "checked_at", "不能晚于现在"),
    (
        "recheck_hazard",
        {"result": "failed", "new_deadline": "2026-11-23"},
        {},
        "new_deadline",
        "请改为 2026-11-24 或以后",
    ),
    (
        "determine_refusal",
        {"refused": "yes", "basis": "two_reminders"},
        {"reminded_enough": False},
        "basis",
        "请先催告",
    ),
    (
        "determine_refusal",
        {"refused": "yes", "basis": "written"},
        {"has_written_refusal": False},
        "basis",
        "单位没有书面表示",
    ),
    ("send_decline_notice", {"delivered_at": LATER}, {}, "delivered_at", "不能晚于现在"),
    ("register_refusal", {"refused_on": "2026-11-24"}, {}, "refused_on", "请改为 2026-11-23 或以前"),
    (
        "register_refusal",
        {"scope": "all"},
        {"entry_refused": True, "reschedule_attempts": 0},
        "scope",
        "请改选“仅本次服务”",
    ),
    ("file_delivery_proof", {"delivered_at": LATER}, {}, "delivered_at", "不能晚于现在"),
    ("record_refusal_withdrawal", {"withdrawn_on": "2026-11-24"}, {}, "withdrawn_on", "2026-11-23 或以前"),
    (
        "record_refusal_withdrawal",
        {"withdrawn_on": "2026-11-20"},
        {"refused_on": date(2026, 11, 21)},
        "withdrawn_on",
        "2026-11-21 或以后",
    ),
]


def judged(step: str, values: dict[str, object], variables: dict[str, object], branch: int = 0) -> Checked:
    form = shipped(step)
    facts = {**TERM, "arrived_at": ARRIVED, **variables}
    return check(form, {**filled(form, branch), **MADE_VALID.get(step, {}), **values}, make_context(**facts))


@pytest.mark.parametrize(("step", "values", "variables", "path", "told"), CASES)
def test_a_rule_of_the_process_is_told_at_its_field(
    step: str, values: dict[str, object], variables: dict[str, object], path: str, told: str
) -> None:
    assert told in judged(step, values, variables).errors.get(path, "")


@pytest.mark.parametrize("step", STEPS)
def test_every_form_has_answers_that_it_takes(step: str) -> None:
    tried = [
        judged(step, {}, {"level": level, "required": 1, "deadline": date(2026, 11, 30)}, branch)
        for branch in range(60)
        for level in ("general", "major")
    ]
    assert any(checked.valid for checked in tried), min((c.errors for c in tried), key=len)


def test_each_shipped_rule_has_its_case() -> None:
    cased = {
        (step, ".".join(part for part in path.split(".") if not part.isdigit()))
        for step, _, _, path, _ in CASES
    }
    for step in STEPS:
        for rule in shipped(step).checks:
            path = f"{rule.each}.{rule.field}" if rule.each else rule.field
            if step in {case[0] for case in CASES}:
                assert (step, path) in cased


def test_a_hazard_fixed_on_the_spot_has_no_deadline() -> None:
    hazards = [{"level": "general", "fixed_on_spot": "true", "deadline": "2026-11-30"}]
    (row,) = judged("record_visit", {"hazards": hazards}, {}).answers["hazards"]
    assert row["deadline"] is None
    assert row["fixed_on_spot"] is True


def test_a_major_hazard_cannot_be_fixed_on_the_spot() -> None:
    hazards = [{"level": "major", "fixed_on_spot": "true", "deadline": "2026-11-30"}]
    (row,) = judged("record_visit", {"hazards": hazards}, {}).answers["hazards"]
    assert row["fixed_on_spot"] is None
    assert row["deadline"] == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        (["done", "done"], "done"),
        (["done", "refused"], "refused"),
        (["not_started", "not_started"], "not_started"),
        (["done", "not_started"], "in_progress"),
    ],
)
def test_a_return_visit_sums_up_how_far_the_hazards_are(states: list[str], whole: str) -> None:
    rows = [{"item": item, "state": state} for item, state in zip(("h1", "h2"), states, strict=True)]
    checked = judged("make_return_visit", {"reached": "true", "hazard_progress": rows}, {})
    assert checked.answers["rectification_state"] == whole


def test_paper_answers_ask_for_the_scan_instead_of_the_drawn_name() -> None:
    form = shipped("policyholder_confirm_record")
    posted = {"record_answer": "agree", "signer_name": "温启明", "signer_title": "安全负责人"}
    drawn = check(form, posted, make_context(on_behalf=False)).errors
    paper = check(form, posted, make_context(on_behalf=True)).errors
    assert list(drawn) == ["signature"]
    assert list(paper) == ["on_behalf_reason", "signed_scan"]
