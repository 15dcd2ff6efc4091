"""加签: the holder of an open step adds a person who signs before, after or beside them; the token stays."""

from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES
from store.events import EventDraft
from store.tables import Person, RoleGrant, SignRound, WorkItem
from store.types import new_id
from workflows.acts import Act
from workflows.commands import digest
from workflows.errors import RuleRefusedError
from workflows.handlers.rounds import Round, holds, load_round, settle_round
from workflows.people import Actor
from workflows.releases import kept_form, spec_of
from workflows.rounds import How, Mode
from workflows.runtime import Runtime, legal_day
from workflows.statuses import CLAIMED, DONE, VOID, WAITING
from workflows.values import json_object
from workflows.verbs.common import Verbal, begun, inform, same_version, theirs, told
from workflows.verbs.offer import Asker, Offer, Verb
from workflows.verbs.receivers import AT_MOST, Receiver, too_few_are_left, unfit

MOST_SEATS: Final = 20
OPINION_FORM: Final = "sign_opinion"
WHERE: Final = {How.BEFORE: "在自己之前", How.AFTER: "在自己之后", How.BESIDE: "和自己一起"}
_FULL = f"这一步已经有 {MOST_SEATS} 人签，不能再加"


class AddSigner(Struct, frozen=True):
    """Let another person sign as well. `version` is what the holder saw of their own item."""

    work_item_id: UUID
    version: int
    person_id: UUID
    how: How
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(
            add_to=str(self.work_item_id), person=str(self.person_id), how=self.how, reason=self.reason
        )


def offer(asker: Asker) -> Offer | None:
    """Offer it to who has the step in hand, or could take it."""
    item, actor = asker.item, asker.actor
    if item.status >= DONE or actor.person_id is None or not actor.has(item.role):
        return None
    if item.assignee_id is None:
        return Offer(Verb.ADD_SIGNER, "先领取，再请别人加签")
    if item.assignee_id != actor.person_id:
        return None
    return Offer(Verb.ADD_SIGNER, _refusal(item, seats_of(asker.session, item)))


def candidates(session: Session, item: WorkItem, today: date) -> tuple[Receiver, ...]:
    """Return the people who may be asked: of the holder's organization; those who may not, with the reason."""
    seats = seats_of(session, item)
    people = session.scalars(
        select(Person)
        .where(Person.org_id == item.holder_id, Person.active, Person.login.is_not(None))
        .where(Person.id != item.assignee_id)
        .order_by(Person.name, Person.id)
        .limit(AT_MOST)
    ).all()
    found = []
    for person in people:
        if (role := role_for(session, item, person.id)) is not None:
            why = _unsuited(session, item, seats, person, role, today)
            found.append(Receiver(person.id, person.name, ROLES[role].title, why))
    return tuple(found)


def add_signer(runtime: Runtime, command: AddSigner, actor: Actor) -> None:
    """Give a person a seat in the step's round, which begins with it if there is none.

    Raises: NotFoundError, NotAllowedError, StaleVersionError, RuleRefusedError.
    """
    with begun(runtime, actor, command.work_item_id, command.key, command.fingerprint()) as verbal:
        if verbal is None:
            return
        same_version(verbal, command.version)
        theirs(verbal, "add_signer")
        reason = told(command.reason)
        seats = seats_of(verbal.act.session, verbal.row)
        if why := _refusal(verbal.row, seats):
            raise RuleRefusedError(why)
        person, role = _receiver(verbal, command.person_id, seats)
        _seat_them(verbal, person, role, command.how, reason)


def _seat_them(verbal: Verbal, person: Person, role: str, how: How, reason: str) -> None:
    act, mine = verbal.act, verbal.row
    found = _round_of(act, mine)
    seat = _seat(act, found.row, mine, person, role, how)
    act.session.add(seat)
    mine.seen_at = (
        mine.seen_at or act.now
    )  # who asks another has begun: the step before is not withdrawn any more
    because = f"：{reason}" if reason else ""
    act.element, act.unit_name = mine.step, mine.subject
    head = EventDraft(
        "sign.added",
        mine.step,
        json_object(
            {
                "text": f"{act.actor.name}请{person.name}{WHERE[how]}签“{mine.title}”{because}",
                "work_item": str(seat.id),
                "person": str(person.id),
                "how": how,
            }
        ),
    )
    turn = "，轮到时在你的待办里" if how is How.AFTER else ""
    inform(
        act,
        person.id,
        f"{mine.subject}：{act.actor.name}请你加签“{mine.title}”{turn}",
        item_id=seat.id,
        body=reason,
    )
    settle_round(act, Round(found.row, [*found.items, seat]), head, untold=seat.id)


