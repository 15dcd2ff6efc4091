"""The parts that several papers share."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

LEGAL_SOURCE = "温安委办〔2020〕4号"


class Content(Struct, frozen=True, forbid_unknown_fields=True):
    """What is printed; filled from a mapping it refuses unknown keys."""


class Head(Content, frozen=True):
    """What stands on every paper. ``issuer`` signs: the provider, or the insurer on refusal and decline."""

    number: str
    """机构码-类码-年-流水, taken in the business transaction."""
    issuer: str
    generated_at: datetime
    check_url: str
    """Where a reader checks the number and the digest; printed as a QR code."""
    paper_number: str = ""
    """纸面文号 in the style of the office, such as 温安服告〔2026〕0412 号."""
    legal_source: str = LEGAL_SOURCE
    draft: bool = False
    """Prints 草稿 across the page."""
    demo: bool = False
    """Prints 演示数据 beside the number."""


class Unit(Content, frozen=True):
    """The policyholder (投保单位)."""

    name: str
    uscc: str = ""
    address: str = ""
    contact: str = ""
    mobile: str = ""
    industry: str = ""


class PolicyFacts(Content, frozen=True):
    """The policy that the service belongs to."""

    number: str
    insurer: str
    term_start: date
    term_end: date
    premium: Decimal | None = None


class Member(Content, frozen=True):
    """One professional (专业技术人员) with the certificate as it stood on the day."""

    name: str
    organization: str = ""
    certificate: str = ""
    role: str = ""


class Picture(Content, frozen=True):
    """A photo; ``image`` is the file as uploaded, made small enough to print when it is filled in."""

    image: bytes
    caption: str = ""


class Signature(Content, frozen=True):
    """One signature box. Empty fields leave room for a pen; ``refused`` needs a witness."""

    party: str
    name: str = ""
    title: str = ""
    signed_at: datetime | None = None
    image: bytes | None = None
    refused: bool = False
    refuse_reason: str = ""
    witness: str = ""
    seal: bool = False
    """Asks for a stamp beside the signature."""


class Span(Content, frozen=True):
    """From one moment to another on the site."""

    start: datetime
    end: datetime


class Fact(Content, frozen=True):
    """A named fact with its value and, where one is needed, its evidence."""

    name: str
    value: str
    source: str = ""


class Signed(Content, frozen=True, kw_only=True):
    """What may be signed by hand or on the screen."""

    signatures: tuple[Signature, ...] = ()


class Paper(Signed, frozen=True):
    """What every content type carries."""

    head: Head
    unit: Unit
