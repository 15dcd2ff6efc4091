"""The blueprint of the registers, and who may do what in it."""

from collections.abc import Collection, Mapping
from typing import Any  # Any: url_for takes what the converters of a route take
from uuid import UUID

from flask import Blueprint, url_for

from webapp.identity import actor
from workflows.registers import IMPORTERS, ROSTERS

blueprint = Blueprint("registers", __name__, url_prefix="/registers", template_folder="templates")

SECTIONS: Mapping[str, str] = {
    "units": "policyholders",
    "policies": "policies",
    "claims": "claims",
    "year-facts": "year_facts",
    "people": "people",
    **{roster.section: code for code, roster in ROSTERS.items()},
}
"""The part of an address → the register."""
ANY_SECTION = "<any({}):section>".format(",".join(f"'{section}'" for section in SECTIONS))
ROSTER_SECTION = "<any({}):section>".format(",".join(f"'{roster.section}'" for roster in ROSTERS.values()))
SECTION_OF = {register: section for section, register in SECTIONS.items()}
LISTS: Mapping[str, str] = {
    "policyholders": "registers.units",
    "policies": "registers.policies",
    "claims": "registers.claims",
    "year_facts": "registers.year_facts",
    "people": "registers.people",
}
PAGES: Mapping[str, tuple[str, str]] = {
    "policyholders": ("registers.show", "unit_id"),
    "policies": ("registers.policy", "policy_id"),
    "claims": ("registers.claim", "claim_id"),
    "year_facts": ("registers.year_fact", "fact_id"),
    "people": ("registers.person", "person_id"),
}
FINANCE = frozenset({"provider_finance", "insurer_finance"})


def list_href(register: str) -> str:
    """Return the address of a register's list."""
    if register in ROSTERS:
        return url_for("registers.roster_list", section=SECTION_OF[register])
    return url_for(LISTS[register])


def page_href(register: str, record_id: UUID) -> str:
    """Return the address of a record's page."""
    if register in ROSTERS:
        return url_for("registers.roster", section=SECTION_OF[register], record_id=record_id)
    endpoint, name = PAGES[register]
    values: dict[str, Any] = {name: record_id}  # Any: as url_for
    return url_for(endpoint, **values)


def importable() -> frozenset[str]:
    """Return the registers that the person may import and enter by hand."""
    return frozenset(register for register, roles in IMPORTERS.items() if actor().roles & roles)


def may_change(register: str, owners: Collection[UUID | None]) -> bool:
    """Tell whether the person may correct a record that these offices answer for."""
    return register in importable() and actor().org_id in owners


def readable() -> frozenset[str]:
    """Return the declared registers that the person may read."""
    return frozenset(
        code for code, roster in ROSTERS.items() if actor().roles & (roster.readers | roster.writers)
    )


def sees_contacts() -> bool:
    """Tell whether the person may see who to call; who only keeps the books may not."""
    return bool(actor().roles - FINANCE)
