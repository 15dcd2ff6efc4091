"""A record behind a figure, in words and with the address of its page; filed or live, it is told alike."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from rules.vocabulary import enumerations
from webapp.linking import link_to

CATEGORIES = {
    "hazard": "hazard_class",
    "fund_entry": "fund_category",
    "policy": "premium_tier",
    "training": "training_audience",
}
"""Which vocabulary knows the category of a kind of record."""
_PAGES = {
    "hazard": ("hazards.show", "hazard_id"),
    "policy": ("registers.policy", "policy_id"),
    "unit": ("registers.show", "unit_id"),
    "person": ("registers.person", "person_id"),
    "claim": ("registers.claim", "claim_id"),
    "complaint": ("complaints.show", "complaint_id"),
    "training": ("gatherings.show", "training_id"),
}


class Record(Protocol):
    """What a record behind a figure says of itself."""

    @property
    def subject(self) -> str:
        """Return what kind of record it is."""

    @property
    def subject_id(self) -> UUID:
        """Return its id."""

    @property
    def industry(self) -> str | None:
        """Return the code of its trade."""

    @property
    def category(self) -> str | None:
        """Return the code of its category."""


def page_of(record: Record, cases: Mapping[UUID, UUID]) -> str | None:
    """Return the page of the record, where the person may open it; a visit's is that of its case."""
    if record.subject == "visit" and record.subject_id in cases:
        return link_to("cases.show", case_id=cases[record.subject_id])
    endpoint, name = _PAGES.get(record.subject, ("", ""))
    return link_to(endpoint, **{name: record.subject_id}) if endpoint else None


def industry_of(record: Record) -> str:
    """Return the trade in words."""
    return word_of("high_risk_kind", record.industry)


def category_of(record: Record) -> str:
    """Return the category in words."""
    return word_of(CATEGORIES.get(record.subject, ""), record.category)


def word_of(enumeration: str, code: str | None) -> str:
    """Return the word of a code; one that nobody knows speaks for itself."""
    known = enumerations().get(enumeration)
    return (known.words.get(code or "") if known is not None else None) or code or ""
