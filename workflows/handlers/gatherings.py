"""Gatherings that a coordinator begins by hand: a group training (第十五条)."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from store.numbers import take_number
from store.planned_trainings import Foreseen, foreseen_trainings
from store.scope import Scope
from workflows.acts import Opening, Subject
from workflows.advance import begin_case
from workflows.commands import BeginTraining
from workflows.errors import NotAllowedError, NotFoundError
from workflows.handlers.keys import remember, remembered
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day

TRAINING: Final = "group_training"
_ROLE = "coordinator"
_REASON = "a coordinator begins a training"


def may_begin_training(actor: Actor) -> bool:
    """Tell whether a person may begin a training of their provider."""
    return actor.has(_ROLE) and actor.org_id is not None


def begin_training(runtime: Runtime, command: BeginTraining, actor: Actor) -> UUID:
    """Begin a training of the coordinator's provider; return its case.

    Raises: NotAllowedError, NotFoundError, CommandKeyConflictError.
    """
    if actor.org_id is None or not may_begin_training(actor):
        raise NotAllowedError("begin", TRAINING)
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        if (earlier := remembered(session, actor, command.key, command.fingerprint())) is not None:
            return earlier
        year = legal_day(now).year
        planned = _foreseen(session, actor.org_id, year, command.foreseen) if command.foreseen else None
        if planned is not None and planned.case_id is not None:
            return planned.case_id
        number = take_number(session, actor.org_id, "JZ", year)
        variables = {"planned": dict(planned.row)} if planned is not None else {}
        business_key = planned.key if planned is not None else number
        opening = Opening(TRAINING, business_key, number, "集中培训", variables, Subject(actor.org_id))
        case = begin_case(runtime, session, opening, actor, now)
        remember(session, actor, command.key, command.fingerprint(), case.id, now)
        return case.id


def _foreseen(session: Session, org_id: UUID, year: int, key: str) -> Foreseen:
    """Return the training of the filed plan that a key names. Raises: NotFoundError."""
    found = next((one for one in foreseen_trainings(session, org_id, year) if one.key == key), None)
    if found is None:
        raise NotFoundError(kind="foreseen_training", id=key)
    return found
