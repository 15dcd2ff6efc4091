"""抄送: the right to read a case, and a line behind the bell; nothing of anybody's work changes."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.events import EventDraft
from store.scope import Scope
from store.tables import CopyNotice, Organization, Person, WorkItem
from workflows.acts import Act
from workflows.advance import note
from workflows.commands import digest
from workflows.errors import RuleRefusedError
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.values import json_object
from workflows.verbs.common import begun_on_case, inform, told
from workflows.verbs.offer import Asker, Offer, Verb

AT_ONCE = 50
_OFFICES = frozenset({"joint_office", "district_office", "industry_authority"})
_REASON = "somebody reads a case that was copied to them"


class CopyCase(Struct, frozen=True):
    """Let people read a case who need not do anything in it."""

    case_id: UUID
    receiver_ids: tuple[UUID, ...]
    text: str
    key: str

    def fingerprint(self) -> str:
        """Return the digest by which a repeated request is known."""
        return digest(copy=str(self.case_id), to=[str(one) for one in self.receiver_ids], text=self.text)


def offer(_asker: Asker) -> Offer | None:
    """Offer it to whoever sees the work."""
    return Offer(Verb.COPY)


def copy_case(runtime: Runtime, command: CopyCase, actor: Actor) -> int:
    """Give the people the right to read the case; return how many had not been copied before.

    Raises: NotFoundError, RuleRefusedError (nobody chosen, or too many; somebody who may not be given it).
    """
    with begun_on_case(runtime, actor, command.case_id, command.key, command.fingerprint()) as act:
        if act is None:
            return 0
        if not command.receiver_ids:
            raise RuleRefusedError("选好抄送给谁再提交")
        chosen = list(dict.fromkeys(command.receiver_ids))
        if len(chosen) > AT_ONCE:
            raise RuleRefusedError(f"一次最多抄送 {AT_ONCE} 人，分几次抄送")
        people = [_receiver(act, one) for one in chosen]
        known = set(
            act.session.scalars(select(CopyNotice.person_id).where(CopyNotice.case_id == act.case.id))
        )
        fresh = [one for one in people if one.id not in known]
        _keep(act, fresh, people, told(command.text))
        return len(fresh)


def note_read(runtime: Runtime, case_id: UUID, person_id: UUID) -> None:
    """Remember that somebody has opened a case that was copied to them."""
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=person_id) as session:
        session.execute(
            update(CopyNotice)
            .where(
                CopyNotice.case_id == case_id, CopyNotice.person_id == person_id, CopyNotice.read_at.is_(None)
            )
            .values(read_at=now)
            .execution_options(synchronize_session=False)
        )


def has_unread_copy(session: Session, case_id: UUID, person_id: UUID) -> bool:
    """Tell whether a case was copied to a person who has not opened it since."""
    query = select(CopyNotice.id).where(
        CopyNotice.case_id == case_id, CopyNotice.person_id == person_id, CopyNotice.read_at.is_(None)
    )
    return session.scalar(query.limit(1)) is not None


def _receiver(act: Act, person_id: UUID) -> Person:
    """Return the person: of an office, or of an organization that has to do with the case.

    Raises: RuleRefusedError.
    """
    person = act.session.get(Person, person_id)
    if person is None or not person.active or person.login is None:
        raise RuleRefusedError("抄送的人没有可用的账号，换一个人")
    home = act.session.get_one(Organization, person.org_id)
    if home.kind not in _OFFICES and not _has_to_do(act, home.id):
        raise RuleRefusedError(f"{person.name}不能看这个办件：不是办这件事的机构的人")
    return person


def _has_to_do(act: Act, org_id: UUID) -> bool:
    """Tell whether a case is an organization's own, or some of its work is or was."""
    case = act.case
    if org_id in {case.org_id, case.insurer_id, case.policyholder_id}:
        return True
    work = select(WorkItem.id).where(WorkItem.case_id == case.id, WorkItem.holder_id == org_id)
    return act.session.scalar(work.limit(1)) is not None


def _keep(act: Act, fresh: Sequence[Person], people: Sequence[Person], text: str) -> None:
    act.session.add_all(
        CopyNotice(case_id=act.case.id, person_id=one.id, by_id=act.actor.person_id, at=act.now)
        for one in fresh
    )
    names = "、".join(one.name for one in people)
    said = f"：{text}" if text else ""
    body = {"text": f"{act.actor.name}抄送{names}{said}", "to": [str(one.id) for one in people]}
    note(act, EventDraft("case.copied", None, json_object(body)))
    for one in people:
        inform(act, one.id, f"{act.case.title or act.case.number}：{act.actor.name}抄送给你{said}", body=text)
