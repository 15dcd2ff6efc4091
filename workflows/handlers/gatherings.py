"""Gatherings that a coordinator begins by hand: a group training (第十五条)."""

from typing import Final
from uuid import UUID

from store.numbers import take_number
from store.scope import Scope
from workflows.acts import Opening, Subject
from workflows.advance import begin_case
from workflows.commands import BeginTraining
from workflows.errors import NotAllowedError
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

    Raises: NotAllowedError, CommandKeyConflictError.
    """
    if actor.org_id is None or not may_begin_training(actor):
        raise NotAllowedError("begin", TRAINING)
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        if (earlier := remembered(session, actor, command.key, command.fingerprint())) is not None:
            return earlier
        number = take_number(session, actor.org_id, "JZ", legal_day(now).year)
        opening = Opening(TRAINING, number, number, "集中培训", {}, Subject(actor.org_id))
        case = begin_case(runtime, session, opening, actor, now)
        remember(session, actor, command.key, command.fingerprint(), case.id, now)
        return case.id
