"""Commands on organizations: add, change, close and open again; units come from the register instead."""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import fields
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import vocabulary
from rules.codes import is_region, is_uscc, zones
from store.scope import Scope
from store.search import bigrams
from store.tables import LoginSession, Organization, Person
from workflows.administration import (
    SECURITY,
    keep_a_security_administrator,
    one_line,
    reason_of,
    require,
    tell,
)
from workflows.errors import InvalidAnswersError, NotFoundError, RuleRefusedError
from workflows.people import Actor
from workflows.runtime import Runtime

FROM_REGISTER: Final = "policyholder"
KINDS: Final = tuple(code for code in vocabulary.find("organization_kind").words if code != FROM_REGISTER)
ACTIVE, SUSPENDED = "active", "suspended"
_REASON = "a security administrator keeps organizations"
_CODE = re.compile(r"[A-Z0-9]{2,8}", re.ASCII)
_TITLES = {
    "kind": "类别",
    "name": "名称",
    "uscc": "统一社会信用代码",
    "code": "机构码",
    "region_code": "所在区县",
    "industry": "主管行业",
    "phone": "电话",
    "address": "地址",
}


class OrganizationFacts(Struct, frozen=True):
    """What an administrator writes down about an organization; empty = not known."""

    kind: str
    name: str
    uscc: str = ""
    code: str = ""
    region_code: str = ""
    industry: str = ""
    phone: str = ""
    address: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "OrganizationFacts":
        """Return the facts of a form, tidied up."""
        tidy = {field.name: one_line(given.get(field.name, "")) for field in fields(cls)}
        for name in ("uscc", "code"):
            tidy[name] = tidy[name].replace(" ", "").upper()
        return cls(**tidy)

    def columns(self) -> dict[str, str | None]:
        """Return what stands in the table."""
        told: dict[str, str | None] = {name: getattr(self, name) for name in _TITLES}
        return told | {name: told[name] or None for name in ("uscc", "code", "region_code", "industry")}


def add_organization(runtime: Runtime, facts: OrganizationFacts, actor: Actor) -> UUID:
    """Add an organization; returns its id. Raises: NotAllowedError, InvalidAnswersError."""
    require(actor, SECURITY, "organizations")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        _check(session, facts, None)
        row = Organization(**facts.columns(), status=ACTIVE, bigrams=bigrams(facts.name, facts.uscc))
        session.add(row)
        session.flush()
        text = f"{actor.name}新建机构“{row.name}”（{vocabulary.label('organization_kind', row.kind)}）"
        tell(session, ("organization", row.id), "added", text, actor, now, row.id)
        return row.id


def change_organization(
    runtime: Runtime, organization_id: UUID, facts: OrganizationFacts, seen: int, actor: Actor
) -> None:
    """Change an organization. Raises: NotAllowedError, NotFoundError, InvalidAnswersError, RuleRefusedError."""
    require(actor, SECURITY, "organizations")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        row = locked_organization(session, organization_id)
        if row.kind == FROM_REGISTER:
            raise RuleRefusedError("投保单位的资料在台账里改，这里只管账号和停用")
        if row.row_version != seen:
            raise RuleRefusedError("你打开以后，别人改过这家机构。看过下面的新内容再改一次")
        if facts.kind != row.kind:
            raise InvalidAnswersError({"kind": "类别定了就不能改：停用这一家，再新建一家"})
        _check(session, facts, row.id)
        columns = facts.columns()
        changed = [name for name, value in columns.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, columns[name])
        row.bigrams = bigrams(facts.name, facts.uscc)
        if changed:
            told = "、".join(_TITLES[name] for name in changed)
            text = f"{actor.name}改了“{row.name}”的{told}"
            tell(session, ("organization", row.id), "changed", text, actor, now, row.id, changed=changed)


