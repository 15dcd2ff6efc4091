"""The demo accounts, as they are printed at each start, and the service that a newcomer can take through."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES
from store.tables import Case, Organization, Person, Visit
from workflows.passwords import hash_password

PASSWORD = "weiran-demo-2026"  # noqa: S105 — printed at the start, accounts of sample data only
PROVIDER = "瓯安安全技术服务有限公司"
UNIT = "温州演示投保单位有限公司"


class Account(Struct, frozen=True):
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
    return tuple(Account(_title(login), login, PASSWORD) for login in known)


class Start(Struct, frozen=True):
    """Where a newcomer can begin: a unit that a visit is due at, its contact's login, and who goes there."""

    unit: str
    contact: str
    expert: str


def start(session: Session) -> Start | None:
    """Return the first visit that waits to be dispatched and whose unit has somebody to confirm it."""
    waiting = (
        select(Organization.name, Person.login)
        .join(Person, Person.org_id == Organization.id)
        .join(Visit, Visit.policyholder_id == Organization.id)
        .join(Case, Case.visit_id == Visit.id)
        .where(Visit.state == "planned", Visit.lead_id.is_(None), Case.status == "open")
        .where(Person.password_hash.is_not(None))
        .order_by(Visit.id)
        .limit(1)
    )
    row = session.execute(waiting).first()
    expert = session.scalar(select(Person.name).where(Person.login == "expert"))
    return Start(row.name, row.login, expert) if row is not None and expert is not None else None


def let_in(people: Sequence[Person], now: datetime) -> None:
    """Give people of the sample city the password of all demo accounts."""
    secret = hash_password(PASSWORD)
    for person in people:
        person.password_hash, person.password_changed_at = secret, now


def _title(login: str) -> str:
    title = ROLES[login.removesuffix("_2")].title
    return f"{title}（{UNIT}）" if login == "policyholder" else title
