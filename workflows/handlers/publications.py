"""发布: a draft is proposed, and a release once a second person approves it; a release is taken back in one step."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import Scope
from store.tables import Definition, Draft, Notice, Person, Release, RoleGrant
from workflows.administration import SYSTEM, reason_of, tell
from workflows.commands import ProposePublication
from workflows.drafting import OPEN, PROPOSED, PUBLISHED, Problem, blocking, draft_of, drafted_bundle
from workflows.errors import NotFoundError, RuleRefusedError, StaleRecordError
from workflows.handlers.drafts import DESIGNER, RECORD, base_manifest, designing, held
from workflows.people import Actor
from workflows.prospects import running_on
from workflows.releases import (
    RETIRED,
    SCHEDULED,
    bring_into_force,
    newest_release,
    release,
    scheduled_release,
)
from workflows.runtime import Runtime, legal_day

FARTHEST: Final = timedelta(days=366)
_REASON = "a release comes into force on its day"


def propose_publication(runtime: Runtime, command: ProposePublication, actor: Actor) -> UUID | None:
    """Ask a second person to publish a draft; where one person may publish alone, do so and return the release's id.

    Raises: NotAllowedError, NotFoundError, StaleRecordError, RuleRefusedError (something is wrong with it, nothing
    was changed, no note, a day that is past, another release was published meanwhile or is still to come).
    """
    with designing(runtime, actor) as session:
        draft = held(session, command.draft_id, actor)
        if draft.version != command.version:
            raise StaleRecordError(RECORD, draft.id)
        note = reason_of(command.note)
        _check_day(command.effective_on, legal_day(runtime.now()))
        _check_place(session, draft, command.over)
        _refuse_problems(blocking(drafted_bundle(session, draft)))
        draft.status, draft.note, draft.effective_on = PROPOSED, note, command.effective_on
        draft.proposed_by, draft.proposed_at = actor.person_id, runtime.now()
        if not runtime.four_eyes:
            return _publish(session, runtime, draft, actor).id
        _tell(
            session,
            runtime,
            draft,
            "proposed",
            f"{actor.name}提交发布，等另一位流程管理员批准：{note}",
            actor,
        )
        link = f"/studio/drafts/{draft.id}/publish"
        title = f"{actor.name}改好了一个流程，请你看过再批准"
        _notify(session, runtime, _holders(session, DESIGNER, actor), title, note, link)
        return None


def approve_publication(runtime: Runtime, draft_id: UUID, version: int, actor: Actor) -> UUID:
    """Publish what somebody else proposed; returns the release's id.

    Raises: NotAllowedError, NotFoundError, StaleRecordError (not what was looked at), RuleRefusedError (one's own,
    decided already, or publishable no more).
    """
    with designing(runtime, actor) as session:
        draft = _proposed(session, draft_id)
        if actor.person_id in {draft.proposed_by, draft.holder_id}:
            raise RuleRefusedError("自己改的要另一位流程管理员批准")
        if draft.version != version:
            raise StaleRecordError(RECORD, draft.id)
        _check_place(session, draft, _seen(session, draft))
        _refuse_problems(blocking(drafted_bundle(session, draft)))
        return _publish(session, runtime, draft, actor).id


def decline_publication(runtime: Runtime, draft_id: UUID, reason: str, actor: Actor) -> None:
    """Say no to a proposal, or take the own one back; the draft may be changed again.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (no reason, decided already).
    """
    with designing(runtime, actor) as session:
        draft, said = _proposed(session, draft_id), reason_of(reason)
        is_own = draft.proposed_by == actor.person_id
        draft.status, draft.proposed_by, draft.proposed_at = OPEN, None, None
        verb = "撤回了发布" if is_own else "没有批准发布"
        _tell(session, runtime, draft, "declined", f"{actor.name}{verb}：{said}", actor)
        if not is_own and draft.holder_id is not None:
            link = f"/studio/drafts/{draft.id}"
            _notify(
                session, runtime, [draft.holder_id], f"{actor.name}没有批准你的草稿，可以接着改", said, link
            )


def retire_release(runtime: Runtime, release_id: UUID, reason: str, actor: Actor) -> int:
    """Take the newest release back, so that cases begin by the one before; returns how many run on it still.

    A release that is still to come is withdrawn. Raises: NotAllowedError, NotFoundError, RuleRefusedError.
    """
    with designing(runtime, actor) as session:
        found = session.get(Release, release_id, with_for_update=True)
        if found is None:
            raise NotFoundError(kind="release", id=str(release_id))
        said, was_scheduled = reason_of(reason), found.status == SCHEDULED
        before = None if was_scheduled else _one_before(session, found)
        running, title = running_on(session, found.id), _title(session, found)
        found.status, found.retired_at = RETIRED, runtime.now()
        verb = "撤回了还没生效的" if before is None else "退回了"
        text = f"{actor.name}{verb}第 {found.number} 版"
        tell(session, ("release", found.id), "retired", f"{text}：{said}", actor, runtime.now())
        link = f"/studio/{found.process}"
        _notify(session, runtime, _holders(session, DESIGNER, actor), f"{text}（{title}）", said, link)
        if before is not None and running:
            offered = f"退回以后，{running} 件在办的还在第 {found.number} 版，可以迁到第 {before.number} 版"
            way = f"/admin/migrations/{found.process}?old={found.id}&to={before.id}"
            _notify(session, runtime, _holders(session, SYSTEM, actor), offered, said, way)
        return running


def force_release(runtime: Runtime, release_id: UUID) -> None:
    """Bring a scheduled release into force on its day, and tell those who design."""
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        if not bring_into_force(session, release_id, now):
            return
        found = session.get_one(Release, release_id)
        title = f"“{_title(session, found)}”第 {found.number} 版今天起生效，新办件走这一版"
        _notify(
            session, runtime, _holders(session, DESIGNER, None), title, found.note, f"/studio/{found.process}"
        )


def _publish(session: Session, runtime: Runtime, draft: Draft, actor: Actor) -> Release:
    bundle = drafted_bundle(session, draft)
    made = release(
        session, bundle, "studio", runtime.now(), draft.proposed_by, draft.note, draft.effective_on
    )
    draft.status = PUBLISHED
    proposer = session.get_one(Person, draft.proposed_by).name
    when = f"，{made.effective_on} 起生效" if made.effective_on else ""
    approved = "" if actor.person_id == draft.proposed_by else f"、{actor.name}批准"
    text = f"{proposer}提交{approved}，发布第 {made.number} 版{when}：{draft.note}"
    tell(session, ("release", made.id), "published", text, actor, runtime.now())
    _tell(session, runtime, draft, "published", text, actor)
    title = f"“{bundle.spec.name}”发布第 {made.number} 版{when}"
    _notify(
        session, runtime, _holders(session, DESIGNER, actor), title, draft.note, f"/studio/{made.process}"
    )
    return made


def _proposed(session: Session, draft_id: UUID) -> Draft:
    draft_of(session, draft_id)
    draft = session.get_one(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft.status != PROPOSED:
        raise RuleRefusedError("这份草稿不在等批准：可能已经有结果了")
    return draft


def _seen(session: Session, draft: Draft) -> int:
    """Return the number of the release in force if it was there when the draft was proposed, else 0."""
    base = session.get(Release, draft.base_release_id) if draft.base_release_id is not None else None
    newest = newest_release(session, base.process) if base is not None else None
    is_known = (
        newest is not None and draft.proposed_at is not None and newest.published_at <= draft.proposed_at
    )
    return newest.number if newest is not None and is_known else 0


def _title(session: Session, found: Release) -> str:
    return session.get_one(Definition, found.definition_id).title


def _check_day(effective_on: date | None, today: date) -> None:
    if effective_on is not None and not today <= effective_on <= today + FARTHEST:
        raise RuleRefusedError(f"生效日要在 {today} 到 {today + FARTHEST} 之间；今天就生效可以不填")


def _check_place(session: Session, draft: Draft, over: int) -> None:
    """Refuse to take the place of a release that nobody looked at, or that is still to come."""
    if draft.base_release_id is None:
        return
    process = session.get_one(Release, draft.base_release_id).process
    if (later := scheduled_release(session, process)) is not None:
        raise RuleRefusedError(
            f"第 {later.number} 版还没有生效（{later.effective_on} 起）：等它生效，或者先撤回它"
        )
    newest = newest_release(session, process)
    if newest is not None and newest.id != draft.base_release_id and newest.number != over:
        raise RuleRefusedError(
            f"开始修改以后又发布了第 {newest.number} 版，这份草稿里没有那些改动："
            "从新版重新开始一份，或者确认要用这份代替它"
        )
    if base_manifest(session, draft) == draft.files:
        raise RuleRefusedError("和原来的版本没有不同，没有可以发布的")


def _refuse_problems(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise RuleRefusedError(f"还有 {len(problems)} 处要改好才能发布，第一处：{problems[0].text}")


def _one_before(session: Session, found: Release) -> Release:
    """Return the release that is in force once this one is retired. Raises: RuleRefusedError."""
    newest = newest_release(session, found.process)
    if newest is None or newest.id != found.id:
        raise RuleRefusedError("只能退回正在用的那一版")
    if found.origin == "shipped":
        raise RuleRefusedError("随产品来的版本随产品更新，不能在这里退回")
    query = select(Release).where(Release.process == found.process, Release.status == "published")
    before = session.scalar(
        query.where(Release.number < found.number).order_by(Release.number.desc()).limit(1)
    )
    if before is None:
        raise RuleRefusedError("这是第一版，没有可以退回的")
    return before


def _holders(session: Session, role: str, without: Actor | None) -> list[UUID]:
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == role, RoleGrant.revoked_at.is_(None), Person.active)
        .where(Person.id != (without.person_id if without is not None else None))
    )
    return list(session.scalars(query.distinct().order_by(Person.id)))


def _notify(
    session: Session, runtime: Runtime, people: Iterable[UUID], title: str, body: str, link: str
) -> None:
    now = runtime.now()
    told = {"kind": "notice", "title": title, "body": body, "link": link, "at": now}
    session.add_all(Notice(person_id=person_id, **told) for person_id in people)


def _tell(session: Session, runtime: Runtime, draft: Draft, kind: str, text: str, actor: Actor) -> None:
    tell(session, (RECORD, draft.id), kind, text, actor, runtime.now())
