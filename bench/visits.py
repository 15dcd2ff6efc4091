"""A provider with visits to complete: the cases of P3 that the benchmarks move, step by step."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import select

from demo.answering import Cook
from demo.files import SampleFiles
from demo.offices import Offices, found_offices
from demo.walk import actor_for
from store.database import Database
from store.files import FileStore
from store.migrate import upgrade
from store.scope import Scope
from store.tables import Case, Policy, Policyholder, Visit, WorkItem
from workflows.acts import Opening
from workflows.advance import begin_case, new_act
from workflows.answering import answering_context
from workflows.commands import CompleteWorkItem
from workflows.people import SYSTEM, Actor
from workflows.releases import form_of, publish_shipped
from workflows.runtime import SHANGHAI, Runtime, wall_clock
from workflows.statuses import DONE
from workflows.subjects import owners_of

SCOPE = Scope.everything("a benchmark")
STEPS = 11
"""Steps of one visit without hazards, from dispatch to the provider's signature."""

FIXED: Mapping[str, Mapping[str, object]] = {
    "accept_visit": {"accepted": "yes"},
    "policyholder_confirm_visit": {"answer": "agree"},
    "check_in": {"entry_admitted": True},
    "record_visit": {"hazards": []},
    "make_return_visit": {"reached": True, "satisfaction": "5", "complaint_raised": False},
    "policyholder_confirm_record": {"record_answer": "agree"},
    "plan_rectification": {"answer": "accept"},
    "recheck_hazard": {"result": "passed"},
}
WAITS = {"check_in": 4, "record_visit": 2}


class Clock(Struct):
    """The clock of a benchmark."""

    at: datetime

    def __call__(self) -> datetime:
        """Return the present."""
        return self.at


class Visits(Struct):
    """A database with offices and one unit; `open` adds a visit, `next_command` says what its people do."""

    runtime: Runtime
    clock: Clock
    offices: Offices
    dice: Random = field(default_factory=lambda: Random(1))
    count: int = 0

    def open(self) -> UUID:
        """Add a policy with one planned visit and begin the visit's case; return the case's id."""
        self.count += 1
        now = self.clock.at
        with self.runtime.database.write(SCOPE, now=now) as session:
            policy = self._policy()
            session.add(policy)
            session.flush()
            visit = Visit(
                number=f"FW-{self.count:05d}",
                policy_id=policy.id,
                sequence=1,
                planned_on=now.date(),
                responsible_org_id=policy.org_id,
                **self._owners(),
            )
            session.add(visit)
            session.flush()
            return begin_case(self.runtime, session, _opening(policy, visit), SYSTEM, now).id

    def add_policies(self, count: int) -> list[UUID]:
        """Add policies of the unit whose service cycles have not begun; return their ids."""
        with self.runtime.database.write(SCOPE, now=self.clock.at) as session:
            policies = []
            for _ in range(count):
                self.count += 1
                policies.append(self._policy())
            session.add_all(policies)
        return [policy.id for policy in policies]

    def next_command(
        self, case_id: UUID, hazards: Sequence[Mapping[str, object]] = ()
    ) -> tuple[WorkItem, CompleteWorkItem, Actor]:
        """Return the case's oldest open step, what its holder sends, and who that is.

        The record of the visit tells these hazards, each with a photo.
        """
        with self.runtime.database.read(SCOPE) as session:
            item = session.scalars(
                select(WorkItem)
                .where(WorkItem.case_id == case_id, WorkItem.status < DONE)
                .order_by(WorkItem.opened_at, WorkItem.id)
                .limit(1)
            ).one()
            self.clock.at += timedelta(hours=WAITS.get(item.step, 0), minutes=1)
            actor = actor_for(session, item)
            act = new_act(self.runtime, session, session.get_one(Case, case_id), actor, self.clock.at)
            files = SampleFiles(self.runtime)
            cook = Cook(answering_context(act), self.dice, lambda kind: files.make(kind, actor))
            fixed = dict(FIXED.get(item.step, {}))
            if item.step == "record_visit" and hazards:
                photo = files.make("photo", actor)
                fixed["hazards"] = [{**hazard, "photos_before": [photo]} for hazard in hazards]
            answers = cook.answers(form_of(session, item.form_sha256), fixed)
        files.upload()
        return item, CompleteWorkItem(item.id, item.version, answers, f"bench-{item.id}"), actor

    def _owners(self) -> dict[str, object]:
        offices = self.offices
        return {
            "org_id": offices.provider,
            "insurer_id": offices.insurer,
            "policyholder_id": offices.unit,
            "region_code": "330302",
            "industry": "none",
        }

    def unit(self) -> Policyholder:
        """Return the unit that all visits go to."""
        owners = self._owners()
        return Policyholder(
            organization_id=owners.pop("policyholder_id"),
            high_risk_kind="none",
            address="鹿城区车站大道 1 号",
            contact="王建国",
            mobile="13800000000",
            **owners,
        )

    def _policy(self) -> Policy:
        return Policy(
            number=f"AZX-{self.count:05d}",
            written_premium=Decimal("45000.00"),
            collected_premium=Decimal("45000.00"),
            term_start=self.clock.at.date(),
            term_end=self.clock.at.date() + timedelta(days=364),
            signed_on=self.clock.at.date(),
            **self._owners(),
        )


def _opening(policy: Policy, visit: Visit) -> Opening:
    return Opening(
        process="service_visit",
        business_key=str(visit.id),
        number=visit.number,
        title=f"第 {visit.sequence} 次服务",
        variables={
            "visit_id": str(visit.id),
            "policy_id": str(policy.id),
            "sequence": visit.sequence,
            "planned_on": visit.planned_on,
            "policy_end": policy.term_end,
            "permission_granted": False,
        },
        subject=owners_of(policy, policy_id=policy.id, visit_id=visit.id),
    )


def found(database: Database, folder: Path) -> Visits:
    """Bring an empty database to where visits can be opened."""
    clock = Clock(tomorrow_morning())
    upgrade(database)
    runtime = Runtime(database, FileStore(folder), clock)
    with database.write(SCOPE, now=clock.at) as session:
        publish_shipped(session, clock.at)
        offices = found_offices(session, clock.at)
        visits = Visits(runtime, clock, offices)
        session.add(visits.unit())
    return visits


def tomorrow_morning() -> datetime:
    """Return a moment whose deadlines lie ahead by the wall's clock too: the library reads no other."""
    day = wall_clock().astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(day, time(9), SHANGHAI)
