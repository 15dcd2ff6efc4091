"""Notices by mail: who wants which, what is queued, what is sent.

A notice written in a command's transaction is the entry of the outbox. The worker queues one job for it and each
person who wants it; the job's key is the letter's Message-ID, so that a letter sent twice is seen to be one.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from store.outgoing import Due, Kind, letters_due
from store.queue import enqueue, enqueue_all
from store.scope import Scope
from store.tables import Notice, Person
from workflows.administration import one_line, tell_person
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.mail import Letter, MailServer, NoMailServerError, is_address, send
from workflows.people import Actor
from workflows.runtime import Runtime

SEND_NOTICE: Final = "send_notice"
SEND_TEST: Final = "send_test"
_SCOPE = Scope.everything("the post reads what people are told, and where they want it")
_OWN = Scope.everything("a person says where notices go")
_KIND_TITLES = {Kind.DEADLINES: "期限提醒", Kind.NEWS: "其他通知"}


class MailWishes(Struct, frozen=True):
    """Where a person wants notices, and which; an empty address wants none."""

    address: str
    kinds: frozenset[str]


def wishes_of(runtime: Runtime, person_id: UUID) -> MailWishes:
    """Return what a person has chosen."""
    with runtime.database.read(_OWN) as session:
        person = session.get_one(Person, person_id)
        return MailWishes(person.mail or "", frozenset(str(kind) for kind in person.mail_kinds))


def choose_mail(runtime: Runtime, address: str, kinds: Collection[str], actor: Actor) -> None:
    """Note where the person wants notices from now on; no address ends it. Raises: RuleRefusedError."""
    if runtime.mail is None:
        raise RuleRefusedError("系统还没有接上邮件，通知只在铃铛里看得到")
    address, chosen = address.strip(), [kind for kind in Kind if kind in kinds]
    if address and not is_address(address):
        raise RuleRefusedError("这不像一个邮箱地址，应为 名字@单位.com 的样子")
    if address and not chosen:
        raise RuleRefusedError("至少选一类通知；都不想收，就把地址清空")
    now = runtime.now()
    with runtime.database.write(_OWN, now=now, actor=actor.person_id) as session:
        person = _person(session, actor.person_id)
        person.mail = address or None
        person.mail_kinds = [kind.value for kind in chosen] if address else []
        person.mail_since = now if address else None
        titles = "、".join(_KIND_TITLES[kind] for kind in chosen)
        text = f"{actor.name}选择用邮件收通知：{titles}" if address else f"{actor.name}不再用邮件收通知"
        tell_person(session, person, "mail_chosen", text, actor, now)


def order_test(runtime: Runtime, actor: Actor) -> None:
    """Queue a letter that says mail arrives, at most one a minute. Raises: RuleRefusedError."""
    now = runtime.now()
    with runtime.database.write(_OWN, now=now, actor=actor.person_id) as session:
        person = _person(session, actor.person_id)
        if runtime.mail is None or person.mail is None:
            raise RuleRefusedError("先填好邮箱地址，保存以后再试")
        key = f"mail-test-{person.id.hex}-{now:%Y%m%d%H%M}"
        enqueue(session, SEND_TEST, {"person_id": str(person.id), "key": key}, run_at=now, key=key)


def queue_letters(runtime: Runtime, since: datetime) -> int:
    """Queue a letter for each notice told since a moment that somebody wants; return how many."""
    with runtime.database.read(_SCOPE) as session:
        due = letters_due(session, since)
    if due:
        with runtime.database.write(_SCOPE) as session:
            enqueue_all(session, SEND_NOTICE, {one.key: _ids(one) for one in due}, run_at=runtime.now())
    return len(due)


def send_notice(runtime: Runtime, notice_id: UUID, person_id: UUID) -> None:
    """Send a notice to a person who still wants it. Raises: NoMailServerError and what `send` raises."""
    server = _server(runtime)
    with runtime.database.read(_SCOPE) as session:
        person, notice = session.get(Person, person_id), session.get(Notice, notice_id)
        if person is None or notice is None or not person.active or person.mail is None:
            return
        place = f"{runtime.public_url}{notice.link or '/notices/'}"
        text = f"{person.name}：\n\n{notice.title}\n\n登录以后办理：{place}\n\n{_FOOT}"
        key = Due(notice_id, person_id, notice.at).key
        letter = Letter(person.mail, one_line(f"【未然】{notice.title}"), text, key)
    send(server, letter)


def send_test(runtime: Runtime, person_id: UUID, key: str) -> None:
    """Send the letter that says mail arrives. Raises: as `send_notice`."""
    server = _server(runtime)
    with runtime.database.read(_SCOPE) as session:
        person = session.get(Person, person_id)
        if person is None or person.mail is None:
            return
        text = f"{person.name}：\n\n收到这封信，说明通知能寄到这个邮箱。\n\n{_FOOT}"
        letter = Letter(person.mail, "【未然】测试邮件", text, key)
    send(server, letter)


_FOOT = "这封信由系统发出，请不要回复。不想再收，到“我的账号”里改。"


def _server(runtime: Runtime) -> MailServer:
    if runtime.mail is None:
        raise NoMailServerError("MAIL_URL is not set")
    return runtime.mail


def _person(session: Session, person_id: UUID | None) -> Person:
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None:
        raise NotFoundError(kind="person", id=str(person_id))
    return person


def _ids(due: Due) -> dict[str, str]:
    return {"notice_id": str(due.notice_id), "person_id": str(due.person_id)}
