"""The seats of a step that several sign: one work item for each, and the round that they belong to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert

from rules.roles import ROLES
from store.prepared import Write, unwatched
from store.tables import SignRound, WorkItem
from store.types import new_id
from workflows.acts import Act
from workflows.engine import Signing, Step
from workflows.errors import UnknownRoleError
from workflows.holders import given, holder_of
from workflows.statuses import CLAIMED, POOL, WAITING

_INSERT_ROUND = insert(SignRound.__table__)  # type: ignore[arg-type]  # the class's table


def seated(act: Act, item: WorkItem, step: Step, signers: Sequence[str]) -> tuple[Write, list[WorkItem]]:
    """Return what opens the round of a step, and a seat for each signer; `item` is the step for one person.

    A signer is a role, or a person who signs in the step's own role; for one who has left or lost it, the people
    of that role sign. In order, who is not the first waits for their turn.
    """
    round_id = new_id()
    signing = step.signing or Signing("all", "", None, ())
    seats: list[WorkItem] = []
    for number, signer in enumerate(signers, 1):
        seats.append(_seat(act, item, signer, number, {seat.assignee_id for seat in seats}))
    for seat in seats:
        waits = signing.mode == "order" and (seat.order_no or 0) > 1
        status = WAITING if waits else CLAIMED if seat.assignee_id else POOL
        claimed_at = act.now if status == CLAIMED else None
        vars(seat).update(sign_round_id=round_id, status=status, claimed_at=claimed_at)
    return Write(_INSERT_ROUND, _row(act, item, step, signing, round_id)), seats


def _row(act: Act, item: WorkItem, step: Step, signing: Signing, round_id: UUID) -> dict[str, object]:
    return {
        "id": round_id,
        "case_id": item.case_id,
        "task_id": item.task_id,
        "step": item.step,
        "mode": signing.mode,
        "share": signing.share,
        "veto": list(signing.veto),
        "vote_field": step.vote.field if step.vote is not None else None,
        "vote_approve": step.vote.approve if step.vote is not None else None,
        "status": "open",
        "opened_at": act.now,
    }


def _seat(act: Act, item: WorkItem, signer: str, number: int, taken: set[UUID | None]) -> WorkItem:
    """Return one seat; a substitute who signs in another one does not sign in this as well."""
    role = signer if signer in ROLES else item.role
    person, owner = (None, None) if signer in ROLES else _person(act, item, signer)
    if person in taken:
        person, owner = None, None
    values = {name: value for name, value in vars(item).items() if not name.startswith("_")}
    values |= {
        "id": new_id(),
        "order_no": number,
        "role": role,
        "holder_id": holder_of(act, role, item.step),
        "assignee_id": person,
        "owner_id": owner,
    }
    return unwatched(WorkItem, values)


def _person(act: Act, item: WorkItem, signer: str) -> tuple[UUID | None, UUID | None]:
    try:
        return given(act, UUID(signer), item.role)
    except ValueError as error:
        raise UnknownRoleError(process=act.case.process, step=item.step, role=signer) from error
