"""When each duty is due, and when whom to remind of it; the kinds are those that diagrams name.

Working-day terms start on the day after the anchor and end with their last day in Beijing (D1). The number in
force on the anchor day governs, however late the duty is recorded (D24).
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from rules.errors import MissingFactError, UnknownKindError
from rules.parameters import MonthDay, month_days, number, offsets, standard_day
from rules.working_days import Calendar

AGREED = "agreed"
NATURAL_KINDS = frozenset({"rectification"})  # its days are natural ones, however they read (D17)
MIDYEAR_MONTH = 6
DECEMBER = 12

T = TypeVar("T")


class DeadlineRule(Struct, frozen=True):
    """How one kind is counted: its parameter, who hears of it when it is missed, its force.

    `yearly` kinds end on a fixed day of the year, `years_later` years after the anchor's.
    """

    parameter: str
    escalate_to: tuple[str, ...]
    statutory: bool = False
    yearly: bool = False
    years_later: int = 0


class Deadline(Struct, frozen=True):
    """A duty's last day (inclusive), the row it comes from, and whether the calendar may still move it."""

    kind: str
    anchor: date
    due: date
    provisional: bool
    parameter_row: str
    statutory: bool
    working_days: bool
    calendar_version: str
    escalate_to: tuple[str, ...]

    def no_later_than(self, day: date | None) -> "Deadline":
        """Return this deadline, ended by the day on which what it prepares takes place; never before its anchor.

        The calendar moves a day that was agreed no more.
        """
        if day is None or self.due <= day:
            return self
        return replace(self, due=max(self.anchor, day), provisional=False)


class Reminder(Struct, frozen=True):
    """A day on which to remind the holder, or to tell `escalate_to`; `label` is a word of reminder_label."""

    on: date
    escalate_to: str | None
    label: str


RULES: Mapping[str, DeadlineRule] = {
    "scheme": DeadlineRule("scheme_days", ("provider_manager",)),
    "scheme_confirm": DeadlineRule("scheme_confirm", ("provider_manager",)),
    "visit_accept": DeadlineRule("visit_accept", ("coordinator",)),
    "pre_contact_confirm": DeadlineRule("pre_contact_confirm", ("coordinator",)),
    "notice_major": DeadlineRule("notice_major", ("provider_manager",)),
    "notice_general": DeadlineRule("notice_general", ("provider_manager",)),
    "return_visit": DeadlineRule("return_visit_days", ("provider_manager",), statutory=True),
    "archive": DeadlineRule("archive_days", ("provider_manager",), statutory=True),
    "rectification_plan": DeadlineRule("rectification_plan", ("coordinator",)),
    "rectification": DeadlineRule(AGREED, ("coordinator",)),
    "recheck": DeadlineRule("recheck_{level}", ("coordinator",)),
    "refusal_notice": DeadlineRule("refusal_notice_days", ("insurer", "provider_manager")),
    "complaint_reply": DeadlineRule("complaint_reply", ("complaint_officer",)),
    "complaint_verify": DeadlineRule("complaint_verify", ("complaint_officer",)),
    "complaint_extension": DeadlineRule("complaint_extend_max", ("complaint_officer",)),
    "month_report_prepare": DeadlineRule("month_report_prepare", ("provider_manager",)),
    "month_report": DeadlineRule("month_report_due", ("provider_manager",)),
    "self_review": DeadlineRule("self_review_due", ("provider_manager",), yearly=True),
    "improvement": DeadlineRule("self_review_due", ("provider_manager",), yearly=True),
    "annual_plan": DeadlineRule("annual_plan_due", ("provider_manager",), yearly=True),
    "fund_filing": DeadlineRule("fund_filing_due", ("insurer",), statutory=True, yearly=True, years_later=1),
    "assessment_materials": DeadlineRule(
        "assessment_materials_due", ("provider_manager", "insurer"), yearly=True
    ),
    "assessment": DeadlineRule("assessment_result_due", ("joint_office",), yearly=True),
    "appeal": DeadlineRule("appeal_days", ("joint_office",)),
    "meeting_extra": DeadlineRule("extra_meeting_days", ("provider_manager",)),
    "meeting_quarter": DeadlineRule(AGREED, ("provider_manager",)),
    "action": DeadlineRule(AGREED, ("provider_manager",)),
}
# Kind → the parameter rows that say when to remind before or on the last day; other kinds: on the last day.
REMIND: Mapping[str, tuple[str, ...]] = {
    "return_visit": ("remind_return_visit",),
    "archive": ("remind_archive",),
    "complaint_reply": ("remind_complaint",),
    "annual_plan": ("remind_annual_plan",),
    "fund_filing": ("remind_fund_filing",),
    "self_review": ("remind_self_review",),
    "improvement": ("remind_self_review",),
    "rectification": ("remind_hazard", "remind_hazard_overdue"),
    "visit": ("remind_visit",),
    "shortfall": ("remind_shortfall",),
    "rate_evidence": ("remind_rate_evidence",),
    "expiry": ("remind_expiry",),
    "quarter": ("remind_quarter",),
}


def kinds_of(name: str) -> tuple[str, ...]:
    """Return the kinds that a step's deadline stands for: its own, or all of that family (notice)."""
    if name in RULES or name in REMIND:
        return (name,)
    return tuple(kind for kind in RULES if kind.startswith(f"{name}_"))


