"""Questions on hazards, refusals and coverage (第十三条、第十八条、第十九条)."""

from rules.coverage import coverage
from rules.examples.reading import Answer, Input, Question, day, optional_day
from rules.hazards import Level, lateness
from rules.refusal import CHANNELS, NOTIFIER, RefusalNotice, is_compliant, obligation_after_refusal
from rules.renewal import decline_options


def overdue(given: Input) -> Answer:
    """Answer how late a rectification is (D17)."""
    rectified_on = optional_day(given, "rectified_on")
    today = optional_day(given, "today") or rectified_on or day(given["deadline"])
    found = lateness(day(given["deadline"]), rectified_on, today)
    return {"overdue": found.overdue, "days_overdue": found.days, "late": found.late}


def declining(given: Input) -> Answer:
    """Answer what the insurer may do about a hazard (第十九条, D22)."""
    found = decline_options(Level(given["level"]), refused_to_rectify=bool(given["refused_to_rectify"]))
    return {
        "may_decline_renewal": found.may_decline_renewal,
        "auto_decline": found.auto_decline,
        "must_notify": found.must_notify,
        "notice_fields": list(found.notice_fields),
        "affects_next_year_rate": found.affects_next_year_rate,
    }


def notifying(given: Input) -> Answer:
    """Answer whether a refusal of the service was answered rightly (第十三条, D19)."""
    notice = given["notice"]
    known = None
    if notice is not None:
        known = RefusalNotice(
            notice.get("channel"), notice.get("notifier"), notice.get("proof"), notice.get("archived")
        )
    return {"compliant": is_compliant(known), "allowed_channels": list(CHANNELS), "notifier": NOTIFIER}


def covering(given: Input) -> Answer:
    """Answer the coverage (第十三条, D15)."""
    found = coverage(
        int(given["insured"]), int(given.get("refused_with_notice", 0)), int(given["served_at_least_min"])
    )
    rate = None if found.rate is None else str(found.rate)
    return {"denominator": found.denominator, "rate_percent": rate}


def returning(given: Input) -> Answer:
    """Answer what is owed after a refusal was taken back, or was not (第十三条, D15)."""
    found = obligation_after_refusal(
        optional_day(given, "withdrawn_on"),
        day(given["policy_end"]),
        int(given["required"]),
        int(given["completed"]),
    )
    return {"status": str(found.status), "remaining_required": found.remaining_required}


QUESTIONS = (
    Question("hazard", overdue, frozenset({"deadline"}), frozenset({"rectified_on", "today"})),
    Question("hazard", declining, frozenset({"level", "refused_to_rectify"})),
    Question("refusal", notifying, frozenset({"notice"})),
    Question("coverage", covering, frozenset({"insured", "served_at_least_min"})),
    Question("coverage", returning, frozenset({"refused_on", "policy_end", "required", "completed"})),
)
