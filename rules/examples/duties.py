"""Questions on trainings, meetings and reports (第十五条、第二十条、第二十一条、第二十三条)."""

from rules.examples.reading import Answer, Input, Question, dated, day
from rules.exchange import missing_quarters, needs_extra_meeting, severity_of_issue, severity_of_missing
from rules.reporting import HAZARD_DIMENSIONS, JOINT_OFFICE, half_years, self_review_sections
from rules.training import Training, judge_trainings


def trainings(given: Input) -> Answer:
    """Answer whether enough trainings were held (第十五条)."""
    events = [Training(dated(item), held=_was_held(item)) for item in given["events"]]
    found = judge_trainings(int(given["year"]), events)
    return {
        "held": found.held,
        "required": found.required,
        "compliant": not found.shortfall,
        "shortfall": found.shortfall,
    }


def quarters(given: Input) -> Answer:
    """Answer which quarters lack their meeting (第二十条)."""
    missing = missing_quarters(int(given["year"]), map(dated, given["meetings"]))
    severity = severity_of_missing(missing)
    return {"missing_quarters": list(missing), "severity": None if severity is None else str(severity)}


def major_issue(given: Input) -> Answer:
    """Answer whether a major issue still needs its meeting (第二十条)."""
    needed = needs_extra_meeting(day(given["major_issue_on"]), map(dated, given["meetings"]))
    severity = severity_of_issue(needs_meeting=needed)
    return {"needs_extra_meeting": needed, "severity": None if severity is None else str(severity)}


def month_report(_: Input) -> Answer:
    """Answer what the monthly report holds and who receives it (第二十一条)."""
    return {"required_dimensions": list(HAZARD_DIMENSIONS), "recipient": JOINT_OFFICE}


def self_review(given: Input) -> Answer:
    """Answer the periods and parts of the self review (第二十三条)."""
    periods = half_years(int(given["year"]))
    return {
        "periods": [[item.first_day.isoformat(), item.last_day.isoformat()] for item in periods],
        "required_sections": list(self_review_sections()),
        "recipient": JOINT_OFFICE,
    }


def _was_held(event: str | Input) -> bool:
    return isinstance(event, str) or bool(event.get("held", True))


QUESTIONS = (
    Question("training", trainings, frozenset({"year", "events"})),
    Question("exchange", major_issue, frozenset({"major_issue_on", "meetings"})),
    Question("exchange", quarters, frozenset({"year", "meetings"})),
    Question("reporting", month_report, frozenset({"month"})),
    Question("reporting", self_review, frozenset({"year"})),
)
