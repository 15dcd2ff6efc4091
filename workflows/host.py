"""What the engine may ask of us while a case moves: operations, and functions for FEEL."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import feel
from rules.working_days import Calendar
from workflows.acts import Act
from workflows.catalogue import find_operation
from workflows.patterns import compile_pattern
from workflows.releases import decision_of
from workflows.runtime import SHANGHAI, legal_day


def feel_functions(calendar: Calendar, now: datetime) -> dict[str, feel.HostFunction]:
    """Return the host functions: working days of the calendar, and the ends of a legal day as moments."""

    def start_of_day(day: date | None) -> datetime | None:
        return None if day is None else datetime.combine(day, time(), SHANGHAI)

    def end_of_day(day: date | None) -> datetime | None:
        return None if day is None else datetime.combine(day + timedelta(days=1), time(), SHANGHAI)

    def add_working_days(day: date | None, days: Decimal | int) -> date | None:
        return None if day is None else calendar.add(day, int(days))

    def working_days(days: Decimal | int) -> datetime | None:
        return end_of_day(calendar.add(legal_day(now), int(days)))

    return {
        "start of day": feel.HostFunction(("date",), start_of_day),
        "end of day": feel.HostFunction(("date",), end_of_day),
        "add workdays": feel.HostFunction(("date", "days"), add_working_days),
        "workdays": feel.HostFunction(("days",), working_days),
    }


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
        """Run an operation of the catalogue. Raises whatever the operation raises."""
        entry = find_operation(operation, element)
        self._act.element = element
        return dict(entry.run(self._act, inputs))

    def decision(self, name: str) -> bytes:
        """Return the DMN file of the case's release that holds the decision. Raises: NotFoundError."""
        return decision_of(self._act.session, self._act.case.release_id, name)
