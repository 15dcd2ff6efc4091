"""One command as its operations see it: session, case, actor, moment, and what they have to say."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.deadlines import Deadline as Owed
from rules.roles import ROLES, Party
from rules.working_days import Calendar
from store.events import EventDraft
from store.prepared import Write, run_together
from store.scope import owner_of
from store.tables import Case, Notice, Organization
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day
from workflows.values import json_object


class Outgoing(Struct, frozen=True):
    """A message to another case, delivered by a job after the commit."""

    name: str
    target: str
    correlation: str
    payload: Mapping[str, object]


class Subject(Struct, frozen=True):
    """Whose business a new case is: the owner columns and the records that it is about."""

    org_id: UUID
    insurer_id: UUID | None = None
    policyholder_id: UUID | None = None
    region_code: str | None = None
    industry: str | None = None
    policy_id: UUID | None = None
    visit_id: UUID | None = None
    hazard_id: UUID | None = None


class Opening(Struct, frozen=True):
    """A case that an operation opens, begun in its transaction once the own case has moved."""

    process: str
    business_key: str
    number: str
    title: str
    variables: Mapping[str, object]
    subject: Subject
    parent: UUID | None = None
    release_id: UUID | None = None
    """The release that it runs, the newest if none is named."""


def subject_of(case: Case) -> Subject:
    """Return whose business a case is."""
    return Subject(
        org_id=case.org_id,
        insurer_id=case.insurer_id,
        policyholder_id=case.policyholder_id,
        region_code=case.region_code,
        industry=case.industry,
        policy_id=case.policy_id,
        visit_id=case.visit_id,
        hazard_id=case.hazard_id,
    )


class Act(Struct):
    """The context of one command. Operations write rows through `session` and speak through the methods."""

    runtime: Runtime
    session: Session
    case: Case
    actor: Actor
    now: datetime
    calendar: Calendar
    said: list[EventDraft] = field(default_factory=list)
    outbox: list[Outgoing] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    """What the command itself changes, written together with the case's next version, or when it is settled."""
    owed: dict[str, Owed] = field(default_factory=dict)
    """The deadlines that the command itself has set, by kind, the last one last."""
    element: str = ""
    kept: list[object] = field(default_factory=list)
    """Rows held for the length of the command: a session forgets at once what nobody holds."""
    unit_name: str | None = None
    signer: Actor | None = None
    """Whose answers an operation gets, if they are not the actor's: of a round that somebody else's deed decided."""
    heirs: dict[str, UUID] = field(default_factory=dict)
    """Who gets a step that the command opens again, by its element: whoever did it before."""
    void_reason: str | None = None
    """Why the open work is void that the command closes unfinished; None where the flow itself went elsewhere."""

    @property
    def today(self) -> date:
        """Return the legal day of the command."""
        return legal_day(self.now)

    @property
    def subject(self) -> Subject:
        """Return whose business the case is."""
        return subject_of(self.case)

    def owners(self) -> Mapping[str, object]:
        """Return the owner columns for a new row of this case."""
        return owner_of(self.case)

    def say(self, kind: str, text: str, **body: object) -> None:
        """Leave an event that reads as a sentence."""
        self.said.append(
            EventDraft(kind=kind, element=self.element, body=json_object({"text": text, **body}))
        )

    def send(self, name: str, target: str, correlation: object, **payload: object) -> None:
        """Send a message to another case by its business key."""
        self.outbox.append(Outgoing(name, target, str(correlation), payload))

    def open_case(self, opening: Opening) -> None:
        """Open a case of its own that knows this one as its parent; this one does not wait for it."""
        self.openings.append(replace(opening, parent=self.case.id))

    def holder(self, role: str) -> UUID | None:
        """Return the organization whose people with this role have to do with the case, if there is one."""
        case, party = self.case, ROLES[role].party
        of_case = {
            Party.PROVIDER: case.org_id,
            Party.INSURER: case.insurer_id,
            Party.POLICYHOLDER: case.policyholder_id,
        }
        if party in of_case:
            return of_case[party]
        offices = select(Organization.id).where(Organization.kind == party).order_by(Organization.id)
        return self.session.scalar(offices.limit(1))

    def settle(self) -> None:
        """Write now what would be written in the end: for an operation that reads or goes on from it."""
        writes, self.writes = self.writes, []
        if writes:
            run_together(self.session, writes)

    def notify(self, title: str, role: str, kind: str = "notice") -> None:
        """Put a line behind the bell of those who hold the role and have to do with the case."""
        self.session.add(
            Notice(
                role=role,
                holder_id=self.holder(role),
                case_id=self.case.id,
                kind=kind,
                title=title,
                link=f"/cases/{self.case.id}",
                at=self.now,
            )
        )
