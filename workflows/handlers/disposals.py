"""Disposal of case files: the insurer asks, the provider reviews, an auditor countersigns (第七条, D2).

Nothing is ever disposed of by itself, and nothing before its time: each of the three is refused if a volume's time
is not over, or something holds it. What stays is the list with the digest of each file, the record and its events.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.vocabulary import label
from store.errors import NotYetError
from store.events import EventDraft
from store.numbers import take_number
from store.queue import enqueue
from store.scope import Scope
from store.tables import CaseFile, Disposal, Notice, Person, RoleGrant
from store.types import JsonObject, canonical
from store.volumes import files_of, mark_gone, retentions, still_named
from workflows.administration import one_line, reason_of, tell
from workflows.advance import lock_case, new_act, note
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.people import Actor
from workflows.reading import require_visible
from workflows.runtime import Runtime, legal_day
from workflows.values import json_object

PROPOSER: Final = "insurer"
REVIEWER: Final = "provider_manager"
COUNTERSIGNER: Final = "auditor"
PROPOSED, REVIEWED, DISPOSED, DECLINED = "proposed", "reviewed", "disposed", "declined"
NEXT: Final = {PROPOSED: REVIEWER, REVIEWED: COUNTERSIGNER}
"""Who decides next."""
REMOVE: Final = "remove_disposed"
MOST: Final = 100
"""So many volumes go into one proposal: a person is to look at each."""
_JUST_NOW: Final = timedelta(hours=1)
_REASON: Final = "disposal of case files whose time is over"


class StillInUseError(NotYetError):
    """A file of the same content was put into the store a moment ago; the job comes again."""


def may_decide(disposal: Disposal, actor: Actor) -> bool:
    """Tell whether it is this person's turn: in the role that comes next, and nobody who decided before."""
    role = NEXT.get(disposal.state)
    is_own = role != REVIEWER or actor.org_id == disposal.org_id
    return (
        role in actor.roles and is_own and actor.person_id not in (disposal.proposed_by, disposal.reviewed_by)
    )


def propose_disposal(runtime: Runtime, volume_ids: Collection[UUID], reason: str, actor: Actor) -> list[UUID]:
    """Ask for the disposal of these volumes (第七条); return the proposals, one for each provider.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError if the time of one is not over, something holds it, or it
    lies in another proposal.
    """
    if not actor.has(PROPOSER) or actor.person_id is None:
        raise NotAllowedError("propose", "disposal")
    said, wanted = reason_of(reason), list(dict.fromkeys(volume_ids))
    if not 0 < len(wanted) <= MOST:
        raise RuleRefusedError(f"选 1 到 {MOST} 卷再申请" if wanted else "先选要销毁的档案，再申请")
    for volume_id in wanted:
        require_visible(runtime, CaseFile, volume_id, actor, "case_file")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        volumes = _locked(session, CaseFile.id.in_(wanted))
        if any(one.disposal_id is not None for one in volumes):
            raise RuleRefusedError("选中的档案里有的已经在别的销毁申请里，刷新页面再选")
        _require_over(runtime, session, volumes)
        return [
            _propose(runtime, session, [one for one in volumes if one.org_id == org_id], said, actor)
            for org_id in sorted({one.org_id for one in volumes})
        ]


def approve_disposal(runtime: Runtime, disposal_id: UUID, opinion: str, actor: Actor) -> str:
    """Review a proposal, or countersign it: with the last signature the volumes are gone. Returns the new state.

    Raises: NotFoundError, NotAllowedError, RuleRefusedError if a volume may no longer go.
    """
    require_visible(runtime, Disposal, disposal_id, actor, "disposal")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        disposal = _turn(session, disposal_id, actor)
        volumes = _locked(session, CaseFile.disposal_id == disposal.id)
        _require_over(runtime, session, volumes)
        said = f"：{one_line(opinion)}" if one_line(opinion) else ""
        if disposal.state == PROPOSED:
            disposal.state, disposal.reviewed_by, disposal.reviewed_at = REVIEWED, actor.person_id, now
            _tell(
                session, disposal, "reviewed", f"{actor.name}复核同意销毁 {len(volumes)} 卷档案{said}", actor
            )
            _ring(session, disposal, f"档案销毁申请 {disposal.number} 等会签", runtime)
        else:
            disposal.state, disposal.decided_by, disposal.decided_at = DISPOSED, actor.person_id, now
            disposal.opinion = one_line(opinion)
            _dispose(runtime, session, disposal, volumes, actor)
            text = f"{actor.name}会签，{len(volumes)} 卷档案销毁，清单和摘要留存{said}"
            _tell(session, disposal, "disposed", text, actor)
        return disposal.state


def decline_disposal(runtime: Runtime, disposal_id: UUID, opinion: str, actor: Actor) -> None:
    """Say no: the volumes stay and may be proposed again. Raises: as `approve_disposal`, and without a reason."""
    said, now = reason_of(opinion), runtime.now()
    require_visible(runtime, Disposal, disposal_id, actor, "disposal")
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        disposal = _turn(session, disposal_id, actor)
        for volume in _locked(session, CaseFile.disposal_id == disposal.id):
            volume.disposal_id = None
        disposal.state, disposal.decided_by, disposal.decided_at = DECLINED, actor.person_id, now
        disposal.opinion = said
        _tell(session, disposal, "declined", f"{actor.name}不同意销毁：{said}", actor)
        session.add(
            Notice(
                person_id=disposal.proposed_by,
                kind="notice",
                title=f"档案销毁申请 {disposal.number} 没有通过：{said}",
                link=_link(disposal),
                at=now,
            )
        )


