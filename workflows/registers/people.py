"""人员与资质: people with roles; an expert with what makes one (第二、十条), as a certificate too."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from documents.sheets import SheetRow
from rules.roles import ROLES
from store import secrets
from store.search import bigrams
from store.tables import Certificate, Expert, Organization, Person, Policyholder, RoleGrant
from store.types import new_id
from workflows.registers.batch import Batch, Kept, Result, Values, bad
from workflows.registers.known_people import KnownPeople
from workflows.registers.ownership import Office, Ownership
from workflows.values import json_object

_EXPERT = (
    "source",
    "specialties",
    "qualification",
    "qualification_no",
    "valid_until",
    "years",
    "background",
    "region_codes",
    "commitment_on",
    "commitment_until",
    "status",
)
_EMPTY: Mapping[str, object] = {
    "status": "active",
    "specialties": [],
    "region_codes": [],
    "background": "",
    "qualification": "",
}


class PeopleKeeper:
    """Keeps people by identity number, or by organization with mobile number and name.

    A login that comes with a row has no password yet: the security administrator hands one out.
    """

    batch_size = 500

    def __init__(self, ownership: Ownership, person_id: UUID | None, target: UUID | None = None) -> None:
        """Begin; nobody gives roles to themselves. `target` is the person whom the one row means."""
        self._ownership = ownership
        self._person_id = person_id
        self._target = target
        own = ownership.own
        self._provider = own.id if own is not None and own.kind == "provider" else None
        if own is None:
            providers = [office.id for office in ownership.offices.values() if office.kind == "provider"]
            self._provider = providers[0] if len(providers) == 1 else None

    def keep(self, session: Session, batch: Batch, rows: Sequence[SheetRow]) -> list[Kept]:
        """Compare people."""
        offices = self._offices(session, rows)
        known = KnownPeople(session, rows, self._target)
        return [self._keep(batch, row.values, offices, known) for row in rows]

    def finish(self, session: Session, batch: Batch) -> None:
        """Nothing hangs on the whole file."""

    def _offices(self, session: Session, rows: Sequence[SheetRow]) -> dict[str, Office]:
        """Return what organizations rows name: offices, and units that the office looks after."""
        names = {str(row.values["organization"]) for row in rows}
        found = {name: office for name in names if (office := self._ownership.named(name)) is not None}
        query = (
            select(Organization, Policyholder.org_id, Policyholder.insurer_id)
            .join(Policyholder, Policyholder.organization_id == Organization.id)
            .where(or_(Organization.uscc.in_(names), Organization.name.in_(names)))
        )
        own = self._ownership.own
        for unit, provider, insurer in session.execute(query):
            if own is None or own.id in {provider, insurer}:
                office = Office(unit.id, unit.kind, unit.name)
                found |= {key: office for key in (unit.uscc, unit.name) if key}
        return found

    def _keep(
        self, batch: Batch, values: Mapping[str, object], offices: Mapping[str, Office], known: KnownPeople
    ) -> Kept:
        office = offices.get(str(values["organization"]))
        refusal = self._refusal(values, office)
        if refusal is not None or office is None:
            return refusal or bad("所属机构", "没有这家机构")
        person = known.find(values, office.id)
        if person is None:
            return self._add(batch, values, office, known)
        refusal = self._refused_change(values, office, person, known)
        if refusal is not None:
            return refusal
        return self._change(batch, values, office, person, known)

    def _refusal(self, values: Mapping[str, object], office: Office | None) -> Kept | None:
        if office is None:
            return bad("所属机构", f"没有名为“{values['organization']}”的机构，请核对名称或信用代码")
        own = self._ownership.own
        if own is not None and office.id != own.id and office.kind not in {"agency", "policyholder"}:
            return bad("所属机构", "只能导入本机构、技术服务机构和投保单位的人员")
        if own is not None and office.kind == "agency" and set(_roles(values)) - {"expert"}:
            return bad("角色", "技术服务机构的人只能作专家导入，其他角色由安全管理员授予")
        for role in _roles(values):
            fitting = {str(ROLES[role].party.value)} | ({"agency"} if role == "expert" else set())
            if office.kind not in fitting:
                return bad("角色", f"{ROLES[role].title} 不是这类机构的角色")
        if "expert" in _roles(values) and self._expert_home(office) is None:
            return bad("所属机构", "说不清专家归哪家服务机构，请由服务机构导入")
        return None

    def _refused_change(
        self, values: Mapping[str, object], office: Office, person: Person, known: KnownPeople
    ) -> Kept | None:
        """Protect accounts: one's own roles, roles that were taken away, accounts of other organizations."""
        if person.id == self._person_id:
            return bad("姓名", "不能导入自己的角色，请由本机构其他负责人导入")
        held, taken = known.roles.get(person.id, frozenset()), known.taken.get(person.id, frozenset())
        for role in _roles(values):
            if role in taken:
                return bad("角色", f"{ROLES[role].title} 已被收回，要由安全管理员重新授予")
        if known.is_chosen and (
            lost := [role for role in sorted(held - {*_roles(values)}) if _is_listed(role)]
        ):
            return bad("角色", f"{ROLES[lost[0]].title} 只能由安全管理员收回")
        own = self._ownership.own
        if own is None or office.id == own.id or person.login is None:
            return None
        same = person.mobile_index == secrets.blind(str(values["mobile"])) and person.name == values["name"]
        if not same or values.get("login") not in {None, "", person.login} or set(_roles(values)) - held:
            return bad("所属机构", f"{person.name} 的账号归 {office.name}，姓名、手机、登录名和角色由那边改")
        return None

    def _expert_home(self, office: Office) -> UUID | None:
        return office.id if office.kind == "provider" else self._provider

    def _add(self, batch: Batch, values: Mapping[str, object], office: Office, known: KnownPeople) -> Kept:
        login = str(values.get("login") or "") or None
        if login in known.logins:
            return bad("登录名", f"“{login}”已有人使用")
        known.logins.add(login)
        person_id = new_id(batch.now)
        batch.add(
            Person,
            id=person_id,
            name=values["name"],
            login=login,
            must_change_password=True,
            mobile=values["mobile"],
            mobile_index=secrets.blind(str(values["mobile"])),
            title=values.get("title") or "",
            org_id=office.id,
            bigrams=bigrams(f"{values['name']} {login or ''}"),
        )
        self._grant(batch, values, person_id, frozenset())
        self._qualify(batch, values, office, person_id, known)
        body = {"name": values["name"], "roles": list(_roles(values)), "organization": office.name}
        batch.tell("person", person_id, "imported", json_object({**body, **_expert(values)}), office.id)
        return Kept(Result.NEW, person_id)

    def _change(
        self, batch: Batch, values: Mapping[str, object], office: Office, person: Person, known: KnownPeople
    ) -> Kept:
        login = values.get("login") or None
        if login is not None and login != person.login and login in known.logins:
            return bad("登录名", f"“{login}”已有人使用")
        facts = {"name": values["name"], "title": values.get("title"), "login": login or person.login}
        changed = batch.differing(Person, {name: getattr(person, name) for name in facts}, facts)
        told = dict(changed)
        if person.mobile_index != secrets.blind(str(values["mobile"])):
            changed["mobile"] = values["mobile"]
            told["mobile_changed"] = True
        if changed.keys() & {"name", "login"}:
            changed["bigrams"] = bigrams(f"{values['name']} {login or person.login or ''}")
        batch.change(Person, person.id, changed)
        told |= self._grant(batch, values, person.id, known.roles.get(person.id, frozenset()))
        told |= self._qualify(batch, values, office, person.id, known)
        if not told:
            return Kept(Result.SAME, person.id)
        batch.tell("person", person.id, "changed", json_object(told), office.id)
        return Kept(Result.CHANGED, person.id)

    def _grant(
        self, batch: Batch, values: Mapping[str, object], person_id: UUID, held: frozenset[str]
    ) -> Values:
        """Grant the roles that a row names and the person lacks; roles are taken away by people only."""
        missing = [role for role in _roles(values) if role not in held]
        for role in missing:
            batch.add(
                RoleGrant,
                id=new_id(batch.now),
                person_id=person_id,
                role=role,
                granted_by=self._person_id,
                granted_at=batch.now,
            )
        return {"roles": missing} if missing else {}

    def _qualify(
        self,
        batch: Batch,
        values: Mapping[str, object],
        office: Office,
        person_id: UUID,
        known: KnownPeople,
    ) -> Values:
        """Keep what makes an expert, and the certificate."""
        if "expert" not in _roles(values):
            return {}
        told = self._pool(batch, values, office, person_id, known.experts.get(person_id))
        number, valid_until = str(values["qualification_no"]), values["valid_until"]
        certificate = known.certificates.get((person_id, number))
        if certificate is None:
            batch.add(
                Certificate,
                id=new_id(batch.now),
                person_id=person_id,
                kind=values["qualification"],
                number=number,
                valid_until=valid_until,
            )
        elif certificate.valid_until != valid_until:
            batch.change(Certificate, certificate.id, {"valid_until": valid_until})
        return told

    def _pool(
        self,
        batch: Batch,
        values: Mapping[str, object],
        office: Office,
        person_id: UUID,
        expert: Expert | None,
    ) -> Values:
        agency = self._ownership.named(str(values.get("agency") or ""))
        facts = {**_expert(values), "agency_id": agency.id if agency is not None else None}
        number = str(values.get("id_number") or "") or None
        if expert is not None:
            changed = batch.differing(Expert, {name: getattr(expert, name) for name in facts}, facts)
            told = dict(changed)
            if number is not None and expert.id_number_index != secrets.blind(number):
                changed["id_number"] = number
                told["id_number_changed"] = True
            batch.change(Expert, person_id, changed)
            return told
        given = {name: value if value is not None else _EMPTY.get(name) for name, value in facts.items()}
        batch.add(
            Expert,
            person_id=person_id,
            org_id=self._expert_home(office),
            id_number=number,
            id_number_index=secrets.blind(number),
            **given,
        )
        return {"expert": True}


def _is_listed(role: str) -> bool:
    """Tell whether sheets and forms offer the role; those of administrators are not among them."""
    return not ROLES[role].exclusive


def _roles(values: Mapping[str, object]) -> tuple[str, ...]:
    roles = values.get("roles")
    return tuple(str(role) for role in roles) if isinstance(roles, tuple) else ()


def _expert(values: Mapping[str, object]) -> Values:
    if "expert" not in _roles(values):
        return {}
    facts = {name: values.get(name) for name in _EXPERT}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}
