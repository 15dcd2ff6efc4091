"""Cases that people begin by the form of a start event (发起)."""

from uuid import UUID

from sqlalchemy.orm import Session

from forms.validate import check
from store.numbers import take_number
from store.scope import Scope
from store.tables import Policy
from workflows.advance import Given, begin_case
from workflows.answering import sending_context
from workflows.beginnings import opening_by, previewed, startable
from workflows.commands import BeginCase
from workflows.engine.errors import OperationFailedError
from workflows.errors import AnswersRefusedError, InvalidAnswersError, NotFoundError
from workflows.handlers.keys import remember, remembered
from workflows.people import Actor
from workflows.pinned import form_digest, form_of
from workflows.reading import require_visible
from workflows.runtime import Runtime, legal_day

_REASON = "a person begins a case by a form"


def begin_by_form(runtime: Runtime, command: BeginCase, actor: Actor) -> UUID:
    """Begin a case with what a person filled in; return it. The same key begins it once.

    Raises: NotFoundError, NotAllowedError, InvalidAnswersError, CommandKeyConflictError.
    """
    now = runtime.now()
    if command.policy_id is not None:
        require_visible(runtime, Policy, command.policy_id, actor, "policy")
    try:
        with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
            if (earlier := remembered(session, actor, command.key, command.fingerprint())) is not None:
                return earlier
            case_id = _begin(runtime, session, command, actor)
            remember(session, actor, command.key, command.fingerprint(), case_id, now)
            return case_id
    except OperationFailedError as error:
        if isinstance(error.__cause__, AnswersRefusedError):
            raise InvalidAnswersError(error.__cause__.errors, command.answers) from error
        raise


def _begin(runtime: Runtime, session: Session, command: BeginCase, actor: Actor) -> UUID:
    now = runtime.now()
    what = startable(session, command.process, command.start, actor)
    point = what.point
    if (point.about is None) is not (command.policy_id is None):
        raise NotFoundError(kind="policy", id=str(command.policy_id))
    digest = form_digest(session, what.release_id, point.form or "")
    act = previewed(runtime, session, what, command.policy_id, actor, now)
    checked = check(form_of(session, digest), command.answers, sending_context(act))
    if checked.errors:
        raise InvalidAnswersError(checked.errors, command.answers)
    number = take_number(session, act.case.org_id, point.number or "", legal_day(now).year)
    opening = opening_by(session, what, command.policy_id, actor, now, number)
    given = Given(f"{actor.name}：{point.name}", checked.answers, digest)
    return begin_case(runtime, session, opening, actor, now, point.id, given).id
