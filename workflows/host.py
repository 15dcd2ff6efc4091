"""What the engine may ask of us while a case moves: operations, and functions for FEEL."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy.exc import DBAPIError, OperationalError

import feel
from rules.working_days import Calendar
from workflows.acts import Act
from workflows.catalogue import find_operation
from workflows.engine import DecisionFile
from workflows.errors import OperationBrokenError
from workflows.patterns import compile_pattern
from workflows.pinned import decision_of
from workflows.runtime import SHANGHAI, end_of_day, legal_day

MOST_DAYS = 3_660
LAST_YEAR = 9_900


def feel_functions(calendar: Calendar, now: datetime) -> dict[str, feel.HostFunction]:
    """Return the host functions: working days of the calendar, and the ends of a legal day as moments."""

    def start_of_day(day: object) -> datetime:
        return datetime.combine(_day(day), time(), SHANGHAI)

    def end_of(day: object) -> datetime:
        return end_of_day(_day(day))

    def add_working_days(day: object, days: Decimal) -> date:
        return calendar.add(_day(day), _count(days))

    def working_days(days: Decimal) -> datetime:
        return end_of_day(calendar.add(legal_day(now), _count(days)))

    return {
        "start of day": feel.HostFunction(("date",), start_of_day, ("date",)),
        "end of day": feel.HostFunction(("date",), end_of, ("date",)),
        "add workdays": feel.HostFunction(("date", "days"), add_working_days, ("date", "number")),
        "workdays": feel.HostFunction(("days",), working_days, ("number",)),
    }


def _day(day: object) -> date:
    """Return a day that can be counted on from. Raises: ValueError."""
    if not isinstance(day, date) or day.year > LAST_YEAR:
        raise ValueError(f"{feel.format_value(day)} 不在公元 1 年到 {LAST_YEAR} 年之间")
    return day


def _count(days: Decimal) -> int:
    """Return a number of days. Raises: ValueError if it is no whole number, or beyond ten years."""
    if days != days.to_integral_value() or not 0 <= days <= MOST_DAYS:
        raise ValueError(f"天数要是 0 到 {MOST_DAYS} 的整数")
    return int(days)


def feel_host(calendar: Calendar, now: datetime) -> feel.Host:
    """Return the FEEL host of one command."""
    return feel.Host(
        functions=feel_functions(calendar, now),
        patterns=compile_pattern,
        now=now.astimezone(SHANGHAI),
    )


class OperationHost:
    """The engine's host for one command: each call of an operation becomes an event of the case."""

    def __init__(self, act: Act) -> None:
        """Serve the engine within this command."""
        self._act = act
        self._feel = feel_host(act.calendar, act.now)

    @property
    def feel(self) -> feel.Host:
        """Return the FEEL host."""
        return self._feel

    def call(self, operation: str, inputs: dict[str, object], element: str) -> dict[str, object]:
        """Run an operation of the catalogue.

        Raises whatever the operation raises; of what the database refuses only its kind, for its text has values.
        """
        entry = find_operation(operation, element)
        act, actor = self._act, self._act.actor
        act.element, act.actor = element, act.signer or actor
        try:
            return dict(entry.run(act, inputs))
        except OperationalError:
            raise
        except DBAPIError as error:
            raise OperationBrokenError(type(error).__name__) from error
        finally:
            act.actor = actor

    def decision(self, name: str) -> DecisionFile:
        """Return the DMN file of the case's release that holds the decision. Raises: NotFoundError."""
        return decision_of(self._act.session, self._act.case.release_id, name)
