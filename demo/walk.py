"""Moves cases as people would: each open step completed by somebody who may, with answers from its recipe."""

from collections.abc import Iterable
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.answering import Cook
from demo.files import SampleFiles
from store.scope import Scope
from store.tables import Case, Organization, Person, RoleGrant, Subscription, WorkItem
from workflows.advance import new_act
from workflows.answering import answering_context, sending_context
from workflows.commands import CompleteWorkItem, SendToCase
from workflows.handlers.cases import send_to_case
from workflows.handlers.work_items import complete_work_item
from workflows.people import Actor
from workflows.pinned import form_digest, form_of, spec_of
from workflows.runtime import Runtime
from workflows.statuses import DONE

_EVERYTHING = Scope.everything("sample data is moved by its people")


class NobodyError(LookupError):
    """No person holds the role in the organization that a step waits for."""


class Walker:
    """Completes steps; the dice of a step follow from its case, so the same walk gives the same story."""

    def __init__(self, runtime: Runtime, seed: int = 1) -> None:
        """Walk through this runtime's cases."""
        self.runtime = runtime
        self._seed = seed
        self._files = SampleFiles(runtime)
        self._count = 0
        self._actors: dict[tuple[object, ...], Actor] = {}

    def open_items(self, case_id: UUID | None = None) -> list[WorkItem]:
        """Return open work items, oldest first; of one case if it is named."""
        with self.runtime.database.read(_EVERYTHING) as session:
            query = select(WorkItem).where(WorkItem.status < DONE)
            if case_id is not None:
                query = query.where(WorkItem.case_id == case_id)
            by_case = query.join(Case, Case.id == WorkItem.case_id)
            return list(session.scalars(by_case.order_by(WorkItem.opened_at, Case.number, WorkItem.step)))

    def photo(self, item: WorkItem) -> str:
        """Keep a sample photo as the person who does the step would upload it; return its id."""
        with self.runtime.database.read(_EVERYTHING) as session:
            photo = self._files.make("photo", self._actor(session, item))
        self._files.upload()
        return photo

    def complete(self, item: WorkItem, *, steady: bool = False, **fixed: object) -> None:
        """Complete a step as somebody who may; `fixed` answers win over the recipe's."""
        command, actor = self.filled(item, steady=steady, **fixed)
        complete_work_item(self.runtime, command, actor)

    def filled(
        self, item: WorkItem, *, steady: bool = False, **fixed: object
    ) -> tuple[CompleteWorkItem, Actor]:
        """Return the command by which a step is completed, and who gives it."""
        with self.runtime.database.read(_EVERYTHING) as session:
            actor = self._actor(session, item)
            case = session.get_one(Case, item.case_id)
            context = answering_context(new_act(self.runtime, session, case, actor, self.runtime.now()))
            dice = self._dice(case, item)
            cook = Cook(context, dice, lambda kind: self._files.make(kind, actor), steady=steady)
            answers = cook.answers(form_of(session, item.form_sha256), fixed)
        self._files.upload()
        return CompleteWorkItem(item.id, item.version, answers, self._key(item)), actor

    def send(self, item: WorkItem, message: str) -> None:
        """Send the item's case a message by hand, as somebody who may, with answers from its form's recipe.

        Raises: NoResultFound if the case does not wait for the message, NobodyError.
        """
        with self.runtime.database.read(_EVERYTHING) as session:
            case = session.get_one(Case, item.case_id)
            waiting = session.scalars(
                select(Subscription).where(Subscription.case_id == case.id, Subscription.name == message)
            ).one()
            event = spec_of(session, case.release_id).events[waiting.element]
            parties = (case.org_id, case.insurer_id, case.policyholder_id)
            actor = actor_of(session, _holder(session, event.roles, parties))
            context = sending_context(new_act(self.runtime, session, case, actor, self.runtime.now()))
            cook = Cook(context, self._dice(case, item), lambda kind: self._files.make(kind, actor))
            form = form_of(session, form_digest(session, case.release_id, event.form or ""))
            answers = cook.answers(form, {})
        self._files.upload()
        send_to_case(self.runtime, SendToCase(case.id, waiting.id, answers, self._key(item)), actor)

    def _dice(self, case: Case, item: WorkItem) -> Random:
        return Random(f"{self._seed} {case.number} {item.step} {item.round}")  # noqa: S311 — sample data

    def _key(self, item: WorkItem) -> str:
        self._count += 1
        return f"walk-{item.id}-{self._count}"

    def _actor(self, session: Session, item: WorkItem) -> Actor:
        known = (item.assignee_id,) if item.assignee_id else (item.role, item.holder_id)
        if known not in self._actors:
            self._actors[known] = actor_for(session, item)
        return self._actors[known]


def actor_for(session: Session, item: WorkItem) -> Actor:
    """Return somebody who may do the step: its assignee, else the first with the role.

    Raises: NobodyError.
    """
    if item.assignee_id:
        return actor_of(session, session.get_one(Person, item.assignee_id))
    return actor_of(session, _holder(session, (item.role,), (item.holder_id,)))


def _holder(session: Session, roles: Iterable[str], organizations: Iterable[UUID | None]) -> Person:
    person = session.scalar(
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role.in_(roles),
            RoleGrant.revoked_at.is_(None),
            Person.org_id.in_([one for one in organizations if one is not None]),
            Person.active.is_(True),
        )
        .order_by(Person.login)
        .limit(1)
    )
    if person is None:
        raise NobodyError("、".join(roles))
    return person


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
