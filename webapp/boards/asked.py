"""What the address of a dashboard asks for: which days, whose business; every choice stands in it."""

from collections.abc import Mapping
from datetime import date
from typing import Any  # Any: as url_for takes them
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from rules.codes import regions
from rules.roles import Party
from rules.vocabulary import choices
from store.measures.boards import offices
from store.measures.model import Window
from webapp import addresses
from webapp.dates import this_day
from webapp.texts import _

NAMES = {"region": "region_code", "industry": "industry", "insurer": "insurer_id", "provider": "org_id"}
"""The words of the address by which figures are narrowed, and the owner columns that they mean."""
ADDRESS_OF = {column: name for name, column in NAMES.items()}


class Filter(Struct, frozen=True):
    """A choice over all figures of a page."""

    name: str
    title: str
    every: str
    options: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def word(self) -> str:
        """Return what is chosen, in words; empty if all are."""
        return dict(self.options).get(self.chosen, "")


def read_window(words: Mapping[str, str]) -> Window:
    """Return the days and the business that the address asks for; this year so far, if it asks for no days."""
    today = this_day()
    first = addresses.day(words.get("from", "")) or date(today.year, 1, 1)
    last = addresses.day(words.get("to", "")) or max(today, first)
    industry = words.get("industry", "")
    return Window(
        min(first, last),
        max(first, last),
        org_id=addresses.identity(words.get("provider", "")),
        insurer_id=addresses.identity(words.get("insurer", "")),
        region_code=words["region"] if words.get("region", "") in regions() else None,
        industry=industry if industry in dict(choices("high_risk_kind")) else None,
    )


def address_of(window: Window) -> dict[str, Any]:
    """Return the words of the address that ask for this window."""
    named = {ADDRESS_OF[column]: str(value) for column, value in window.named.items()}
    return {"from": window.first_day.isoformat(), "to": window.last_day.isoformat(), **named}


def filters(session: Session, window: Window, kind: str) -> tuple[Filter, ...]:
    """Return the choices of a page; nobody chooses among what is fixed for people of this kind of organization."""
    found = []
    if kind != Party.DISTRICT_OFFICE:
        options = [(code, one.name) for code, one in regions().items() if one.valid_to is None]
        found.append(Filter("region", _("区域"), _("全部县市区"), tuple(options), window.region_code or ""))
    if kind != Party.INDUSTRY_AUTHORITY:
        trades = choices("high_risk_kind")
        found.append(Filter("industry", _("行业"), _("全部行业"), trades, window.industry or ""))
    if kind != Party.INSURER:
        found.append(
            _offices(session, "insurer", _("保险机构"), _("全部保险机构"), Party.INSURER, window.insurer_id)
        )
    if kind != Party.PROVIDER:
        found.append(
            _offices(session, "provider", _("服务机构"), _("全部服务机构"), Party.PROVIDER, window.org_id)
        )
    return tuple(found)


def _offices(  # one row of the form
    session: Session, name: str, title: str, every: str, party: Party, chosen: UUID | None
) -> Filter:
    options = tuple((str(office_id), word) for office_id, word in offices(session, party))
    return Filter(name, title, every, options, str(chosen or ""))
