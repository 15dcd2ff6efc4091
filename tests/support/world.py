"""A small city for flow tests: offices, people, one insured unit, a clock that tests move."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import select

from demo.answering import has_recipe
from demo.offices import Offices, found_offices
from demo.walk import Walker, actor_of
from store.scope import Scope
from store.tables import Case, Person, PlannedVisit, Policy, Policyholder, Subscription, WorkItem
from worker.loop import drain
from workflows.commands import SendToCase
from workflows.handlers.cases import send_to_case
from workflows.handlers.cycles import register_policy
from workflows.people import Actor
from workflows.releases import publish_shipped
from workflows.runtime import Runtime

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EVERYTHING = Scope.everything("a test looks at all rows")
SIGNING_KEY = bytes(range(32))


class Clock(Struct):
    """The clock of a test."""

    at: datetime = START

    def __call__(self) -> datetime:
        """Return the present of the test."""
        return self.at

    def pass_by(self, **duration: float) -> None:
        """Let time pass."""
        self.at += timedelta(**duration)


class World(Struct):
    """One provider, one insurer, one unit with a policy."""

    runtime: Runtime
    clock: Clock
    offices: Offices
    walker: Walker
    policy_id: UUID | None = None
    log: list[str] = field(default_factory=list)

    def register(
        self, premium: str = "45000.00", kind: str = "none", term_end: date = date(2027, 2, 28)
    ) -> UUID:
        """Add a policy of the unit and begin its cycle; return the case's id."""
        with self.runtime.database.write(EVERYTHING, now=self.clock.at) as session:
            owners = {
                "org_id": self.offices.provider,
                "insurer_id": self.offices.insurer,
                "policyholder_id": self.offices.unit,
                "region_code": "330302",
                "industry": kind,
            }
            if session.get(Policyholder, self.offices.unit) is None:
                session.add(
                    Policyholder(
                        organization_id=self.offices.unit,
                        org_id=self.offices.provider,
                        insurer_id=self.offices.insurer,
                        region_code="330302",
                        industry=kind,
                        high_risk_kind=kind,
                        address="鹿城区车站大道 1 号",
                        contact="王建国",
                        mobile="13800000000",
                    )
                )
            policy = Policy(
                number=f"AZX-{premium}",
                written_premium=Decimal(premium),
                collected_premium=Decimal(premium),
                term_start=date(2026, 3, 1),
                term_end=term_end,
                signed_on=date(2026, 3, 1),
                **owners,
            )
            session.add(policy)
            session.flush()
            self.policy_id = policy.id
        case_id = register_policy(self.runtime, self.policy_id)
        assert case_id is not None
        return case_id

    def items(self, case_id: UUID | None = None) -> list[WorkItem]:
        """Return the open work items."""
        return self.walker.open_items(case_id)

    def item(self, step: str) -> WorkItem:
        """Return the one open item of a step."""
        found = [item for item in self.items() if item.step == step]
        assert found, f"no open {step}, open are {[item.step for item in self.items()]}"
        return found[0]

    def reach(self, step: str) -> WorkItem:
        """Return the open item of a step; steps that somebody added in front of it are completed on the way."""
        while added := [item for item in self.items() if not has_recipe(item.step)]:
            self.walker.complete(added[0])
            drain(self.runtime)
        return self.item(step)

    def do(self, step: str, **answers: object) -> None:
        """Complete the open item of a step and let the worker do what follows."""
        self.walker.complete(self.reach(step), **answers)
        self.log.append(step)
        drain(self.runtime)

    def actor(self, login: str) -> Actor:
        """Return the person of this login."""
        with self.runtime.database.read(EVERYTHING) as session:
            return actor_of(session, session.get_one(Person, self.offices.people[login]))

    def send(self, case: Case, message: str, login: str, **answers: object) -> None:
        """Send a case a message by hand, as this person, and let the worker do what follows."""
        with self.runtime.database.read(EVERYTHING) as session:
            waiting = session.scalars(
                select(Subscription).where(Subscription.case_id == case.id, Subscription.name == message)
            ).one()
        command = SendToCase(case.id, waiting.id, answers, f"send-{waiting.id}")
        send_to_case(self.runtime, command, self.actor(login))
        drain(self.runtime)

    def pass_until(self, day: str) -> None:
        """Let time pass until the day after this one (ISO), and let the worker do what is due."""
        self.clock.pass_by(days=(date.fromisoformat(day) - self.clock.at.date()).days + 1)
        drain(self.runtime)

    def steps(self) -> list[str]:
        """Return the steps that are open."""
        return sorted(item.step for item in self.items())

    def cases(self, process: str) -> list[Case]:
        """Return the cases of a process."""
        with self.runtime.database.read(EVERYTHING) as session:
            return list(session.scalars(select(Case).where(Case.process == process).order_by(Case.opened_at)))

    def plans(self) -> list[str]:
        """Return the states of the planned visits, by their number."""
        with self.runtime.database.read(EVERYTHING) as session:
            return list(session.scalars(select(PlannedVisit.state).order_by(PlannedVisit.sequence)))


def small_city(runtime: Runtime) -> World:
    """Release the shipped processes and found the offices."""
    now = runtime.now()
    with runtime.database.write(EVERYTHING, now=now) as session:
        publish_shipped(session, now)
        offices = found_offices(session, now)
    return World(runtime, runtime.clock, offices, Walker(runtime))


GENERAL = {
    "place": "配电间",
    "level": "general",
    "description": "配电箱前堆放杂物",
    "hazard_class": "electricity",
    "cause": "object",
    "suggestion": "立即清理",
    "fixed_on_spot": False,
    "deadline": "+10工作日",
}
"""A general hazard, as the record of a visit tells it."""


def agree(world: World) -> None:
    """Let the unit agree to a scheme."""
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    world.do("approve_scheme", decision="approve")
    world.do("policyholder_confirm_scheme", answer="accept")


def open_first(world: World) -> Case:
    """Return the first visit's case, opened by its timer."""
    (cycle,) = world.cases("service_cycle")
    world.pass_until(cycle.variables["next_visit_start"])
    (visit,) = world.cases("service_visit")
    return visit


def open_visit(world: World, premium: str = "45000.00", kind: str = "none") -> Case:
    """Register a policy and agree a scheme; return the first visit's case, opened by its timer."""
    world.register(premium, kind)
    agree(world)
    return open_first(world)


def arrange(world: World) -> None:
    """Take the opened visit to the answer of the unit."""
    world.do("dispatch_visit")
    world.do("accept_visit", accepted="yes")
    world.do("arrange_pre_contact")
    world.reach("policyholder_confirm_visit")


def arrive(world: World) -> None:
    """Take the visit to the record."""
    world.do("policyholder_confirm_visit", answer="agree")
    world.clock.pass_by(hours=4)
    world.do("check_in", entry_admitted=True)
    world.clock.pass_by(hours=2)


def tell(world: World, **hazard: object) -> str:
    """Take the visit, with one hazard, to its served notice; return the photo of the hazard."""
    photo = world.walker.photo(world.reach("record_visit"))
    world.do("record_visit", hazards=[{**GENERAL, "photos_before": [photo], **hazard}])
    world.do("policyholder_sign_visit")
    world.do("sign_notice")
    world.do("serve_hazard_notice")
    return photo


def archive(world: World) -> None:
    """Take the visit whose hazard is told to its archive; the visit after it is planned."""
    world.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    world.do("compile_records")
    world.do("policyholder_confirm_record", record_answer="agree")
    world.do("provider_sign_record")
    world.do("settle_visit_fee")
