"""What the calendar of duties would have begun lately: reports that were filed, and one of each kind that waits."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from demo.accounts import PROVIDER
from demo.days import Clock
from demo.walk import Walker
from rules.duty_calendar import Start, duties, starts_between
from rules.working_days import published_calendar
from store.scope import Scope
from store.tables import Organization
from workflows.duties import begin_duty_for, moment_of
from workflows.runtime import SHANGHAI, Runtime, legal_day

YEAR = timedelta(days=366)
DAYS_OF_A_STEP = 2
AT_WORK = time(10, 20)


class Lived(Struct, frozen=True):
    """How far the latest case of a process has come by now; those before it are over. `earlier`: how many of them."""

    process: str
    done: tuple[str, ...]
    rest: tuple[str, ...]
    earlier: int = 0


LIVED = (
    Lived("monthly_report", ("analyse_hazards", "approve_monthly_report"), ("receive_monthly_report",), 1),
    Lived("self_review", ("draft_self_review", "review_self_review", "receive_self_review"), ()),
)


def live_duties(runtime: Runtime, clock: Clock) -> None:
    """Let the provider's people do the reports of the last months, each at its time; the clock is put back."""
    present, walker = clock.at, Walker(runtime, seed=7)
    with runtime.database.read(Scope.everything("the provider of the sample is looked up")) as session:
        provider = session.scalars(select(Organization.id).where(Organization.name == PROVIDER)).one()
    for lived in LIVED:
        *before, latest = _last(lived, present)
        for start in before:
            _live(runtime, clock, walker, start, provider, (*lived.done, *lived.rest), present)
        _live(runtime, clock, walker, latest, provider, lived.done, present)
    clock.at = present


def _last(lived: Lived, present: datetime) -> Sequence[Start]:
    own = [duty for duty in duties() if duty.process == lived.process]
    begun = starts_between(legal_day(present - YEAR), legal_day(present), own)
    return [start for start in begun if moment_of(start) <= present][-lived.earlier - 1 :]


def _live(
    runtime: Runtime,
    clock: Clock,
    walker: Walker,
    start: Start,
    provider: UUID,
    steps: Sequence[str],
    present: datetime,
) -> None:
    clock.at = moment_of(start).astimezone(UTC)
    begin_duty_for(runtime, start.duty.process, start.period_key, start.on, provider)
    for step in steps:
        day = published_calendar().add(legal_day(clock.at), DAYS_OF_A_STEP)
        clock.at = min(datetime.combine(day, AT_WORK, SHANGHAI).astimezone(UTC), present)
        (item,) = [item for item in walker.open_items() if item.step == step]
        walker.complete(item, steady=True)
