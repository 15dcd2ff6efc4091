"""The months before the present: policies arrive, people do their steps, units surrender, the clock moves on."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import groupby, islice
from operator import attrgetter, itemgetter

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from demo.accounts import let_in
from demo.batching import BatchedDatabase
from demo.city import Unit
from demo.days import Clock, Days
from demo.duties import live_duties
from demo.gatherings import live_trainings
from demo.life import Life
from demo.offices import found_experts, found_library, found_offices
from demo.rosters import found_rosters
from demo.sheets import workbook
from demo.stories import Story
from demo.walk import Walker, actor_of
from store.scope import Scope
from store.tables import Organization, Person, Policy
from worker.loop import drain, tick
from workflows.accounts import add_person
from workflows.handlers.policies import SurrenderPolicy, surrender_policy
from workflows.handlers.timers import next_due
from workflows.people import Actor
from workflows.registers import import_register
from workflows.releases import publish_shipped
from workflows.runtime import Runtime, legal_day

MOVING = ("deliver_message", "register_policies", "register_policy")
"""The jobs that move cases; papers are printed later, by the worker."""

AT_ONCE = 60
"""So many sittings are one transaction, or so many rounds of the worker."""

_EVERYTHING = Scope.everything("sample data is loaded")

Tell = Callable[[str], None]
News = tuple[date, Callable[[], None]]


class Walked(Struct, frozen=True):
    """A unit whose story is lived, and the day on which its policy is registered."""

    story: Story
    unit: Unit
    registered: date


class Past:
    """One loading: the clock that it moves, the people who act in it."""

    def __init__(self, runtime: Runtime, days: Days, tell: Tell) -> None:
        """Load into the runtime's database, as seen from the present of the days."""
        self._days, self._tell = days, tell
        self._clock = Clock(days.present)
        self._database = BatchedDatabase(runtime.database)
        self._runtime = replace(runtime, clock=self._clock, database=self._database)
        self._people: dict[str, Actor] = {}
        self._wake: datetime | None = None

    def live(self, walked: Sequence[Walked]) -> None:
        """Found the offices and let the units live their stories up to the present."""
        walked = sorted(walked, key=attrgetter("registered"))
        sittings = self._days.sittings(walked[0].registered)
        self._clock.at = next(self._days.sittings(walked[0].registered))
        self._found(walked)
        life = Life(Walker(self._runtime, seed=7), self._days)
        news = deque(sorted(self._news(walked, life), key=itemgetter(0)))
        while some := list(islice(sittings, AT_ONCE)):
            self._tell(f"  {some[0]:%Y-%m-%d} 至 {some[-1]:%Y-%m-%d}")
            with self._database.batch(_EVERYTHING):
                for self._clock.at in some:
                    self._sit(life, news)
        self._clock.at = self._days.present

    def register(self, register: str, title: str, rows: Iterable[dict[str, str]]) -> None:
        """Import a register from a sheet, as the provider's manager does."""
        sheet = workbook(register, rows)
        import_register(self._runtime, register, sheet, f"{title}.xlsx", self._people["provider_manager"])

    def move_on(self) -> None:
        """Let the worker move cases until none wants to move."""
        done, moved = 0, 1
        while moved:
            with self._database.batch(_EVERYTHING):
                moved = sum(tick(self._runtime, MOVING) for _ in range(AT_ONCE))
            done += moved
            self._tell(f"  {done}")

    def report(self) -> None:
        """Let the provider file the reports of the last months."""
        with self._database.batch(_EVERYTHING):
            live_duties(self._runtime, self._clock)

    def gather(self) -> None:
        """Let the provider hold its trainings of the last months."""
        with self._database.batch(_EVERYTHING):
            live_trainings(self._runtime, self._clock)

    def _found(self, walked: Sequence[Walked]) -> None:
        """Found the offices, the experts, and accounts of the walked units, whose contacts confirm themselves."""
        now = self._clock.at
        with self._database.write(_EVERYTHING, now=now) as session:
            publish_shipped(session, now)
            offices = found_offices(session, now)
            found_library(session)
            found_experts(session, offices, now)
            found_rosters(session, offices, now)
            for login, person_id in offices.people.items():
                self._people[login] = actor_of(session, session.get_one(Person, person_id))
        self.register("policyholders", "投保单位", (each.unit.holder for each in walked))
        with self._database.write(_EVERYTHING, now=now) as session:
            contacts = {each.unit.holder["uscc"]: each.unit.holder["contact"] for each in walked}
            units = select(Organization.uscc, Organization.id).where(
                Organization.uscc.in_(contacts), Organization.id != offices.unit
            )
            rows = session.execute(units.order_by(Organization.uscc)).all()
            people = [
                add_person(
                    session,
                    login=f"unit_{number}",
                    name=contacts[uscc or ""],
                    roles=("policyholder",),
                    org_id=unit_id,
                    password=None,
                    now=now,
                )
                for number, (uscc, unit_id) in enumerate(rows, 1)
            ]
            let_in(people, now)

    def _news(self, walked: Sequence[Walked], life: Life) -> Iterator[News]:
        """Give what happens on which day: sheets with policies arrive, units surrender."""
        for day, arriving in groupby(walked, key=attrgetter("registered")):
            yield day, partial(self._arrive, list(arriving), life)
        for each in walked:
            if each.story.surrender is not None:
                yield self._days.ago(each.story.surrender), partial(self._surrender, each.unit)

    def _arrive(self, walked: Sequence[Walked], life: Life) -> None:
        self.register("policies", "保单", (each.unit.policy for each in walked))
        for each in walked:
            life.follow(self._policy(each.unit).id, each.story)

    def _surrender(self, unit: Unit) -> None:
        """End the policy as from today; the insurer pays back what is left of the premium."""
        policy, today = self._policy(unit), legal_day(self._clock.at)
        left, term = (policy.term_end - today).days + 1, (policy.term_end - policy.term_start).days + 1
        refunded = (policy.written_premium * left / term).quantize(Decimal("0.01"))
        command = SurrenderPolicy(policy.id, today, refunded, "单位停产，申请退保")
        surrender_policy(self._runtime, command, self._people["insurer"])

    def _policy(self, unit: Unit) -> Policy:
        with self._database.read(_EVERYTHING) as session:
            return session.scalars(select(Policy).where(Policy.number == unit.policy["number"])).one()

    def _sit(self, life: Life, news: deque[News]) -> None:
        """Let everybody look at the inbox once, after the day's news and what the worker makes of it."""
        today = legal_day(self._clock.at)
        while news and news[0][0] <= today:
            news.popleft()[1]()
            self._wake = self._clock.at
        if self._wake is not None and self._wake <= self._clock.at:
            drain(self._runtime, kinds=MOVING)
            self._wake = next_due(self._runtime)
            life.stirs()
        if life.sit_down(today):
            self._wake = self._clock.at
