"""批注: a remark on a case, an event and nothing else; those who are named in it are told."""

from uuid import UUID

from msgspec import Struct

from store.events import EventDraft
from store.tables import Case
from workflows.advance import note
from workflows.commands import digest
from workflows.errors import RuleRefusedError
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.values import json_object
from workflows.verbs.common import begun_on_case, inform, told
from workflows.verbs.offer import Asker, Offer, Verb
from workflows.verbs.receivers import reader_of_case

AT_ONCE = 50


class CommentOnCase(Struct, frozen=True):
    """Leave a remark; it goes to whoever may read the case, and to the bell of those who are named."""

    case_id: UUID
    text: str
    told_ids: tuple[UUID, ...]
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(comment=str(self.case_id), text=self.text, told=[str(one) for one in self.told_ids])


def offer(_asker: Asker) -> Offer | None:
    """Offer it to whoever sees the work."""
    return Offer(Verb.COMMENT)


def comment_on_case(runtime: Runtime, command: CommentOnCase, actor: Actor) -> None:
    """Write the remark.

    Raises: NotFoundError, RuleRefusedError (empty; too many are named, or somebody who may not read the case).
    """
    with begun_on_case(runtime, actor, command.case_id, command.key, command.fingerprint()) as act:
        if act is None:
            return
        text = told(command.text, required="写下批注的内容再提交")
        named = list(dict.fromkeys(command.told_ids))
        if len(named) > AT_ONCE:
            raise RuleRefusedError(f"一次最多提醒 {AT_ONCE} 人，分几次写")
        people = [reader_of_case(act, person_id) for person_id in named]
        who = f"，提醒{'、'.join(one.name for one in people)}" if people else ""
        body = {"text": f"{act.actor.name}批注{who}：{text}", "told": [str(one.id) for one in people]}
        note(act, EventDraft("case.commented", None, json_object(body)))
        for one in people:
            inform(act, one.id, f"{_named(act.case)}：{act.actor.name}的批注提到你", body=text)


def _named(case: Case) -> str:
    return case.title or case.number
