"""Commands on people and their accounts: add, correct, a new password, lock and unlock, end sessions."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import fields
from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from store.scope import Scope
from store.search import bigrams
from store.tables import LoginSession, Organization, Person
from workflows.administration import (
    SECURITY,
    keep_a_security_administrator,
    one_line,
    only_once,
    reason_of,
    require,
    tell_person,
)
from workflows.errors import InvalidAnswersError, NotFoundError, RuleRefusedError
from workflows.passwords import hash_password, initial_password
from workflows.people import Actor
from workflows.runtime import Runtime

_REASON = "a security administrator keeps accounts"
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
STANDING: Final = "standing"
LOCKED, LEFT = "locked", "left"


class PersonFacts(Struct, frozen=True):
    """What an administrator writes down about a person; an empty mobile number = not known, or kept."""

    name: str
    login: str
    title: str = ""
    mobile: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "PersonFacts":
        """Return the facts of a form, tidied up."""
        tidy = {field.name: one_line(given.get(field.name, "")) for field in fields(cls)}
        tidy["login"] = tidy["login"].casefold()
        tidy["mobile"] = re.sub(r"[\s-]", "", tidy["mobile"])
        return cls(**tidy)


class Issued(Struct, frozen=True):
    """A password that is shown once, and whose it is."""

    person_id: UUID
    password: str


def add_account(
    runtime: Runtime, facts: PersonFacts, organization_id: UUID | None, key: str, actor: Actor
) -> Issued:
    """Add an account with a password for the first sign-in, which must then be changed.

    Raises: NotAllowedError, InvalidAnswersError, RepeatedCommandError.
    """
    require(actor, SECURITY, "accounts")
    now, password = runtime.now(), initial_password()
    hashed = hash_password(password)
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        only_once(session, actor, key, now)
        home = session.get(Organization, organization_id) if organization_id else None
        found = _problems(session, facts, None)
        if home is None or home.status != "active":
            found["organization"] = "选一家在用的机构：名称或统一社会信用代码要和登记的一样"
        if found or home is None:
            raise InvalidAnswersError(found)
        person = Person(
            name=facts.name,
            login=facts.login,
            title=facts.title,
            mobile=facts.mobile or None,
            org_id=home.id,
            password_hash=hashed,
            password_changed_at=now,
            must_change_password=True,
            bigrams=bigrams(f"{facts.name} {facts.login}"),
        )
        session.add(person)
        session.flush()
        text = f"{actor.name}为“{home.name}”的{person.name}新建账号 {person.login}"
        tell_person(session, person, "added", text, actor, now)
        return Issued(person.id, password)


def change_person(runtime: Runtime, person_id: UUID, facts: PersonFacts, seen: int, actor: Actor) -> None:
    """Correct a person. Raises: NotAllowedError, NotFoundError, InvalidAnswersError, RuleRefusedError."""
    require(actor, SECURITY, "accounts")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        person = locked_person(session, person_id)
        if person.row_version != seen:
            raise RuleRefusedError("你打开以后，别人改过这个人。看过新内容再改一次")
        if found := _problems(session, facts, person.id):
            raise InvalidAnswersError(found)
        wanted = {"name": facts.name, "login": facts.login, "title": facts.title}
        if facts.mobile:
            wanted["mobile"] = facts.mobile
        changed = [name for name, value in wanted.items() if getattr(person, name) != value]
        for name in changed:
            setattr(person, name, wanted[name])
        person.bigrams = bigrams(f"{facts.name} {facts.login}")
        if changed:
            titles = {"name": "姓名", "login": "登录名", "title": "职务", "mobile": "手机号"}
            told = "、".join(titles[name] for name in changed)
            text = f"{actor.name}改了{person.name}的{told}"
            tell_person(session, person, "changed", text, actor, now, changed=changed)


def reset_password(runtime: Runtime, person_id: UUID, key: str, actor: Actor) -> Issued:
    """Give a person a new password for one sign-in; all sessions end.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (the own one, no login, not active),
    RepeatedCommandError.
    """
    require(actor, SECURITY, "accounts")
    now, password = runtime.now(), initial_password()
    hashed = hash_password(password)
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        only_once(session, actor, key, now)
        person = _somebody_else(session, person_id, actor, "自己的密码在“我的账号”里改")
        if person.login is None:
            raise RuleRefusedError("这个人还没有登录名：先在“改资料”里填上")
        if not person.active:
            raise RuleRefusedError("账号没有启用：先解除锁定或恢复，再重设密码")
        person.password_hash, person.password_changed_at = hashed, now
        person.must_change_password = True
        end_all_sessions(session, person.id, now)
        tell_person(session, person, "password_reset", f"{actor.name}重设了{person.name}的密码", actor, now)
        return Issued(person.id, password)


def lock_account(runtime: Runtime, person_id: UUID, reason: str, actor: Actor) -> None:
    """Keep a person out for a while: signed out at once; the work stays with them.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError.
    """
    require(actor, SECURITY, "accounts")
    now, told = runtime.now(), reason_of(reason)
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        person = _somebody_else(session, person_id, actor, "不能锁定自己的账号")
        if not person.active:
            raise RuleRefusedError("这个账号已经停用了")
        keep_a_security_administrator(session, without=person.id)
        person.active, person.settings = False, {**person.settings, STANDING: LOCKED}
        end_all_sessions(session, person.id, now)
        text = f"{actor.name}锁定{person.name}的账号：{told}"
        tell_person(session, person, "locked", text, actor, now, reason=told)


def unlock_account(runtime: Runtime, person_id: UUID, actor: Actor) -> None:
    """Let a locked person in again. Raises: NotAllowedError, NotFoundError, RuleRefusedError."""
    require(actor, SECURITY, "accounts")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        person = _somebody_else(session, person_id, actor, "不能解锁自己的账号")
        if standing_of(person) != LOCKED:
            raise RuleRefusedError("这个账号没有锁定")
        admit(person)
        tell_person(session, person, "unlocked", f"{actor.name}解除{person.name}的锁定", actor, now)


def end_session(runtime: Runtime, person_id: UUID, session_id: UUID | None, actor: Actor) -> None:
    """Sign a person out of one browser, or of all. Raises: NotAllowedError, NotFoundError."""
    require(actor, SECURITY, "sessions")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        person = locked_person(session, person_id)
        ended = end_all_sessions(session, person.id, now, only=session_id)
        if session_id is not None and not ended:
            raise NotFoundError(kind="login_session", id=str(session_id))
        text = f"{actor.name}让{person.name}退出 {ended} 处登录"
        tell_person(session, person, "signed_out", text, actor, now)


def end_all_sessions(session: Session, person_id: UUID, now: datetime, *, only: UUID | None = None) -> int:
    """End the open sessions of a person, or one of them; returns how many."""
    query = update(LoginSession).where(
        LoginSession.person_id == person_id, LoginSession.revoked_at.is_(None), LoginSession.expires_at > now
    )
    if only is not None:
        query = query.where(LoginSession.id == only)
    return len(session.execute(query.values(revoked_at=now).returning(LoginSession.id)).all())


def standing_of(person: Person) -> str:
    """Return why somebody is not active: `locked` or `left`; empty for the active."""
    return "" if person.active else str(person.settings.get(STANDING, LEFT))


def admit(person: Person) -> None:
    """Make a person active."""
    person.active = True
    person.settings = {name: value for name, value in person.settings.items() if name != STANDING}


def locked_person(session: Session, person_id: UUID) -> Person:
    """Return a person whom nobody else changes until the end; work may still be given to them meanwhile.

    Raises: NotFoundError.
    """
    known = select(Person).where(Person.id == person_id).options(undefer(Person.mobile))
    person = session.scalar(known.with_for_update(key_share=True))
    if person is None:
        raise NotFoundError(kind="person", id=str(person_id))
    return person


def _somebody_else(session: Session, person_id: UUID, actor: Actor, own: str) -> Person:
    person = locked_person(session, person_id)
    if person.id == actor.person_id:
        raise RuleRefusedError(own)
    return person


def _problems(session: Session, facts: PersonFacts, own: UUID | None) -> dict[str, str]:
    found = {}
    if not 2 <= len(facts.name) <= 40:
        found["name"] = "姓名要 2 到 40 个字"
    if not _LOGIN.fullmatch(facts.login):
        found["login"] = "登录名用字母开头，3 到 40 个小写字母、数字或 . _ -"
    else:
        query = select(Person.id).where(Person.login == facts.login)
        if own is not None:
            query = query.where(Person.id != own)
        if session.scalar(query) is not None:
            found["login"] = f"登录名“{facts.login}”已有人使用，换一个"
    if len(facts.title) > 40:
        found["title"] = "职务最多 40 个字"
    if facts.mobile and not _MOBILE.fullmatch(facts.mobile):
        found["mobile"] = "手机号是 11 位数字"
    return found
