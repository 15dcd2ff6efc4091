"""A signing round in a command: its rows, what follows from them, and what is told to whom."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES
from store.events import EventDraft
from store.prepared import Write
from store.tables import Notice, Person, SignRound, WorkItem
from workflows.acts import Act
from workflows.advance import move_case, note
from workflows.engine import Complete, mapping_from_json
from workflows.errors import RuleRefusedError
from workflows.holders import given
from workflows.owing import forget_reminders, reminders_of
from workflows.people import Actor
from workflows.projection import INSERT_TIMER
from workflows.rounds import RESULT, SIGNATURES, How, Id, Mode, Outlook, Rule, Seat, State, outlook
from workflows.statuses import CLAIMED, DONE, POOL, UNFINISHED, VOID, WAITING
from workflows.values import json_object

APPROVE: Final = "approve"
REJECT: Final = "reject"
OPINION: Final = "opinion"

MODES: Final = {"all": "会签", "any": "或签", "order": "依次会签", "share": "比例会签"}
VERDICTS: Final = {APPROVE: "同意", REJECT: "不同意", OPINION: "意见"}
_STATES = {POOL: State.OPEN, CLAIMED: State.OPEN, DONE: State.DONE, VOID: State.VOID, WAITING: State.WAITING}


class Round(Struct, frozen=True):
    """A round with its seats in the order in which they were asked for."""

    row: SignRound
    items: Sequence[WorkItem]

    def item(self, item_id: Id) -> WorkItem:
        """Return one seat."""
        return next(item for item in self.items if item.id == item_id)

    def prospect(self) -> Outlook:
        """Return what follows from the seats as they stand."""
        return outlook(rule_of(self.row), [seat_of(self.row, item) for item in self.items])


def load_round(session: Session, round_id: UUID) -> Round:
    """Return a round whose case is locked, its seats locked as well."""
    row = session.get_one(SignRound, round_id)
    seats = select(WorkItem).where(WorkItem.case_id == row.case_id, WorkItem.sign_round_id == round_id)
    items = session.scalars(
        seats.order_by(WorkItem.id).with_for_update().execution_options(populate_existing=True)
    )
    return Round(row, items.all())


def rule_of(row: SignRound) -> Rule:
    """Return how a round is decided."""
    return Rule(Mode(row.mode), row.share if row.share is not None else Decimal(1))


def seat_of(row: SignRound, item: WorkItem) -> Seat:
    """Return an item as the arithmetic sees it."""
    return Seat(
        id=item.id,
        place=item.order_no or 0,
        state=_STATES[item.status],
        approves=None if item.verdict in (None, OPINION) else item.verdict == APPROVE,
        carries=item.added_to is None or row.vote_field is not None,
        veto=item.role in row.veto,
        added_to=item.added_to,
        how=How(item.added_how) if item.added_how else None,
        turn=item.turn or 0,
    )


def refuse_twice(found: Round, item_id: UUID, person_id: UUID | None) -> None:
    """Let nobody sign in two seats of a round. Raises: RuleRefusedError."""
    if any(holds(item, person_id) for item in found.items if item.id != item_id):
        raise RuleRefusedError("你在这一轮已经有一签，这一签要由本组另一个人签")


def holds(item: WorkItem, person_id: UUID | None) -> bool:
    """Tell whether a person has signed in a seat, or is the one who will."""
    if person_id is None:  # the product acts for nobody
        return False
    if item.status == DONE:
        return item.done_by == person_id
    return item.status in UNFINISHED and item.assignee_id == person_id


def signs_besides(session: Session, item: WorkItem, person_id: UUID) -> bool:
    """Tell whether a person has another seat in the round of an item."""
    seats = select(WorkItem).where(
        WorkItem.case_id == item.case_id,
        WorkItem.sign_round_id == item.sign_round_id,
        WorkItem.id != item.id,
    )
    return any(holds(seat, person_id) for seat in session.scalars(seats.order_by(WorkItem.id)))


def settle_round(
    act: Act, found: Round, head: EventDraft, on_behalf_of: UUID | None = None, *, untold: UUID | None = None
) -> None:
    """Let come true what follows from the seats as they stand; the case goes on once the result is certain.

    `head` is the event of the deed that led there; who has the seat `untold` is told otherwise.
    """
    seen = found.prospect()
    act.element = found.row.step
    for item in (found.item(item_id) for item_id in seen.voids):
        _void(act, item, _reason(found.row, seen))
    for item in (found.item(item_id) for item_id in seen.waits):
        item.status, item.version = WAITING, item.version + 1
        forget_reminders(act, item)
    for item in (found.item(item_id) for item_id in seen.opens):
        _open(act, found, item)
        if item.id != untold:
            tell(act, item, f"{item.subject}：轮到你签“{item.title}”")
    if seen.result is None or seen.carrier is None:
        note(act, head, on_behalf_of)
    else:
        _decide(act, found, found.item(seen.carrier), head, on_behalf_of, approves=seen.result)


def _decide(
    act: Act, found: Round, carrier: WorkItem, head: EventDraft, behalf: UUID | None, *, approves: bool
) -> None:
    """Complete the step with the answers that carry the result."""
    row = found.row
    row.status, row.result = "decided", APPROVE if approves else REJECT
    row.decided_at, row.decided_by = act.now, act.actor.person_id
    answers = {
        **mapping_from_json((carrier.signed or {}).get("answers")),
        RESULT: row.result,
        SIGNATURES: _signatures(found.items),
    }
    completed = EventDraft(
        "step.completed",
        row.step,
        {
            "text": _result_sentence(found, carrier),
            "answers": json_object(answers),
            "form_sha256": carrier.form_sha256,
            "role": carrier.role,
            "result": row.result,
        },
    )
    act.said.insert(0, completed)
    if carrier.done_by != act.actor.person_id and carrier.done_by is not None:
        act.signer = _signer(act.session, carrier)
    move_case(act, Complete(row.task_id, answers), head, row.task_id, behalf)


def _signatures(items: Sequence[WorkItem]) -> list[dict[str, object]]:
    """Return who signed how, in turn: ids and codes alone, for they become part of the case."""
    signed = sorted((item for item in items if item.status == DONE), key=lambda item: item.turn or 0)
    return [{"person": str(item.done_by), "role": item.role, "verdict": item.verdict} for item in signed]


def _signer(session: Session, carrier: WorkItem) -> Actor:
    """Return the person whose answers are carried, as an operation sees them."""
    person = session.get_one(Person, carrier.done_by)
    scope = session.info["scope"]
    return Actor(person.id, person.name, frozenset({carrier.role}), person.org_id, scope)


def _result_sentence(found: Round, carrier: WorkItem) -> str:
    row, title = found.row, carrier.title
    verdicts = [item.verdict for item in found.items if item.status == DONE]
    if row.vote_field is None:
        return f"“{title}”办完，加签意见 {verdicts.count(OPINION) - 1} 条"
    yes, no = verdicts.count(APPROVE), verdicts.count(REJECT)
    told = "，".join(f"{count} 人{what}" for count, what in ((yes, "同意"), (no, "不同意")) if count)
    return f"“{title}”{MODES[row.mode]}{'通过' if row.result == APPROVE else '不通过'}：{told}"


def _reason(row: SignRound, seen: Outlook) -> str:
    if seen.result is None:
        return "这一签已有人不同意"
    return f"{MODES[row.mode]}已经{'通过' if seen.result else '不通过'}"


def _void(act: Act, item: WorkItem, reason: str) -> None:
    """Take a seat back, and tell who loses it; who was never asked hears nothing."""
    was_asked = item.status != WAITING or item.claimed_at is not None
    item.status, item.done_at, item.version = VOID, act.now, item.version + 1
    item.void_reason = reason
    forget_reminders(act, item)
    if was_asked:
        act.say(
            "sign.void", f"{who(act.session, item)}不用再签“{item.title}”：{reason}", work_item=str(item.id)
        )
        if item.assignee_id is not None:
            tell(act, item, f"{item.subject}：{item.title}不用你签了，{reason}")


def _open(act: Act, found: Round, item: WorkItem) -> None:
    """Ask for a signature whose turn it is; who is away by now, or has left, has a substitute or the group."""
    if item.assignee_id is not None and item.owner_id is None:
        person, owner = given(act, item.assignee_id, item.role)
        others = [other for other in found.items if other.id != item.id]
        is_free = person is not None and not any(holds(other, person) for other in others)
        item.assignee_id, item.owner_id = (person, owner) if is_free else (None, None)
    item.status = CLAIMED if item.assignee_id is not None else POOL
    item.opened_at, item.version = act.now, item.version + 1
    item.claimed_at = act.now if item.assignee_id is not None else None
    if told := reminders_of(act, item):
        act.writes.append(Write(INSERT_TIMER, told))


def who(session: Session, item: WorkItem) -> str:
    """Return the name of who has a seat; of one in a pool, its role."""
    person = session.get(Person, item.assignee_id) if item.assignee_id is not None else None
    return person.name if person is not None else ROLES[item.role].title


def tell(act: Act, item: WorkItem, title: str) -> None:
    """Put a line behind the bell of who has a seat, or of the people of its role."""
    mine = item.assignee_id is not None
    act.session.add(
        Notice(
            person_id=item.assignee_id,
            role=None if mine else item.role,
            holder_id=None if mine else item.holder_id,
            case_id=act.case.id,
            work_item_id=item.id,
            kind="notice",
            title=title,
            link=f"/inbox/{item.id}",
            at=act.now,
        )
    )
