"""What was filled in before: the answers of a finished item, as its event keeps them; the draft of somebody else."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import AnswerDraft, CaseEvent, SignRound, WorkItem


def finished_at(session: Session, item: WorkItem) -> datetime | None:
    """Return when the step of a finished item was done: one that several sign, with the signature that decided it."""
    found = session.get(SignRound, item.sign_round_id) if item.sign_round_id is not None else None
    return item.done_at if found is None else found.decided_at


def earlier_answers(session: Session, item: WorkItem) -> Mapping[str, object] | None:
    """Return the answers with which an item's step was completed; they stay in its event whatever becomes of it."""
    body = session.scalar(
        select(CaseEvent.body)
        .where(
            CaseEvent.case_id == item.case_id,
            CaseEvent.kind == "step.completed",
            CaseEvent.element == item.step,
            CaseEvent.at == finished_at(session, item),
        )
        .order_by(CaseEvent.version.desc())
        .limit(1)
    )
    answers = orjson.loads(body)["data"].get("answers") if body is not None else None
    return answers if isinstance(answers, dict) else None


def pass_draft(session: Session, item: WorkItem, giver: UUID | None, to: UUID, now: datetime) -> None:
    """Let the next one find what was typed into an item so far; nothing of their own is overwritten."""
    typed = select(AnswerDraft).where(AnswerDraft.work_item_id == item.id)
    mine = session.scalar(typed.where(AnswerDraft.person_id == giver)) if giver is not None else None
    theirs = session.scalar(typed.where(AnswerDraft.person_id == to))
    if mine is None or (theirs is not None and theirs.saved_at >= mine.saved_at):
        return
    if theirs is None:
        theirs = AnswerDraft(person_id=to, work_item_id=item.id, form_sha256=mine.form_sha256)
        session.add(theirs)
    theirs.form_sha256, theirs.body, theirs.saved_at = mine.form_sha256, mine.body, now
