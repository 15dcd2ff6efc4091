"""Questions on visits owed, counted, ended by surrender, and on the days after (第十四条、第十九条)."""

from datetime import date

from rules.deadlines import archive_due, deadline, return_visit_due, working_days_late
from rules.errors import UnknownWordError
from rules.examples.reading import (
    Answer,
    Input,
    Question,
    dated,
    day,
    day_of_utc,
    decimal,
    optional_day,
    optional_decimal,
)
from rules.parameters import LOCAL_PROFILE, STANDARD_FIRST_DAY
from rules.policy_years import ONE_DAY, anniversary
from rules.visit_counting import (
    Activity,
    ActivityKind,
    ActivityStatus,
    after_surrender,
    count_visits,
    last_effective_day,
)
from rules.visit_quota import (
    PremiumBasis,
    PriorYear,
    Quota,
    QuotaFacts,
    ShortTermRule,
    is_high_risk_kind,
    max_injured,
    visits_owed,
)
from rules.vocabulary import code_of
from rules.working_days import Calendar, published_calendar

OFFLINE = frozenset({"offline", ActivityKind.OFFLINE_VISIT})


def frequency(given: Input) -> Answer:
    """Answer how many visits are owed, tier by tier and year by year (第十四条)."""
    quota = _quota(given)
    first = quota.years[0]
    return {
        "min_offline_visits": quota.required,
        "by_premium": first.by_premium,
        "by_industry": first.by_industry,
        "by_history": first.by_history,
        "policy_days": quota.policy_days,
        "min_offline_visits_per_policy_year": quota.per_policy_year,
        "policy_years": len(quota.years),
        "total": quota.required,
    }


def counting(given: Input) -> Answer:
    """Answer which activities count and what is to be done next (第十四条, D18)."""
    items = [_activity(item) for item in (*given.get("activities", ()), *given.get("visits", ()))]
    first_day = optional_day(given, "policy_start") or date.min
    last_day = optional_day(given, "policy_end") or date.max
    surrendered = optional_day(given, "cancel_effective")
    required = _required(given)
    progress = count_visits(items, required or 0, first_day, last_effective_day(last_day, surrendered))
    known = {"counted": progress.counted, "next_action": str(progress.next_action)}
    return known if required is None else known | {"shortfall": progress.shortfall}


def surrender(given: Input) -> Answer:
    """Answer what a surrender ends and what it leaves to be done (第十二条, D6)."""
    cancelled_on = day(given["cancel_effective"])
    done = {dated(item) for item in given.get("visits_completed") or ()}
    open_days = [dated(item) for item in given.get("visits_scheduled") or ()]
    ended = after_surrender(
        optional_day(given, "policy_end") or date.max,
        cancelled_on,
        (item for item in open_days if item not in done),
    )
    found: Answer = {
        "effective_policy_end": ended.effective_end.isoformat(),
        "tasks_cancelled": len(ended.cancelled),
        "shortfall": ended.shortfall,
        "status": ended.status,
    }
    completed = optional_day(given, "visit_completed")
    return (
        found
        if completed is None
        else found | _due_days(completed, _calendar(given)) | {"still_required": True}
    )


def after_visit(given: Input) -> Answer:
    """Answer when the return visit and the archive are due, and whether one was in time (第十九条)."""
    calendar = _calendar(given)
    found = _due_days(_base_date(given), calendar)
    done = optional_day(given, "return_visit_done")
    if done is None:
        return found
    due = date.fromisoformat(found["return_visit_due"])
    return found | {"on_time": done <= due, "working_days_late": working_days_late(due, done, calendar)}


def _due_days(completed: date, calendar: Calendar) -> Answer:
    both = [deadline(kind, completed, calendar) for kind in ("return_visit", "archive")]
    return {
        "base_date": completed.isoformat(),
        "return_visit_due": return_visit_due(completed, calendar).isoformat(),
        "archive_due": archive_due(completed, calendar).isoformat(),
        "provisional": any(item.provisional for item in both),
    }


def _base_date(given: Input) -> date:
    if "service_completed_utc" in given:
        return day_of_utc(given["service_completed_utc"])
    return day(given["service_completed"] if "service_completed" in given else given["service_end"])


def _calendar(given: Input) -> Calendar:
    through = optional_day(given, "calendar_published_through")
    return published_calendar() if through is None else published_calendar().known_through(through)


def _required(given: Input) -> int | None:
    if given.get("required") is not None:
        return int(given["required"])
    return _quota(given).required if "premium_yuan" in given else None


def _quota(given: Input) -> Quota:
    start = optional_day(given, "policy_start") or STANDARD_FIRST_DAY
    end = optional_day(given, "policy_end") or anniversary(start, 1) - ONE_DAY
    profile = given.get("profile", LOCAL_PROFILE)
    kind, stated = _high_risk_kind(given.get("industry")), given.get("high_risk_industry")
    return visits_owed(
        QuotaFacts(
            premium=decimal(given["premium_yuan"]),
            term_start=start,
            term_end=end,
            is_high_risk=is_high_risk_kind(kind, start, profile) if stated is None else bool(stated),
            high_risk_kind=kind,
            prior_years=(_prior_year(given),),
            profile=profile,
            short_term_rule=ShortTermRule(given.get("short_term_rule", "full")),
            premium_basis=PremiumBasis(given.get("premium_basis", "total")),
        )
    )


def _high_risk_kind(industry: str | None) -> str:
    try:
        return code_of("high_risk_kind", industry or "")
    except UnknownWordError:
        return "none"


def _prior_year(given: Input) -> PriorYear:
    prior = given.get("prior_year") or {}
    accidents = given.get("accidents_last_year") or ()
    return PriorYear(
        deaths=max((prior.get("deaths") or 0, *(item.get("deaths") or 0 for item in accidents))),
        max_injured_in_one_accident=max_injured(
            (prior.get("max_injured_in_one_accident") or 0, *(item.get("injured") or 0 for item in accidents))
        ),
        dishonesty_listing=prior.get("dishonest_or_blacklist"),
        claim_count=prior.get("claim_count"),
        paid=optional_decimal(prior, "paid_yuan"),
        premium=optional_decimal(prior, "prior_premium_yuan"),
    )


def _activity(item: str | Input) -> Activity:
    """Read an activity; a kind, channel or status that is not given is not held against it."""
    if isinstance(item, str):
        return Activity(ActivityKind.OFFLINE_VISIT, day(item), ActivityStatus.COMPLETED)
    is_offline = item.get("kind", item.get("channel", "offline")) in OFFLINE
    kind = ActivityKind.OFFLINE_VISIT if is_offline else ActivityKind.ONLINE_PUSH
    status = item.get("status", ActivityStatus.COMPLETED)
    known = ActivityStatus(status) if status in set(ActivityStatus) else ActivityStatus.PLANNED
    return Activity(kind, day(item["date"]), known)


QUESTIONS = (
    Question("visit_frequency", surrender, frozenset({"cancel_effective"})),
    Question("visit_frequency", counting, any_of=frozenset({"activities", "visits"})),
    Question("visit_frequency", frequency, frozenset({"premium_yuan"})),
    Question(
        "working_days",
        after_visit,
        any_of=frozenset({"service_completed", "service_completed_utc", "service_end"}),
    ),
)