def _round_of(act: Act, item: WorkItem) -> Round:
    """Return the round of a step; of one that only one person does, a new one in which they have the one place."""
    if item.sign_round_id is not None:
        return load_round(act.session, item.sign_round_id)
    vote = spec_of(act.session, act.case.release_id).steps[item.step].vote
    row = SignRound(
        id=new_id(),
        case_id=item.case_id,
        task_id=item.task_id,
        step=item.step,
        mode=Mode.ALL.value,
        veto=[],
        vote_field=vote.field if vote is not None else None,
        vote_approve=vote.approve if vote is not None else None,
        status="open",
        opened_at=act.now,
    )
    act.session.add(row)
    item.sign_round_id, item.order_no = row.id, 1
    return Round(row, [item])


def _seat(act: Act, row: SignRound, mine: WorkItem, person: Person, role: str, how: How) -> WorkItem:
    """Return a seat beside the holder's own: of the same step, due on the same day, not its turn yet."""
    opinion = row.vote_field is None
    return WorkItem(
        id=new_id(act.now),
        case_id=mine.case_id,
        task_id=mine.task_id,
        round=mine.round,
        process=mine.process,
        step=mine.step,
        form_sha256=kept_form(act.session, OPINION_FORM, act.now) if opinion else mine.form_sha256,
        title=mine.title,
        subject=mine.subject,
        status=WAITING,
        role=role,
        holder_id=mine.holder_id,
        assignee_id=person.id,
        deadline_kind=mine.deadline_kind,
        due_on=mine.due_on,
        due_at=mine.due_at,
        provisional=mine.provisional,
        tags=mine.tags,
        opened_at=act.now,
        claimed_at=act.now,
        version=1,
        delegates=[],
        sign_round_id=row.id,
        order_no=mine.order_no,
        added_to=mine.id,
        added_how=how.value,
        added_by=act.actor.person_id,
        policy_id=mine.policy_id,
        visit_id=mine.visit_id,
        hazard_id=mine.hazard_id,
        **act.owners(),
    )


def seats_of(session: Session, item: WorkItem) -> list[WorkItem]:
    """Return the seats of an item's round; the item alone where there is none."""
    if item.sign_round_id is None:
        return [item]
    seats = select(WorkItem).where(
        WorkItem.case_id == item.case_id, WorkItem.sign_round_id == item.sign_round_id
    )
    return list(session.scalars(seats.order_by(WorkItem.id)))


def role_for(session: Session, item: WorkItem, person_id: UUID) -> str | None:
    """Return the role in which a person would sign: the step's own, else one of the same kind of organization."""
    held = set(
        session.scalars(
            select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
        )
    )
    party = ROLES[item.role].party
    fitting = [role for role in ROLES.values() if role.party is party and role.lane and role.code in held]
    own = [role.code for role in fitting if role.code == item.role]
    return next(iter([*own, *(role.code for role in fitting)]), None)


def _refusal(item: WorkItem, seats: list[WorkItem]) -> str:
    """Say why nobody can be added; empty where somebody can."""
    if item.delegates:
        return "这一步是委派给你的，要加签请委派的人来加"
    if item.status != CLAIMED:
        return "先领取，再请别人加签"
    return _FULL if sum(seat.status != VOID for seat in seats) >= MOST_SEATS else ""


def _receiver(verbal: Verbal, person_id: UUID, seats: list[WorkItem]) -> tuple[Person, str]:
    session, item = verbal.act.session, verbal.row
    person = session.get(Person, person_id)
    if person is None or not person.active or person.org_id != item.holder_id:
        raise RuleRefusedError("只能请本机构里有账号的人加签，换一个人")
    role = role_for(session, item, person_id)
    if role is None:
        raise RuleRefusedError(f"{person.name}没有能签这一步的角色，换一个人")
    if why := _unsuited(session, item, seats, person, role, legal_day(verbal.act.now)):
        raise RuleRefusedError(f"{person.name}{why}，换一个人")
    return person, role


def _unsuited(
    session: Session, item: WorkItem, seats: list[WorkItem], person: Person, role: str, today: date
) -> str:
    if any(holds(seat, person.id) for seat in seats):
        return "已经在这一轮里"
    held = select(RoleGrant.role).where(RoleGrant.person_id == person.id, RoleGrant.revoked_at.is_(None))
    if any(too_few_are_left(session, seats, one, without=person.id) for one in session.scalars(held).all()):
        return "要签本组的那一签，加了他就没有别人能签"
    return unfit(session, item, person, today, role=role)
