"""减签: a signer who was added and has not signed is taken out again; the round is decided anew at once."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from store.events import EventDraft
from store.tables import SignRound, WorkItem
from workflows.acts import Act
from workflows.commands import digest
from workflows.engine import EngineError, sentence
from workflows.errors import NoHolderError, RuleRefusedError, StaleVersionError, UnknownRoleError
from workflows.handlers.rounds import MODES, Round, holds, load_round, rule_of, seat_of, settle_round, who
from workflows.owing import forget_reminders
from workflows.people import Actor
from workflows.rounds import Outlook, State, outlook
from workflows.runtime import Runtime
from workflows.statuses import UNFINISHED, VOID
from workflows.values import json_object
from workflows.verbs.adding_signers import seats_of
from workflows.verbs.common import begun, inform, told
from workflows.verbs.offer import Asker, Offer, Verb

_REQUIRED = "流程图要求的会签人不能减；只能减后来加的、还没签的人"
_NOBODY = "没有你可以减的人：加签的人自己能减，而且要还没签"


class RemoveSigner(Struct, frozen=True):
    """Take an added signer out. `seen` is the digest of the round as its preview showed it."""

    work_item_id: UUID
    seat_id: UUID
    seen: str
    reason: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(remove=str(self.seat_id), from_=str(self.work_item_id), reason=self.reason)


class Removal(Struct, frozen=True):
    """A seat that may be taken out, and what would follow: who loses work, whether the step is done."""

    seat: WorkItem
    name: str
    losses: tuple[str, ...]
    follows: str


def offer(asker: Asker) -> Offer | None:
    """Offer it wherever a step is signed by several and the person has to do with it."""
    item = asker.item
    row = asker.session.get(SignRound, item.sign_round_id) if item.sign_round_id is not None else None
    if row is None or row.status != "open":
        return None
    seats = seats_of(asker.session, item)
    if not any(_has_to_do(seat, asker.actor) for seat in seats):
        return None
    if all(seat.added_to is None for seat in seats):
        return Offer(Verb.REMOVE_SIGNER, _REQUIRED)
    return Offer(Verb.REMOVE_SIGNER, "" if _removable(seats, asker.actor) else _NOBODY)


def removals(asker: Asker) -> tuple[Removal, ...]:
    """Return whom the person may take out, with the preview of each."""
    row = asker.session.get_one(SignRound, asker.item.sign_round_id)
    seats = seats_of(asker.session, asker.item)
    return tuple(_preview(asker, Round(row, seats), seat) for seat in _removable(seats, asker.actor))


def state_of(seats: Iterable[WorkItem]) -> str:
    """Return the digest of a round: whatever changes in it makes another one."""
    return digest(seats=[[str(seat.id), seat.version] for seat in seats])


def remove_signer(runtime: Runtime, command: RemoveSigner, actor: Actor) -> None:
    """Take a signer out. Raises: NotFoundError, StaleVersionError (the round has changed), RuleRefusedError."""
    with begun(runtime, actor, command.work_item_id, command.key, command.fingerprint()) as verbal:
        if verbal is None:
            return
        act, item = verbal.act, verbal.row
        if item.sign_round_id is None:
            raise RuleRefusedError(_NOBODY)
        found = load_round(act.session, item.sign_round_id)
        if found.row.status != "open" or state_of(found.items) != command.seen:
            raise StaleVersionError(item.id, 0, item.version, closed=found.row.status != "open")
        seat = next((one for one in _removable(found.items, actor) if one.id == command.seat_id), None)
        if seat is None:
            raise RuleRefusedError(_NOBODY)
        _remove(act, found, seat, told(command.reason, required="写明为什么减签再提交"))


def _remove(act: Act, found: Round, seat: WorkItem, reason: str) -> None:
    name, act.unit_name = who(act.session, seat), seat.subject
    seat.status, seat.done_at, seat.version = VOID, act.now, seat.version + 1
    seat.void_reason = f"{act.actor.name}减签"
    forget_reminders(act, seat)
    inform(
        act, seat.assignee_id, f"{seat.subject}：{seat.title}不用你签了，{act.actor.name}减签", body=reason
    )
    body = {"text": f"{act.actor.name}减去{name}在“{seat.title}”的签：{reason}", "work_item": str(seat.id)}
    try:
        settle_round(act, found, EventDraft("sign.removed", seat.step, json_object(body)))
    except EngineError as error:
        raise RuleRefusedError(f"减了就该往下走，可是走不下去：{sentence(error)}") from error
    except (NoHolderError, UnknownRoleError) as error:
        raise RuleRefusedError("减了就该往下走，可是下一步没有人能办，先请安全管理员给人角色") from error


def _removable(seats: Iterable[WorkItem], actor: Actor) -> list[WorkItem]:
    """Return the added seats that are not signed, and that the person added, or that were added to theirs."""
    known = {seat.id: seat for seat in seats}
    return [
        seat
        for seat in known.values()
        if seat.added_to is not None
        and seat.status in UNFINISHED
        and (seat.added_by == actor.person_id or holds(known[seat.added_to], actor.person_id))
    ]


def _has_to_do(seat: WorkItem, actor: Actor) -> bool:
    return holds(seat, actor.person_id) or seat.added_by == actor.person_id


def _preview(asker: Asker, found: Round, seat: WorkItem) -> Removal:
    name = who(asker.session, seat)
    seen = _without(found, seat)
    others = (found.item(item_id) for item_id in seen.voids)
    losses = [f"{name}不用再签“{seat.title}”"]
    losses += [f"{who(asker.session, one)}也不用再签" for one in others]
    return Removal(seat, name, tuple(losses), _follows(asker, found, seen))


def _without(found: Round, seat: WorkItem) -> Outlook:
    seats = [seat_of(found.row, item) for item in found.items]
    return outlook(
        rule_of(found.row), [replace(one, state=State.VOID) if one.id == seat.id else one for one in seats]
    )


def _follows(asker: Asker, found: Round, seen: Outlook) -> str:
    if seen.result is not None:
        outcome = "通过" if seen.result else "不通过"
        return (
            f"减去后{MODES[found.row.mode]}{outcome}，流程往下走"
            if found.row.vote_field
            else "减去后这一步就办完了"
        )
    opens = [who(asker.session, found.item(item_id)) for item_id in seen.opens]
    return f"减去后轮到{'、'.join(opens)}" if opens else "减去后别人照旧"
