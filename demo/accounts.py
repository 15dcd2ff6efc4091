"""The demo accounts, as they are printed at each start."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES
from store.tables import Organization, Person

PASSWORD = "weiran-demo-2026"  # noqa: S105 — printed at the start, accounts of sample data only
PROVIDER = "瓯安安全技术服务有限公司"


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account as it is printed."""

    title: str
    login: str
    password: str


def accounts(session: Session) -> Sequence[Account]:
    """Return the demo accounts of this database; none if it holds no sample data."""
    if session.scalar(select(Organization.id).where(Organization.name == PROVIDER)) is None:
        return ()
    logins = set(session.scalars(select(Person.login).where(Person.password_hash.is_not(None))))
    known = [login for role in ROLES for login in (role, f"{role}_2") if login in logins]
    return tuple(Account(ROLES[login.removesuffix("_2")].title, login, PASSWORD) for login in known)
