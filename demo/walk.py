"""Moves cases as people would: each open step completed by somebody who may, with answers from its recipe."""

from collections.abc import Iterator, Mapping
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.answering import Cook
from demo.files import SampleFiles
from store.scope import Scope
from store.tables import Case, Organization, Person, RoleGrant, WorkItem
from workflows.advance import new_act
from workflows.answering import answering_context
from workflows.commands import CompleteWorkItem
from workflows.handlers.work_items import complete_work_item
from workflows.people import Actor
from workflows.projection import DONE
from workflows.releases import form_of
from workflows.runtime import Runtime

_REASON = "sample data is moved by its people"


class NobodyError(LookupError):
    """No person holds the role in the organization that a step waits for."""


class Walker:
    """Completes steps; the dice are seeded, so the same walk gives the same story."""

    def __init__(self, runtime: Runtime, seed: int = 1) -> None:
        """Walk through this runtime's cases."""
        self.runtime = runtime
        self._dice = Random(seed)  # noqa: S311 — sample data
        self._files = SampleFiles(runtime)
        self._count = 0

    def open_items(self, case_id: UUID | None = None) -> list[WorkItem]:
        """Return open work items, oldest first; of one case if it is named."""
        with self.runtime.database.read(Scope.everything(_REASON)) as session:
            query = select(WorkItem).where(WorkItem.status < DONE)
            if case_id is not None:
                query = query.where(WorkItem.case_id == case_id)
            return list(session.scalars(query.order_by(WorkItem.opened_at, WorkItem.id)))

    def photo(self, item: WorkItem) -> str:
        """Keep a sample photo as the person who does the step would upload it; return its id."""
        with self.runtime.database.read(Scope.everything(_REASON)) as session:
            actor = actor_for(session, item)
        return self._files.make("photo", actor)

    def complete(self, item: WorkItem, **fixed: object) -> None:
        """Complete a step as somebody who may; `fixed` answers win over the recipe's."""
        with self.runtime.database.read(Scope.everything(_REASON)) as session:
            actor = actor_for(session, item)
            case = session.get_one(Case, item.case_id)
            act = new_act(self.runtime, session, case, actor, self.runtime.now())
            context = answering_context(act)
            form = form_of(session, item.form_sha256)
            cook = Cook(context, self._dice, lambda kind: self._files.make(kind, actor))
            answers: Mapping[str, object] = cook.answers(form, fixed)
        self._count += 1
        key = f"walk-{item.id}-{self._count}"
        complete_work_item(self.runtime, CompleteWorkItem(item.id, item.version, answers, key), actor)


def actor_for(session: Session, item: WorkItem) -> Actor:
    """Return somebody who may do the step: its assignee, else the first with the role.

    Raises: NobodyError.
    """
    person = (
        session.get(Person, item.assignee_id) if item.assignee_id else next(_holders(session, item), None)
    )
    if person is None:
        raise NobodyError(item.role)
    return actor_of(session, person)


def _holders(session: Session, item: WorkItem) -> Iterator[Person]:
    yield from session.scalars(
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == item.role,
            RoleGrant.revoked_at.is_(None),
            Person.org_id == item.holder_id,
            Person.active.is_(True),
        )
        .order_by(Person.login)
        .limit(1)
    )


def actor_of(session: Session, person: Person) -> Actor:
    """Return a person as an actor with all their roles."""
    roles = frozenset(
        session.scalars(
            select(RoleGrant.role).where(RoleGrant.person_id == person.id, RoleGrant.revoked_at.is_(None))
        )
    )
    office = session.get(Organization, person.org_id)
    scope = Scope(
        person_id=person.id, roles=roles, org_id=person.org_id, org_kind=office.kind if office else None
    )
    return Actor(person.id, person.name, roles, person.org_id, scope)
