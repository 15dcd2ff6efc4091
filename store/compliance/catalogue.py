"""What a duty is, how it stands on a day, and which there are: every module beside this one that says `DUTIES`."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

import store.compliance
from rules.working_days import LEGAL_ZONE, Calendar

SOON = 5
"""Working days within which what is still to do counts as a risk."""
MOST = 200
"""The rows that a page shows of a duty; a program gets all."""


class Force(StrEnum):
    """How an article binds (D23): 应 is a duty, 宜 a recommendation."""

    SHALL = "shall"
    SHOULD = "should"


class Standing(StrEnum):
    """How a duty stands, the worst first."""

    BROKEN = "broken"
    AT_RISK = "at_risk"
    TO_JUDGE = "to_judge"
    MET = "met"


class Asked(Struct, frozen=True):
    """As of which day, and whose business; `most` rows of each kind are named."""

    day: date
    calendar: Calendar
    provider_id: UUID | None = None
    insurer_id: UUID | None = None
    policyholder_id: UUID | None = None
    most: int | None = MOST

    @property
    def soon(self) -> date:
        """The last day that is near."""
        return self.calendar.add(self.day, SOON)

    @property
    def year(self) -> tuple[date, date]:
        """The year up to the day."""
        return date(self.day.year, 1, 1), self.day

    @property
    def over(self) -> datetime:
        """The moment at which the day is over."""
        return datetime.combine(self.day + timedelta(days=1), time(), LEGAL_ZONE)

    def of(self, table: type[object]) -> Sequence[ColumnElement[bool]]:
        """Return the conditions that rows with owner columns are of the business that was asked for."""
        wanted = {
            "org_id": self.provider_id,
            "insurer_id": self.insurer_id,
            "policyholder_id": self.policyholder_id,
        }
        return [getattr(table, name) == one for name, one in wanted.items() if one is not None]


class Trace(Struct, frozen=True):
    """A row behind a figure: what it is (`kind` and id lead to its page), what is wrong, since or until when."""

    kind: str
    id: UUID
    title: str
    detail: str
    day: date | None


class Traces(Struct, frozen=True):
    """How many rows there are, and those that are named."""

    count: int = 0
    rows: tuple[Trace, ...] = ()


class Finding(Struct, frozen=True):
    """What was counted: of `total` so many are as they should be; which are not, which soon will not be.

    `told` says it in a sentence with the figures.
    """

    total: int
    met: int
    told: str
    broken: Traces = Traces()
    at_risk: Traces = Traces()


class Duty(Struct, frozen=True, dict=True):
    """What an article asks. `unit` is what is counted; `remedy` says how to mend what is broken.

    `of_units`: whether it can be asked about one policyholder; what offices owe as such cannot.
    """

    key: str
    article: str
    title: str
    unit: str
    remedy: str
    judge: Callable[[Session, Asked], Finding]
    force: Force = Force.SHALL
    of_units: bool = True

    def standing(self, found: Finding) -> Standing:
        """Return how the duty stands; a recommendation is at risk at worst (D23)."""
        if found.broken.count and self.force is Force.SHALL:
            return Standing.BROKEN
        if found.broken.count or found.at_risk.count:
            return Standing.AT_RISK
        return Standing.MET

    @cached_property
    def order(self) -> int:
        """The number of the article."""
        return int(self.article)


@cache
def duties() -> tuple[Duty, ...]:
    """Return every duty, article by article."""
    names = sorted(found.name for found in iter_modules(store.compliance.__path__))
    modules = [import_module(f"store.compliance.{name}") for name in names]
    found = [duty for module in modules for duty in getattr(module, "DUTIES", ())]
    return tuple(sorted(found, key=lambda duty: duty.order))


def duty_of(key: str) -> Duty | None:
    """Return the duty of this key."""
    return next((duty for duty in duties() if duty.key == key), None)
