"""Whose a row is: the signed-in person's organization decides, contracts say who works for whom (第五条)."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from documents.sheets import Problem
from store.tables import Engagement, Organization

OFFICES = ("insurer", "provider", "agency", "joint_office", "industry_authority", "district_office")
CONTRACT = "insurer_provider"


class OwnerError(ValueError):
    """The owner of a row cannot be told; `problem` says so to the sender."""

    def __init__(self, column: str, message: str) -> None:
        """Remember the sentence."""
        super().__init__(message)
        self.problem = Problem(column, message)


class Owners(Struct, frozen=True):
    """The insurer of a row and the provider that works for it."""

    insurer_id: UUID
    org_id: UUID


class Office(Struct, frozen=True):
    """An organization that may own rows."""

    id: UUID
    kind: str
    name: str


class Ownership:
    """Knows the offices and the contracts between insurers and providers that are in force."""

    def __init__(self, session: Session, org_id: UUID | None, today: date) -> None:
        """Read them; `org_id` is the importing person's organization, None for the product itself."""
        self.offices: dict[UUID, Office] = {}
        self._named: dict[str, Office] = {}
        query = select(
            Organization.id, Organization.kind, Organization.name, Organization.uscc, Organization.code
        ).where(or_(Organization.kind.in_(OFFICES), Organization.id == org_id))
        for office_id, kind, name, uscc, code in session.execute(query):
            office = Office(office_id, kind, name)
            self.offices[office_id] = office
            self._named |= {key: office for key in (code, uscc, name) if key}
        pairs = select(Engagement.party_a_id, Engagement.party_b_id).where(
            Engagement.kind == CONTRACT, Engagement.start <= today, Engagement.end >= today
        )
        self._pairs: set[tuple[UUID, UUID]] = {
            (insurer, provider) for insurer, provider in session.execute(pairs) if provider
        }
        self.own = self.offices.get(org_id) if org_id is not None else None
        self._known: dict[tuple[str, str], Owners] = {}

    def owners(self, insurer: str, provider: str) -> Owners:
        """Return the owners of a row that names these offices, or none. Raises: OwnerError."""
        if (insurer, provider) not in self._known:
            self._known[insurer, provider] = self._owners(insurer, provider)
        return self._known[insurer, provider]

    def is_own(self, owners: Owners) -> bool:
        """Tell whether the importing person's organization is one of the owners."""
        return self.own is None or self.own.id in {owners.insurer_id, owners.org_id}

    def named(self, name: str) -> Office | None:
        """Return the office of this name, credit code or short code."""
        return self._named.get(name)

    def _owners(self, insurer: str, provider: str) -> Owners:
        wanted_insurer = self._office(insurer, "insurer", "保险机构")
        wanted_provider = self._office(provider, "provider", "第三方服务机构")
        found = [
            pair
            for pair in self._pairs
            if (wanted_insurer is None or pair[0] == wanted_insurer.id)
            and (wanted_provider is None or pair[1] == wanted_provider.id)
        ]
        if not found:
            raise OwnerError("保险机构", "没有在期的委托合同：保险机构须先与第三方服务机构签约")
        if len({pair[0] for pair in found}) > 1:
            raise OwnerError("保险机构", "有几家保险机构，请填写是哪一家")
        if len(found) > 1:
            raise OwnerError("第三方服务机构", "这家保险机构委托了几家服务机构，请填写是哪一家")
        return Owners(*found[0])

    def _office(self, name: str, kind: str, column: str) -> Office | None:
        own = self.own if self.own is not None and self.own.kind == kind else None
        if not name:
            return own
        office = self._named.get(name)
        if office is None or office.kind != kind:
            raise OwnerError(column, f"没有名为“{name}”的{column}，请核对名称或信用代码")
        if own is not None and office.id != own.id:
            raise OwnerError(column, f"“{name}”不是本机构")
        return office
