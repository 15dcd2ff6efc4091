"""The auditor's pages: changes, events of cases, accesses, the history of a record, verification."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import cast
from uuid import UUID

from flask import request, url_for
from msgspec import Struct

from store.access_log import Action
from store.events import BrokenChain
from store.pages.audit import (
    AccessKey,
    ChangeKey,
    EventKey,
    Span,
    accesses,
    case_events,
    case_number,
    chained,
    changes,
    record_history,
)
from store.pages.histories import latest_of
from store.pages.record_names import record_names
from webapp import addresses
from webapp.admin.frame import blueprint, chosen, show, words
from webapp.admin.paging import Part, pack, unpack
from webapp.identity import actor, the_runtime
from webapp.texts import Lazy, _, lazy
from workflows.errors import NotFoundError
from workflows.handlers.verification import RECORD, verify_chains
from workflows.runtime import SHANGHAI

RECORDS: Mapping[str, Lazy] = {
    "person": lazy("人员账号"),
    "organization": lazy("机构"),
    "policyholder": lazy("投保单位"),
    "policy": lazy("保单"),
    "claim": lazy("赔案"),
    "year_fact": lazy("年度事实"),
    "setting": lazy("设置"),
    "job": lazy("后台任务"),
    "incident": lazy("停住的办件"),
    "indicator_set": lazy("考核指标集"),
    "migration": lazy("办件迁移"),
    "case_file": lazy("档案"),
    "industry_checklist": lazy("检查清单"),
    "disposal": lazy("档案销毁"),
    "draft": lazy("流程草稿"),
    "release": lazy("流程版本"),
    "replay": lazy("流程回放"),
    "message": lazy("办件之间的消息"),
    "chains": lazy("校验"),
    "template_release": lazy("文书模板"),
}
ACTIONS: Mapping[str, Lazy] = {
    Action.SIGNED_IN: lazy("登录"),
    Action.SIGN_IN_FAILED: lazy("登录没成"),
    Action.SIGNED_OUT: lazy("退出"),
    Action.DENIED: lazy("打开没有权限的页面"),
    Action.SAW_NUMBER: lazy("看电话号码"),
    Action.INSPECTED: lazy("按授权调阅"),
}
PROBLEMS: Mapping[str, Lazy] = {
    "does not follow the event before it": lazy("和前一条接不上：中间少了，或者顺序动过"),
    "its content is not what was hashed": lazy("内容和当时算的摘要对不上：被改过"),
    "a column differs from the hashed content": lazy("列里的值和封存的内容不一样：被改过"),
    "the chain does not end where its case says": lazy("链的末尾和办件记的不一样：后面的被删了"),
    "a number is missing": lazy("少了一条"),
}


class Asked(Struct, frozen=True):
    """What the address asks for, as it was typed."""

    kind: str
    actor: str
    since: str
    until: str

    def span(self) -> Span:
        """Return it as days of Beijing; what is no day narrows nothing."""
        since, until = addresses.day(self.since), addresses.day(self.until)
        return Span(
            self.kind,
            self.actor,
            _midnight(since) if since else None,
            _midnight(until + timedelta(days=1)) if until else None,
        )


class Broken(Struct, frozen=True):
    """The first bad link in words."""

    chain: str
    number: str
    problem: str
    href: str | None


@blueprint.get("/changes", endpoint="changes")
def changes_page() -> str:
    """List changes of records, latest first."""
    asked = _asked(chosen("kind", RECORDS))
    after = _after(addresses.moment, str, addresses.identity, int)
    with the_runtime().database.read(actor().scope) as session:
        rows, following = changes(session, asked.span(), cast("ChangeKey | None", after))
    later = _later("admin.changes", asked, following)
    return show(
        "changes",
        "admin.changes",
        rows=rows,
        asked=asked,
        later=later,
        is_first=after is None,
        records=RECORDS,
    )


@blueprint.get("/records/<kind>/<uuid:record_id>")
def record(kind: str, record_id: UUID) -> str:
    """Show the whole chain of one record."""
    after = _after(int)
    with the_runtime().database.read(actor().scope) as session:
        lines, following = record_history(session, kind, record_id, cast("int", after[0]) if after else None)
        name = record_names(session, [(kind, record_id)]).get((kind, record_id), "")
    if not lines:
        raise NotFoundError(kind="record", id=str(record_id))
    later = None
    if following is not None:
        later = url_for("admin.record", kind=kind, record_id=record_id, after=pack((following,)))
    title = " ".join(filter(None, (str(RECORDS.get(kind) or _("记录")), name)))
    return show(
        "record",
        "admin.changes",
        lines=lines,
        title=title,
        kind=kind,
        record_id=record_id,
        later=later,
        is_first=after is None,
    )


@blueprint.get("/case-events", endpoint="case_events")
def case_events_page() -> str:
    """List events of cases, latest first."""
    asked = _asked(words("kind", 60))
    after = _after(addresses.moment, addresses.identity, int, int)
    with the_runtime().database.read(actor().scope) as session:
        rows, following = case_events(session, asked.span(), cast("EventKey | None", after))
    later = _later("admin.case_events", asked, following)
    return show(
        "case_events", "admin.case_events", rows=rows, asked=asked, later=later, is_first=after is None
    )


@blueprint.get("/accesses", endpoint="accesses")
def accesses_page() -> str:
    """List accesses, latest first."""
    asked = _asked(chosen("kind", ACTIONS))
    after = _after(addresses.moment, addresses.identity)
    with the_runtime().database.read(actor().scope) as session:
        rows, following = accesses(session, asked.span(), cast("AccessKey | None", after))
    later = _later("admin.accesses", asked, following)
    return show(
        "accesses",
        "admin.accesses",
        rows=rows,
        asked=asked,
        later=later,
        is_first=after is None,
        actions=ACTIONS,
    )


@blueprint.get("/verification")
def verification() -> str:
    """Show how many events stand in the chains, and what was found before."""
    return _verification(None, None)


@blueprint.post("/verification", endpoint="verify")
def verify() -> str:
    """Verify every chain and say what was found."""
    found = verify_chains(the_runtime(), actor())
    broken = _broken(found.broken) if found.broken is not None else None
    return _verification(found.case_events + found.record_events, broken)


def _verification(verified: int | None, broken: Broken | None) -> str:
    with the_runtime().database.read(actor().scope) as session:
        of_cases, of_records = chained(session)
        history = latest_of(session, *RECORD)
    return show(
        "verification",
        "admin.verification",
        of_cases=of_cases,
        of_records=of_records,
        verified=verified,
        broken=broken,
        history=history,
    )


def _broken(found: BrokenChain) -> Broken:
    kind, _blank, identity = found.chain.partition(" ")
    problem = str(PROBLEMS.get(found.problem, _("和当时写下的不一样")))
    if kind == "case":
        with the_runtime().database.read(actor().scope) as session:
            number = case_number(session, UUID(identity))
        href = url_for("admin.case_events", kind=number) if number else None
        return Broken(_("办件 %(number)s", number=number or identity), found.number, problem, href)
    href = url_for("admin.record", kind=kind, record_id=UUID(identity))
    return Broken(str(RECORDS.get(kind) or _("记录")), found.number, problem, href)


def _asked(kind: str) -> Asked:
    return Asked(kind, words("actor", 40), words("since", 10), words("until", 10))


def _after(*readers: Callable[[str], Part | None]) -> tuple[Part, ...] | None:
    return unpack(request.args.get("after", ""), *readers)


def _later(endpoint: str, asked: Asked, key: tuple[Part, ...] | None) -> str | None:
    if key is None:
        return None
    return url_for(
        endpoint,
        kind=asked.kind or None,
        actor=asked.actor or None,
        since=asked.since or None,
        until=asked.until or None,
        after=pack(key),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
