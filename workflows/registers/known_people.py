"""The people that rows of 人员与资质 may mean, read once per batch."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from documents.sheets import SheetRow
from store import secrets
from store.tables import Certificate, Expert, Person, RoleGrant


class KnownPeople:
    """Who is registered of those that rows may mean, and what they hold."""

    def __init__(self, session: Session, rows: Sequence[SheetRow], target: UUID | None) -> None:
        """Read them. `target` is the person whom the one row means."""
        mobiles = {secrets.blind(str(row.values["mobile"])) for row in rows}
        numbers = {secrets.blind(str(row.values["id_number"])) for row in rows if row.values.get("id_number")}
        people = select(Person).outerjoin(Expert, Expert.person_id == Person.id)
        found = list(
            session.scalars(
                people.where(
                    or_(
                        Person.mobile_index.in_(mobiles),
                        Expert.id_number_index.in_(numbers),
                        Person.id == target,
                    )
                )
            )
        )
        self.is_chosen = target is not None
        self._target = next((person for person in found if person.id == target), None)
        ids = [person.id for person in found]
        self._by_mobile = {(p.org_id, p.mobile_index, p.name): p for p in found}
        self.experts = {
            e.person_id: e for e in session.scalars(select(Expert).where(Expert.person_id.in_(ids)))
        }
        by_id = {person.id: person for person in found}
        self._by_number = {
            expert.id_number_index: by_id[expert.person_id]
            for expert in self.experts.values()
            if expert.id_number_index is not None
        }
        grants = list(session.scalars(select(RoleGrant).where(RoleGrant.person_id.in_(ids))))
        self.roles = _by_person(grant for grant in grants if grant.revoked_at is None)
        self.taken = _by_person(grant for grant in grants if grant.revoked_at is not None)
        certificates = session.scalars(select(Certificate).where(Certificate.person_id.in_(ids)))
        self.certificates = {(row.person_id, row.number): row for row in certificates}
        logins = {str(row.values["login"]) for row in rows if row.values.get("login")}
        self.logins: set[str | None] = set(
            session.scalars(select(Person.login).where(Person.login.in_(logins)))
        )

    def find(self, values: Mapping[str, object], org_id: UUID) -> Person | None:
        """Return the person that a row means."""
        if self._target is not None:
            return self._target
        number = values.get("id_number")
        by_number = self._by_number.get(secrets.blind(str(number)) or "") if number else None
        if by_number is not None and by_number.org_id == org_id:
            return by_number
        return self._by_mobile.get((org_id, secrets.blind(str(values["mobile"])), str(values["name"])))


def _by_person(grants: Iterable[RoleGrant]) -> dict[UUID, frozenset[str]]:
    roles: dict[UUID, set[str]] = {}
    for grant in grants:
        roles.setdefault(grant.person_id, set()).add(grant.role)
    return {person_id: frozenset(held) for person_id, held in roles.items()}
