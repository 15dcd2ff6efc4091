"""Told in time, each night: filings, contracts, qualifications and certificates that soon end (第五、九、十条)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final  # Any: rows of questions with four columns

from msgspec import Struct
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from rules.deadlines import reminders
from store.calendar import load_calendar
from store.scope import Scope
from store.tables import AgencyProfile, Engagement, Expert, Notice, Organization, Person, ProviderProfile
from workflows.runtime import Runtime

_AHEAD: Final = timedelta(days=60)
"""More than that before an end nobody is told: the first of the days in `remind_expiry`."""
_SCOPE = Scope.everything("those who answer for it are told that something ends")


class _Kind(Struct, frozen=True):
    """What may end: how it is called, who is told, where it stands, and the question for those that soon end."""

    title: str
    role: str
    link: str
    query: Select[*tuple[Any, ...]]
    column: Any


def tell_of_ends(runtime: Runtime, day: date) -> int:
    """Tell once at each reminder who answers for what soon ends; a night that was missed is caught up."""
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now) as session:
        found = {notice.key: notice for notice in _notices(session, day, now)}
        known = set(session.scalars(select(Notice.key).where(Notice.key.in_(found))))
        session.add_all(notice for key, notice in found.items() if key not in known)
    return len(found.keys() - known)


def _notices(session: Session, day: date, now: datetime) -> Iterator[Notice]:
    calendar = load_calendar(session)
    for kind in _KINDS:
        soon = kind.query.where(kind.column >= day, kind.column <= day + _AHEAD)
        for record_id, holder, name, end in session.execute(soon):
            told = [item.on for item in reminders("expiry", day - _AHEAD, end, calendar) if item.on <= day]
            if told:
                yield Notice(
                    key=f"expiry-{record_id}-{end}-{told[-1]}",
                    role=kind.role,
                    holder_id=holder,
                    kind="expiry",
                    title=f"{kind.title}“{name}”{end} 到期，还有 {(end - day).days} 天",
                    body="到期当天起不能据此派单；续办后登记新的有效期。",
                    link=f"{kind.link}{record_id}",
                    at=now,
                )


def _kinds() -> Iterable[_Kind]:
    filing, agency = ProviderProfile.filing_valid_until, AgencyProfile.valid_until
    yield _Kind(
        "备案",
        "provider_manager",
        "/registers/filings/",
        select(Organization.id, Organization.id, ProviderProfile.filing_number, filing)
        .select_from(ProviderProfile)
        .join(Organization, Organization.id == ProviderProfile.organization_id),
        filing,
    )
    yield _Kind(
        "资质",
        "agency_manager",
        "/registers/agencies/",
        select(Organization.id, Organization.id, Organization.name, agency)
        .select_from(AgencyProfile)
        .join(Organization, Organization.id == AgencyProfile.organization_id)
        .where(AgencyProfile.exited_on.is_(None)),
        agency,
    )
    contract = select(Engagement.id, Engagement.party_a_id, Engagement.number, Engagement.end)
    entrusts = Engagement.kind == "insurer_provider"
    for role, condition in (("insurer", entrusts), ("provider_manager", ~entrusts)):
        yield _Kind("合同", role, "/registers/engagements/", contract.where(condition), Engagement.end)
    yield _Kind(
        "专业技术人员证书",
        "provider_manager",
        "/registers/people/",
        select(Expert.person_id, Expert.org_id, Person.name, Expert.valid_until)
        .join(Person, Person.id == Expert.person_id)
        .where(Expert.status == "active", Person.active),
        Expert.valid_until,
    )


_KINDS = tuple(_kinds())
