"""What the calendar of duties would have begun lately, each done; of each kind the latest one waits."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from demo.accounts import PROVIDER
from demo.days import Clock
from demo.offices import INSURER
from demo.walk import Walker, actor_of
from rules.duty_calendar import Start, duties, starts_between
from rules.working_days import published_calendar
from store.scope import Scope
from store.tables import Case, FundEntry, Organization, Person
from worker.timers import fire_due_timers
from workflows.commands import BeginCase
from workflows.duties import begin_duty_for, business_key, moment_of
from workflows.handlers.beginnings import begin_by_form
from workflows.runtime import SHANGHAI, Runtime, legal_day

YEAR = timedelta(days=366)
DAYS_OF_A_STEP = 2
WEEK = timedelta(days=7)
"""How long a case waits in which nobody has anything to do, such as a push for being read."""
AT_WORK = time(10, 20)


class Lived(Struct, frozen=True):
    """How far the latest case of a process has come by now; those before it are over. `earlier`: how many of them."""

    process: str
    done: tuple[str, ...]
    rest: tuple[str, ...]
    earlier: int = 0


LIVED = (
    Lived(
        "fund_filing",
        ("reconcile_fund", "prepare_fund_filing", "approve_fund_filing"),
        ("receive_fund_filing",),
    ),
    Lived(
        "annual_plan",
        (
            "draft_annual_plan",
            "set_fund_plan",
            "insurer_confirm_fund_plan",
            "approve_annual_plan",
            "submit_annual_plan",
            "receive_annual_plan",
        ),
        (),
    ),
    Lived("monthly_report", ("analyse_hazards", "approve_monthly_report"), ("receive_monthly_report",), 1),
    Lived("self_review", ("draft_self_review", "review_self_review", "receive_self_review"), ()),
    Lived(
        "exchange_meeting",
        ("call_meeting", "record_meeting", "approve_minutes"),
        ("track_actions", "track_actions"),
        1,
    ),
    Lived("online_push", ("draft_content",), ("review_content", "fix_contacts"), 2),
)


def live_duties(runtime: Runtime, clock: Clock) -> None:
    """Let people do the plan, the filing and the reports of late, each at its time; the clock is put back."""
    present, walker = clock.at, Walker(runtime, seed=7)
    with runtime.database.read(Scope.everything("the offices of the sample are looked up")) as session:
        named = select(Organization.kind, Organization.id).where(Organization.name.in_((PROVIDER, INSURER)))
        offices = {row.kind: row.id for row in session.execute(named)}
    for lived in LIVED:
        *before, latest = _last(lived, present)
        for start in before:
            _live(runtime, clock, walker, start, offices, (*lived.done, *lived.rest), present)
        _live(runtime, clock, walker, latest, offices, lived.done, present)
    clock.at = present
    _revise_plan(runtime, walker)
    _reverse_entry(runtime)


def _revise_plan(runtime: Runtime, walker: Walker) -> None:
    """Let the coordinator revise the filed plan; it waits for the insurer."""
    reason = {"reason": "四季度增加有限空间专项排查，费用要超出原计划"}
    case_id = _begin(runtime, "coordinator", "annual_plan", "plan_revised", reason)
    for _ in range(2):
        (item,) = walker.open_items(case_id)
        walker.complete(item, steady=True)


def _reverse_entry(runtime: Runtime) -> None:
    """Let the provider's finance ask for a reversal of the latest payment; it waits for the manager."""
    paid = select(FundEntry.number).where(FundEntry.kind == "expense").order_by(FundEntry.number.desc())
    with runtime.database.read(Scope.everything("a payment of the sample is looked up")) as session:
        number = session.scalars(paid.limit(1)).first()
    if number is not None:
        said = {"entry_number": number, "reason": "金额多写了一位，冲销后另记"}
        _begin(runtime, "provider_finance", "fund_reversal", "reversal_asked", said)


def _begin(runtime: Runtime, login: str, process: str, start: str, said: Mapping[str, object]) -> UUID:
    with runtime.database.read(Scope.everything("a person of the sample is looked up")) as session:
        actor = actor_of(session, session.scalars(select(Person).where(Person.login == login)).one())
    return begin_by_form(runtime, BeginCase(process, start, None, said, f"sample-{process}"), actor)


def _last(lived: Lived, present: datetime) -> Sequence[Start]:
    own = [duty for duty in duties() if duty.process == lived.process]
    begun = starts_between(legal_day(present - YEAR), legal_day(present), own)
    return [start for start in begun if moment_of(start) <= present][-lived.earlier - 1 :]


def _live(
    runtime: Runtime,
    clock: Clock,
    walker: Walker,
    start: Start,
    offices: Mapping[str, UUID],
    steps: Sequence[str],
    present: datetime,
) -> None:
    clock.at = moment_of(start).astimezone(UTC)
    office = offices[start.duty.objects[0]]
    begin_duty_for(runtime, start.duty.process, start.period_key, start.on, office)
    with runtime.database.read(Scope.everything("the case of the duty is looked up")) as session:
        begun = select(Case.id).where(Case.business_key == business_key(start, office))
        case_id = session.scalars(begun.where(Case.process == start.duty.process)).one()
    for step in steps:
        day = published_calendar().add(legal_day(clock.at), DAYS_OF_A_STEP)
        clock.at = min(datetime.combine(day, AT_WORK, SHANGHAI).astimezone(UTC), present)
        if not walker.open_items(case_id):
            clock.at = min(clock.at + WEEK, present)
            fire_due_timers(runtime)
        for item in [item for item in walker.open_items(case_id) if item.step == step]:
            walker.complete(item, steady=True)
        fire_due_timers(runtime)
