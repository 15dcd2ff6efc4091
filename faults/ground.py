"""The ground of a run: a provider, a unit with an agreed scheme, two people of an office; visits are opened on it."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from bench.visits import FIXED, SCOPE
from demo.accounts import let_in
from demo.offices import Offices, found_offices
from demo.walk import Walker
from faults.person import Command, Fields
from forms.initial import as_texts
from store import revision
from store.migrate import upgrade
from store.tables import Case, Person, Policy, Policyholder, Timer, WorkItem
from worker.loop import drain
from workflows.accounts import add_person
from workflows.advance import new_act
from workflows.answering import answering_context
from workflows.handlers.cycles import register_policy
from workflows.releases import form_of, publish_shipped
from workflows.runtime import SHANGHAI, Runtime
from workflows.statuses import DONE

SECONDS = ("coordinator", "return_visitor", "provider_manager", "policyholder")
"""Accounts that have a colleague of the same role in the same office."""

_AGREED: Mapping[str, Mapping[str, object]] = {
    "confirm_unit_facts": {"is_key": False},
    "draft_scheme": {},
    "approve_scheme": {"decision": "approve"},
    "policyholder_confirm_scheme": {"answer": "accept"},
}


class Ground(Struct):
    """What the clients of a run know: who there is, and what each step asks."""

    runtime: Runtime
    walker: Walker
    logins: dict[UUID, str]
    cycle_id: UUID
    dice: Random
    numbers: Iterator[int]

    def opening(self) -> Command:
        """Return the command that opens one more visit (加单)."""
        key = self._key("visit")
        fields = [
            ("planned_on", self.runtime.now().astimezone(SHANGHAI).date().isoformat()),
            ("reason", f"故障演练第 {key} 次"),
            ("key", key),
        ]
        path = f"/cases/{self.cycle_id}/openings/visit"
        return Command("coordinator", path, fields, key, "open_visit", self.cycle_id)

    def next_step(self, case_id: UUID) -> Command | None:
        """Return what the holder of the case's oldest open step sends; None if no step is open."""
        item = next(iter(self.walker.open_items(case_id)), None)
        if item is None:
            return None
        filled, actor = self.walker.filled(item, steady=True, **FIXED.get(item.step, {}))
        with self.runtime.database.read(SCOPE) as session:
            case = session.get_one(Case, case_id)
            context = answering_context(new_act(self.runtime, session, case, actor, self.runtime.now()))
            texts = as_texts(form_of(session, item.form_sha256), filled.answers, context)
        key = self._key("step")
        fields = [("key", key), ("version", str(item.version)), *_flat("", texts)]
        login = self.logins[actor.person_id] if actor.person_id else ""
        is_free = item.assignee_id is None and login in SECONDS
        return Command(login, f"/inbox/{item.id}", fields, key, item.step, case_id, item.id, is_free)

    def version_of(self, item_id: UUID) -> int:
        """Return the version that a person would see now."""
        with self.runtime.database.read(SCOPE) as session:
            return session.get_one(WorkItem, item_id).version

    def dues(self) -> dict[str, datetime]:
        """Return when each open step and each timer is due, by its id."""
        with self.runtime.database.read(SCOPE) as session:
            items = select(WorkItem.id, WorkItem.due_at).where(WorkItem.status < DONE).order_by(WorkItem.id)
            timers = select(Timer.id, Timer.due_at).order_by(Timer.id)
            return {str(row.id): row.due_at for query in (items, timers) for row in session.execute(query)}

    def _key(self, kind: str) -> str:
        return f"{kind}-{next(self.numbers)}-{self.dice.getrandbits(32):08x}"


def lay(runtime: Runtime, dice: Random) -> Ground:
    """Bring an empty database to where visits can be opened."""
    if revision.present(runtime.database) is None:
        upgrade(runtime.database)
    now = runtime.now()
    with runtime.database.write(SCOPE, now=now) as session:
        publish_shipped(session, now)
        offices = found_offices(session, now)
        for login in SECONDS:
            first = session.get_one(Person, offices.people[login])
            second = add_person(
                session,
                login=f"{login}_2",
                name=f"{first.name}二",
                roles=(login,),
                org_id=first.org_id,
                password=None,
                now=now,
            )
            let_in([second], now)
        policy = _policy(offices, now)
        session.add_all([_unit(offices), policy])
    walker = Walker(runtime)
    cycle_id = register_policy(runtime, policy.id)
    if cycle_id is None:
        raise LookupError("the policy began no cycle")
    for step, fixed in _AGREED.items():
        (item,) = (item for item in walker.open_items(cycle_id) if item.step == step)
        walker.complete(item, steady=True, **fixed)
        drain(runtime)
    with runtime.database.read(SCOPE) as session:
        logins = {row.id: row.login or "" for row in session.scalars(select(Person))}
    return Ground(runtime, walker, logins, cycle_id, dice, itertools.count(1))


def _owners(offices: Offices) -> dict[str, object]:
    return {
        "org_id": offices.provider,
        "insurer_id": offices.insurer,
        "policyholder_id": offices.unit,
        "region_code": "330302",
        "industry": "none",
    }


def _unit(offices: Offices) -> Policyholder:
    owners = _owners(offices)
    return Policyholder(
        organization_id=owners.pop("policyholder_id"),
        high_risk_kind="none",
        address="鹿城区车站大道 1 号",
        contact="王建国",
        mobile="13800000000",
        **owners,
    )


def _policy(offices: Offices, now: datetime) -> Policy:
    today = now.astimezone(SHANGHAI).date()
    return Policy(
        number="AZX-FAULTS",
        written_premium=Decimal("45000.00"),
        collected_premium=Decimal("45000.00"),
        term_start=today,
        term_end=today + timedelta(days=364),
        signed_on=today,
        **_owners(offices),
    )


def _flat(prefix: str, texts: Mapping[str, object]) -> Fields:
    """Return nested texts as a form posts them: `hazards-0-place=…`."""
    found: list[tuple[str, str]] = []
    for name, value in texts.items():
        if isinstance(value, Mapping):
            found += _flat(f"{prefix}{name}-", value)
        elif isinstance(value, list):
            for number, entry in enumerate(value):
                if isinstance(entry, Mapping):
                    found += _flat(f"{prefix}{name}-{number}-", entry)
                else:
                    found.append((prefix + name, str(entry)))
        elif value != "":
            found.append((prefix + name, str(value)))
    return found
