"""One signature of a step that several sign: the vote is taken down, and what follows from it comes true."""

from collections.abc import Mapping
from typing import Final

from store.events import EventDraft
from store.tables import WorkItem
from workflows.acts import Act
from workflows.commands import CompleteWorkItem
from workflows.engine import plain_mapping, to_json
from workflows.handlers.keys import unique
from workflows.handlers.rounds import (
    APPROVE,
    MODES,
    OPINION,
    REJECT,
    VERDICTS,
    Round,
    refuse_twice,
    settle_round,
)
from workflows.statuses import DONE
from workflows.values import json_object

LONGEST_TOLD: Final = 120


def sign(
    act: Act, item: WorkItem, found: Round, command: CompleteWorkItem, answers: Mapping[str, object]
) -> None:
    """Take down a signature whose answers are checked. What else the command writes stands in `act.writes`.

    Raises: RuleRefusedError when the person has another seat of the round.
    """
    refuse_twice(found, item.id, act.actor.person_id)
    item.status, item.version = DONE, item.version + 1
    item.done_at, item.done_by = act.now, act.actor.person_id
    item.turn = sum(each.status == DONE for each in found.items)
    item.verdict = _verdict(found, answers)
    item.signed = {"answers": to_json(plain_mapping(answers))}
    head = EventDraft(
        "step.signed",
        item.step,
        {
            "text": _sentence(act, found, item, answers),
            "answers": json_object(answers),
            "form_sha256": item.form_sha256,
            "seen_version": command.version,
            "role": item.role,
            "on_behalf": command.on_behalf,
            "verdict": item.verdict,
        },
    )
    with unique(command.key):
        settle_round(act, found, head, item.holder_id if command.on_behalf else None)


def _verdict(found: Round, answers: Mapping[str, object]) -> str:
    if found.row.vote_field is None:
        return OPINION
    return APPROVE if answers.get(found.row.vote_field) == found.row.vote_approve else REJECT


def _sentence(act: Act, found: Round, item: WorkItem, answers: Mapping[str, object]) -> str:
    opinion = str(answers.get("opinion") or "")[:LONGEST_TOLD]
    said = f"：{opinion}" if opinion else ""
    if found.row.vote_field is None:
        is_added = item.added_to is not None
        return f"{act.actor.name}{'对' if is_added else '办理'}“{item.title}”{'的加签意见' if is_added else ''}{said}"
    return f"{act.actor.name}{MODES[found.row.mode]}“{item.title}”，{VERDICTS[str(item.verdict)]}{said}"