def deadline(
    kind: str, anchor: date, calendar: Calendar, *, due: date | None = None, level: str | None = None
) -> Deadline:
    """Return the deadline of that kind for a duty that arose on `anchor`.

    第六条、第十三条、第十六条至第二十四条. The `anchor` of a report is any day of its period. `due` is
    the day of a kind whose end is agreed (rectification, action), given by its
    period (meeting_quarter) or granted (complaint_extension); `level` tells
    a recheck of a major hazard from one of a general hazard.

    Raises: UnknownKindError; MissingFactError if the kind needs `due` or `level`.
    """
    rule = RULES.get(kind)
    if rule is None:
        raise UnknownKindError(kind=kind)
    if rule.parameter == AGREED:
        return _deadline(kind, anchor, _needed(kind, "due", due), calendar, rule, AGREED)
    if rule.yearly:
        row = month_days(rule.parameter, standard_day(anchor))
        return _deadline(kind, anchor, _yearly_day(row.value, anchor, rule), calendar, rule, row.row_id)
    name = rule.parameter
    if "{level}" in name:
        name = name.format(level=_needed(kind, "level", level))
    term = number(name, standard_day(anchor))
    last_day = due or _COUNT[term.unit](anchor, term.value, calendar)
    return _deadline(kind, anchor, last_day, calendar, rule, term.row_id, counted=term.unit == "working_days")


def return_visit_due(completed: date, calendar: Calendar) -> date:
    """Return the last day for the return visit (第十九条: within 10 working days after completion)."""
    return deadline("return_visit", completed, calendar).due


def archive_due(completed: date, calendar: Calendar) -> date:
    """Return the last day for archiving (第十九条: within 20 working days after completion)."""
    return deadline("archive", completed, calendar).due


def working_days_late(due: date, done: date, calendar: Calendar) -> int:
    """Return the working days in (due, done], 0 if done in time (第十九条, D1)."""
    return calendar.between(due, done)


def reminders(kind: str, anchor: date, due: date, calendar: Calendar) -> tuple[Reminder, ...]:
    """Return the reminders of that deadline in order of their days, none before `anchor` (第十九条 and D11).

    Besides the kinds of deadlines: visit (a visit's day), shortfall and rate_evidence (the end of a policy),
    expiry (of a filing, contract or certificate), quarter (the last day of a quarter).

    Raises: UnknownKindError.
    """
    if kind not in RULES and kind not in REMIND:
        raise UnknownKindError(kind=kind)
    days = {due} if kind not in REMIND else set()
    for name in REMIND.get(kind, ()):
        days |= set(_reminder_days(name, anchor, due, calendar))
    if kind == "fund_filing":
        days.add(calendar.last_working_day_on_or_before(due))
    told = [Reminder(day, None, _label(day, due)) for day in days if day <= due]
    late = [Reminder(day, rank, "overdue") for day, rank in _escalations(kind, days, anchor, due, calendar)]
    return tuple(sorted((item for item in (*told, *late) if item.on >= anchor), key=_reminder_order))


def _needed(kind: str, fact: str, given: T | None) -> T:
    if given is None:
        raise MissingFactError(rule=kind, fact=fact)
    return given


def _deadline(
    kind: str,
    anchor: date,
    due: date,
    calendar: Calendar,
    rule: DeadlineRule,
    row_id: str,
    *,
    counted: bool = False,
) -> Deadline:
    return Deadline(
        kind=kind,
        anchor=anchor,
        due=due,
        provisional=counted and calendar.is_provisional(due),
        parameter_row=row_id,
        statutory=rule.statutory,
        working_days=counted,
        calendar_version=calendar.version,
        escalate_to=rule.escalate_to,
    )


def _yearly_day(days: tuple[MonthDay, ...], anchor: date, rule: DeadlineRule) -> date:
    """Give the only day of the year, or of two (half-years) the one that follows the anchor's half."""
    year = anchor.year + rule.years_later
    if len(days) == 1 or anchor.month <= MIDYEAR_MONTH:
        return days[0].of(year)
    return days[1].of(year + 1)


def _day_of_next_month(anchor: date, day: int) -> date:
    if anchor.month == DECEMBER:
        return date(anchor.year + 1, 1, day)
    return date(anchor.year, anchor.month + 1, day)


_COUNT: Mapping[str, Callable[[date, int, Calendar], date]] = {
    "working_days": lambda anchor, days, calendar: calendar.add(anchor, days),
    "days": lambda anchor, days, _: anchor + timedelta(days=days),
    "day_of_next_month": lambda anchor, day, _: _day_of_next_month(anchor, day),
}


def _reminder_days(name: str, anchor: date, due: date, calendar: Calendar) -> list[date]:
    on = standard_day(anchor)
    if name in _IN_THE_YEAR:
        return [day.of(due.year) for day in month_days(name, on).value]
    if name in _IN_THE_MONTH:
        return [day.of(due.year) for day in month_days(name, on).value if day.month == due.month]
    row = offsets(name, on)
    if row.unit == "working_days_after":
        return [calendar.add(anchor, days) for days in row.value]
    direction = -1 if row.unit == "days_before" else 1
    return [due + timedelta(days=direction * days) for days in row.value]


_IN_THE_YEAR = frozenset({"remind_annual_plan", "remind_fund_filing"})
_IN_THE_MONTH = frozenset({"remind_self_review"})


def _escalations(
    kind: str, days: set[date], anchor: date, due: date, calendar: Calendar
) -> list[tuple[date, str]]:
    """Give who is told on which day that the duty is overdue; nobody for kinds that only remind."""
    rule = RULES.get(kind)
    if rule is None:
        return []
    late = sorted(day for day in days if day > due) or [due + timedelta(days=1)]
    told = [(day, role) for day in late for role in rule.escalate_to]
    if kind in {"return_visit", "archive"}:
        grace = number("insurer_escalation_days", standard_day(anchor)).value
        told.append((calendar.add(due, grace), "insurer"))
    return told


def _label(day: date, due: date) -> str:
    return "due_today" if day == due else "upcoming"


def _reminder_order(reminder: Reminder) -> tuple[date, str]:
    return reminder.on, reminder.escalate_to or ""