def close_organization(runtime: Runtime, organization_id: UUID, reason: str, actor: Actor) -> None:
    """Close an organization: its people are signed out at once and cannot sign in.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (the own one, the last administrator's, closed).
    """
    require(actor, SECURITY, "organizations")
    now, told = runtime.now(), reason_of(reason)
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        row = locked_organization(session, organization_id)
        if row.id == actor.org_id:
            raise RuleRefusedError("不能停用自己所在的机构")
        if row.status != ACTIVE:
            raise RuleRefusedError("这家机构已经停用了")
        keep_a_security_administrator(session, without_org=row.id)
        row.status = SUSPENDED
        people = select(Person.id).where(Person.org_id == row.id)
        for session_row in session.scalars(
            select(LoginSession).where(LoginSession.person_id.in_(people), LoginSession.revoked_at.is_(None))
        ):
            session_row.revoked_at = now
        text = f"{actor.name}停用“{row.name}”：{told}"
        tell(session, ("organization", row.id), "closed", text, actor, now, row.id, reason=told)


def open_organization(runtime: Runtime, organization_id: UUID, actor: Actor) -> None:
    """Open a closed organization again. Raises: NotAllowedError, NotFoundError, RuleRefusedError."""
    require(actor, SECURITY, "organizations")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        row = locked_organization(session, organization_id)
        if row.status == ACTIVE:
            raise RuleRefusedError("这家机构没有停用")
        row.status = ACTIVE
        tell(
            session,
            ("organization", row.id),
            "opened",
            f"{actor.name}恢复“{row.name}”",
            actor,
            now,
            row.id,
        )


def locked_organization(session: Session, organization_id: UUID) -> Organization:
    """Return an organization that nobody else changes until the end. Raises: NotFoundError."""
    row = session.get(Organization, organization_id, with_for_update={"key_share": True})
    if row is None:
        raise NotFoundError(kind="organization", id=str(organization_id))
    return row


def _check(session: Session, facts: OrganizationFacts, own: UUID | None) -> None:
    found: dict[str, str] = {}
    if facts.kind not in KINDS:
        found["kind"] = "从列表里选一种类别；投保单位从台账导入"
    if not 2 <= len(facts.name) <= 100:
        found["name"] = "名称要 2 到 100 个字"
    elif _taken(session, Organization.name == facts.name, own):
        found["name"] = f"已有名为“{facts.name}”的机构"
    found |= _check_codes(session, facts, own) | _check_place(facts)
    found |= {name: "最多 200 个字" for name in ("phone", "address") if len(getattr(facts, name)) > 200}
    if found:
        raise InvalidAnswersError(found)


def _check_codes(session: Session, facts: OrganizationFacts, own: UUID | None) -> dict[str, str]:
    found = {}
    if facts.uscc and not is_uscc(facts.uscc):
        found["uscc"] = "18 位代码的校验位对不上，照营业执照再核一遍"
    elif facts.uscc and _taken(session, Organization.uscc == facts.uscc, own):
        found["uscc"] = "这个代码已经登记在另一家机构名下"
    if facts.code and not _CODE.fullmatch(facts.code):
        found["code"] = "机构码是 2 到 8 位大写字母或数字，例如 WZ01"
    elif facts.code and _taken(session, Organization.code == facts.code, own):
        found["code"] = f"机构码“{facts.code}”已经有机构在用"
    return found


def _check_place(facts: OrganizationFacts) -> dict[str, str]:
    found = {}
    if facts.region_code and not is_region(facts.region_code) and facts.region_code not in zones():
        found["region_code"] = "从列表里选一个现行的区县或功能区"
    elif not facts.region_code and facts.kind == "district_office":
        found["region_code"] = "安委办只看本区县的业务，要选区县"
    if facts.industry and facts.industry not in vocabulary.find("high_risk_kind").words:
        found["industry"] = "从列表里选一个行业"
    elif not facts.industry and facts.kind == "industry_authority":
        found["industry"] = "主管部门只看本行业的单位，要选行业"
    return found


def _taken(session: Session, condition: object, own: UUID | None) -> bool:
    query = select(Organization.id).where(condition)  # type: ignore[arg-type]  # a column's comparison
    if own is not None:
        query = query.where(Organization.id != own)
    return session.scalar(query.limit(1)) is not None
