"""Calls of other processes (调用活动): a case of its own, whose end answers the one that called it."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.queue import enqueue
from store.tables import Case, Release
from workflows.acts import Act, Opening, Outgoing
from workflows.bundles import call_name
from workflows.engine import CALL_ENDED, Called, Outcome
from workflows.pinned import manifest_of
from workflows.releases import newest_release

KEY = "call:"
"""How the business key of a case begins that was called; the token that waits for it follows."""


def openings_of(act: Act, outcome: Outcome) -> Iterator[Opening]:
    """Yield the cases that a command has called."""
    if not outcome.called:
        return
    children = select(func.count()).where(Case.parent_case_id == act.case.id)
    known = act.session.scalar(children) or 0
    for n, called in enumerate(outcome.called, known + 1):
        yield Opening(
            process=called.process,
            business_key=KEY + called.token_id,
            number=f"{act.case.number}-{n}",
            title=f"{act.case.title} · {called.name}",
            variables=called.inputs,
            subject=act.subject,
            parent=act.case.id,
            release_id=_pinned(act.session, act.case.release_id, called),
        )


def answer_of(case: Case, outcome: Outcome) -> Iterator[Outgoing]:
    """Yield the message that tells the caller of a case that it has ended by itself, with what it knew in the end."""
    if outcome.status == "completed" and is_call(case):
        yield call_ended(case, outcome.variables, outcome.status, outcome.end_event)


def end_what_was_called(act: Act, outcome: Outcome, answered: str) -> None:
    """Let jobs end the cases whose calls the flow has closed otherwise than by their answer."""
    for token in outcome.closed:
        if token.message == CALL_ENDED and token.id != answered:
            told = {"token_id": token.id}
            enqueue(act.session, "end_called", told, run_at=act.now, key=f"end_called:{token.id}")


def is_call(case: Case) -> bool:
    """Tell whether a case was called, so that its caller waits for its end."""
    return case.business_key.startswith(KEY)


def call_ended(
    case: Case, variables: Mapping[str, object], status: str, end_event: str | None = None
) -> Outgoing:
    """Return the message that answers the caller of a case."""
    told = {**variables, "status": status, "end_event": end_event}
    return Outgoing(CALL_ENDED, "", case.business_key.removeprefix(KEY), told)


def _pinned(session: Session, caller: UUID, called: Called) -> UUID | None:
    """Return the release that the caller's release pins by its diagram; None where it is no longer known."""
    digest = manifest_of(session, caller).get(call_name(called.process))
    name = f"diagrams/{called.process}.bpmn"
    releases = select(Release).where(Release.process == called.process).order_by(Release.number.desc())
    for release in session.scalars(releases):
        if release.manifest.get(name) == digest:
            return release.id
    newest = newest_release(session, called.process)
    return None if newest is None else newest.id
