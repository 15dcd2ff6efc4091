"""Templates of papers as releases: a draft is saved, proposed by one, published by another, and stays as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from documents.papers import PAPERS
from documents.sources import Source, shipped_source
from store.scope import Scope
from store.tables import Notice, Person, RoleGrant, TemplateRelease
from workflows.administration import LONGEST_REASON, one_line, reason_of, require, tell
from workflows.bundles import digest_of
from workflows.errors import NotFoundError, RuleRefusedError, StaleRecordError
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.template_choice import PUBLISHED

DESIGNER: Final = "process_designer"
DRAFT: Final = "draft"
PROPOSED: Final = "proposed"
RECORD: Final = "template_release"
LONGEST: Final = 200_000
_THERE_IS_ONE = "这份文书已经有一份草稿：接着改它，或者先放弃它"
_REASON = "a template of a paper is changed, under four eyes"


class SaveTemplate(Struct, frozen=True):
    """What a draft is to say; `seen` is the version that the person has before them, 0 where there was no draft."""

    template: str
    source: str
    seen: int


def begin_template(runtime: Runtime, template: str, from_id: UUID | None, actor: Actor) -> None:
    """Begin a draft from a release, or from the shipped template.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (there is one).
    """
    with _changing(runtime, template, actor) as (session, now):
        if _open_row(session, template) is not None:
            raise RuleRefusedError(_THERE_IS_ONE)
        begun = shipped_source(template)
        if from_id is not None:
            earlier = _row(session, from_id, PUBLISHED)
            begun = Source(earlier.source, earlier.frame)
        session.add(
            TemplateRelease(
                template=template,
                source=begun.text,
                frame=begun.frame,
                sha256=_digest(begun.text),
                base_sha256=_digest(shipped_source(template).text),
                saved_by=actor.person_id,
                saved_at=now,
            )
        )
        try:
            session.flush()
        except IntegrityError as error:  # somebody else began one at the same moment
            raise RuleRefusedError(_THERE_IS_ONE) from error


def save_template(runtime: Runtime, command: SaveTemplate, actor: Actor) -> int:
    """Keep what a draft says, broken or not; returns its version.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (proposed already, too long), StaleRecordError.
    """
    if len(command.source) > LONGEST:
        raise RuleRefusedError(f"模板太长：{len(command.source)} 个字符，最多 {LONGEST} 个")
    with _changing(runtime, command.template, actor) as (session, now):
        row = _draft(session, command.template, command.seen)
        row.source, row.sha256 = command.source, _digest(command.source)
        row.saved_by, row.saved_at = actor.person_id, now
        session.flush()
        return row.row_version


def drop_template(runtime: Runtime, template: str, seen: int, actor: Actor) -> None:
    """Throw a draft away. Raises: NotAllowedError, NotFoundError, RuleRefusedError, StaleRecordError."""
    with _changing(runtime, template, actor) as (session, _now):
        session.delete(_draft(session, template, seen))


def propose_template(runtime: Runtime, template: str, seen: int, note: str, actor: Actor) -> bool:
    """Put a draft that compiles before the other designers; True if it is published at once (four eyes off).

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (no note), StaleRecordError, BrokenTemplateError.
    """
    from workflows.template_samples import sample_pages  # noqa: PLC0415  # heavy: it draws, and is seldom needed

    require(actor, DESIGNER, "templates")
    said = one_line(note)[:LONGEST_REASON]
    if not said:
        raise RuleRefusedError("写明改了什么、为什么改，再提交；说明会留在版本记录里")
    with runtime.database.read(Scope.everything(_REASON)) as session:
        row = _draft(session, template, seen)
        source = Source(row.source, row.frame)
    sample_pages(runtime, template, source)
    with _changing(runtime, template, actor) as (session, now):
        row = _draft(session, template, seen)
        row.state, row.note, row.answer, row.proposed_by = PROPOSED, said, "", actor.person_id
        if runtime.four_eyes:
            _told(
                session, row, "proposed", f"{actor.name}提出改文书模板《{_title(row)}》：{said}", actor, now
            )
            _call(session, row, actor, now)
            return False
        _publish(session, row, actor, now)
        return True


def publish_template(runtime: Runtime, release_id: UUID, seen: int, actor: Actor) -> int:
    """Publish what somebody else proposed; returns its number.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (one's own, decided already), StaleRecordError.
    """
    with _deciding(runtime, release_id, seen, actor) as (session, row, now):
        if runtime.four_eyes and row.proposed_by == actor.person_id:
            raise RuleRefusedError("自己提出的要另一位流程管理员发布")
        return _publish(session, row, actor, now)


def decline_template(runtime: Runtime, release_id: UUID, seen: int, reason: str, actor: Actor) -> None:
    """Make a proposal a draft again, one's own or another's. Raises: as `publish_template`."""
    with _deciding(runtime, release_id, seen, actor) as (session, row, now):
        said = reason_of(reason)
        verb = "撤回" if row.proposed_by == actor.person_id else "退回"
        row.state, row.answer = DRAFT, f"{actor.name}{verb}：{said}"
        _told(
            session, row, "declined", f"{actor.name}{verb}文书模板《{_title(row)}》的改动：{said}", actor, now
        )


def _publish(session: Session, row: TemplateRelease, actor: Actor, now: datetime) -> int:
    last = select(func.max(TemplateRelease.number)).where(TemplateRelease.template == row.template)
    row.number = (session.scalar(last) or 0) + 1
    row.state, row.published_by, row.published_at = PUBLISHED, actor.person_id, now
    text = f"{actor.name}发布文书模板《{_title(row)}》第 {row.number} 版：{row.note}"
    _told(session, row, "published", text, actor, now)
    return row.number


@contextmanager
def _changing(runtime: Runtime, template: str, actor: Actor) -> Iterator[tuple[Session, datetime]]:
    require(actor, DESIGNER, "templates")
    if template not in PAPERS:
        raise NotFoundError(kind="template", id=template)
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        yield session, now


@contextmanager
def _deciding(
    runtime: Runtime, release_id: UUID, seen: int, actor: Actor
) -> Iterator[tuple[Session, TemplateRelease, datetime]]:
    require(actor, DESIGNER, "templates")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        row = _row(session, release_id, PROPOSED)
        if row.row_version != seen:
            raise StaleRecordError(RECORD, row.id)
        yield session, row, now


def _row(session: Session, release_id: UUID, state: str) -> TemplateRelease:
    row = session.get(TemplateRelease, release_id)
    if row is None:
        raise NotFoundError(kind=RECORD, id=str(release_id))
    if row.state != state:
        raise RuleRefusedError("这一份已经不是刚才的样子：回到模板页看现在的情况")
    return row


def _draft(session: Session, template: str, seen: int) -> TemplateRelease:
    row = _open_row(session, template)
    if row is None:
        raise NotFoundError(kind=RECORD, id=template)
    if row.row_version != seen:
        raise StaleRecordError(RECORD, row.id)
    if row.state != DRAFT:
        raise RuleRefusedError("这份草稿已经提交，等人发布；要接着改，先撤回")
    return row


def _open_row(session: Session, template: str) -> TemplateRelease | None:
    query = select(TemplateRelease)
    return session.scalar(
        query.where(TemplateRelease.template == template, TemplateRelease.state != PUBLISHED)
    )


def _digest(text: str) -> str:
    return digest_of(text.encode())


def _title(row: TemplateRelease) -> str:
    return PAPERS[row.template].title


def _told(session: Session, row: TemplateRelease, kind: str, text: str, actor: Actor, now: datetime) -> None:
    tell(
        session,
        (RECORD, row.id),
        f"template.{kind}",
        text,
        actor,
        now,
        template=row.template,
        sha256=row.sha256,
    )


def _call(session: Session, row: TemplateRelease, actor: Actor, now: datetime) -> None:
    """Ask every other designer to look at the proposal."""
    others = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == DESIGNER, RoleGrant.revoked_at.is_(None), Person.active)
        .where(Person.id != actor.person_id)
        .order_by(Person.id)
    )
    title = f"{actor.name}提出改文书模板《{_title(row)}》，请你看过再发布"
    for person_id in session.scalars(others).all():
        link = f"/studio/papers/{row.template}"
        session.add(Notice(person_id=person_id, kind="notice", title=title, body=row.note, link=link, at=now))