def remove_disposed(runtime: Runtime, disposal_id: UUID) -> None:
    """Take the files of a disposal out of the file store, except those that another row still names."""
    now = runtime.now()
    with runtime.database.read(Scope.everything(_REASON)) as session:
        disposal = session.get_one(Disposal, disposal_id)
        if disposal.state != DISPOSED or disposal.removed_at is not None:
            return
        digests = {file["sha256"] for volume in disposal.volumes for file in volume["files"]}
        gone = digests - still_named(session, digests)
    left = [digest for digest in sorted(gone) if not runtime.files.remove(digest, now - _JUST_NOW)]
    if left:
        raise StillInUseError(left[0])
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        session.get_one(Disposal, disposal_id).removed_at = now


def _locked(session: Session, condition: object) -> list[CaseFile]:
    query = select(CaseFile).where(condition).order_by(CaseFile.number, CaseFile.id)  # type: ignore[arg-type]  # a condition
    return list(session.scalars(query.with_for_update()))


def _turn(session: Session, disposal_id: UUID, actor: Actor) -> Disposal:
    disposal = session.get_one(Disposal, disposal_id, with_for_update=True)
    role = NEXT.get(disposal.state)
    if role is None:
        raise RuleRefusedError("这份申请已经办结")
    if not actor.has(role):
        raise NotAllowedError("decide", "disposal")
    if not may_decide(disposal, actor):
        raise RuleRefusedError("申请、复核、会签要由三个人办，前面办过的人不能再办")
    return disposal


def _require_over(runtime: Runtime, session: Session, volumes: Sequence[CaseFile]) -> None:
    """Let only volumes pass whose time is over and that nothing holds. Raises: RuleRefusedError, naming each."""
    today = legal_day(runtime.now())
    kept = retentions(session, volumes)
    reasons = []
    for one in volumes:
        found = kept[one.id]
        if one.state != "sealed" or one.disposed_at is not None:
            reasons.append(f"{one.number} 不是封存的档案")
        elif found.holds:
            words = "、".join(label("retention_reason", hold) for hold in found.holds)
            reasons.append(f"{one.number} {words}")
        elif not found.may_dispose(today):
            reasons.append(f"{one.number} 要保管到 {found.retain_until}")
    if reasons:
        raise RuleRefusedError(f"不能销毁：{'；'.join(reasons)}（第七条）")


def _propose(
    runtime: Runtime, session: Session, volumes: Sequence[CaseFile], reason: str, actor: Actor
) -> UUID:
    now, first = runtime.now(), volumes[0]
    entries = [_entry(session, one) for one in volumes]
    disposal = Disposal(
        number=take_number(session, first.org_id, "XH", legal_day(now).year),
        reason=reason,
        volumes=entries,
        list_sha256=hashlib.sha256(canonical(entries)).hexdigest(),
        proposed_by=actor.person_id,
        proposed_at=now,
        org_id=first.org_id,
        insurer_id=first.insurer_id,
    )
    session.add(disposal)
    session.flush()
    for one in volumes:
        one.disposal_id = disposal.id
    files = sum(len(files_of(session, one)) for one in volumes)
    text = f"{actor.name}申请销毁 {len(volumes)} 卷档案、{files} 个文件：{reason}"
    _tell(session, disposal, "proposed", text, actor)
    _ring(session, disposal, f"档案销毁申请 {disposal.number} 等复核", runtime)
    return disposal.id


def _entry(session: Session, volume: CaseFile) -> JsonObject:
    """Return what stays of a volume: what it was, the head of its chain, and the digest of each of its files."""
    return json_object(
        {
            "id": str(volume.id),
            "number": volume.number,
            "title": volume.title,
            "sealed_at": volume.sealed_at,
            "retain_until": volume.retain_until,
            "chain_head": volume.chain_head,
            "files": [
                {"title": one.title, "sha256": one.sha256, "size": one.size}
                for one in files_of(session, volume)
            ],
        }
    )


def _dispose(
    runtime: Runtime, session: Session, disposal: Disposal, volumes: Iterable[CaseFile], actor: Actor
) -> None:
    now = runtime.now()
    for volume in volumes:
        mark_gone(session, volume, now)
        if volume.case_id is not None:
            act = new_act(runtime, session, lock_case(session, volume.case_id), actor, now)
            text = f"档案 {volume.number} 保管期满，按 {disposal.number} 销毁，清单和摘要留存"
            note(act, EventDraft("archive.disposed", None, {"text": text, "disposal_id": str(disposal.id)}))
    enqueue(session, REMOVE, {"disposal_id": str(disposal.id)}, run_at=now, key=f"disposed:{disposal.id}")


def _tell(session: Session, disposal: Disposal, kind: str, text: str, actor: Actor) -> None:
    tell(
        session,
        ("disposal", disposal.id),
        kind,
        text,
        actor,
        session.info["now"],
        disposal.org_id,
        list_sha256=disposal.list_sha256,
    )


def _ring(session: Session, disposal: Disposal, title: str, runtime: Runtime) -> None:
    """Tell those whose turn it is."""
    role = NEXT[disposal.state or PROPOSED]
    holders = [disposal.org_id] if role == REVIEWER else session.scalars(_AUDITING)
    session.add_all(
        Notice(role=role, holder_id=one, kind="notice", title=title, link=_link(disposal), at=runtime.now())
        for one in holders
    )


def _link(disposal: Disposal) -> str:
    return f"/archives/disposals/{disposal.id}"


_AUDITING = (
    select(Person.org_id)
    .join(RoleGrant, RoleGrant.person_id == Person.id)
    .where(RoleGrant.role == COUNTERSIGNER, RoleGrant.revoked_at.is_(None), Person.active)
    .distinct()
)
