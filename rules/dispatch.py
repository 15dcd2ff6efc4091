"""Who may be sent, and which policies may be served at all (第二条、第五条、第九条至第十一条、第二十二条)."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from rules.complaints import channel_gate
from rules.gates import Gate
from rules.parameters import number, standard_day


class TeamMember(Struct, frozen=True):
    """An expert as known on the day of dispatch; `engaged_until` None = on the provider's own staff."""

    name: str
    background: str
    qualification: str
    years: int
    certificate_valid_until: date | None
    has_commitment: bool
    is_recused: bool = False
    engaged_until: date | None = None
    busy_elsewhere: bool = False


class AgencyFacts(Struct, frozen=True):
    """A technical agency (第九条): its kind, and the last days of its qualification and its contract."""

    name: str
    kind: str | None
    qualified_until: date | None
    engaged_until: date | None


class DispatchFacts(Struct, frozen=True):
    """What a dispatch is checked against."""

    planned_on: date
    term_start: date
    term_end: date
    provider_filed: bool
    provider_filed_until: date | None
    team: tuple[TeamMember, ...]
    agency: AgencyFacts | None = None
    last_inspected_on: date | None = None


class DispatchFinding(Struct, frozen=True):
    """Something found: a word of dispatch_finding, and whom it is about (empty = the visit itself)."""

    code: str
    about: str = ""


class DispatchCheck(Struct, frozen=True):
    """Blocks forbid the dispatch; warnings ask for a reason in writing."""

    blocks: tuple[DispatchFinding, ...] = ()
    warnings: tuple[DispatchFinding, ...] = ()


def check_dispatch(facts: DispatchFacts) -> DispatchCheck:
    """Return what speaks against a dispatch (第五条、第九条、第十条).

    The provider must be filed; every expert needs background, qualification and experience, a certificate
    and a contract that last through the day, a commitment (第二条), and no tie to the unit; an agency its
    kind and qualification. The provider remains responsible whomever it sends (第十一条).
    """
    blocks = [*_provider_blocks(facts), *_agency_blocks(facts)]
    for member in facts.team:
        blocks += [DispatchFinding(code, member.name) for code in _member_blocks(member, facts.planned_on)]
    warnings = [DispatchFinding("two_places", item.name) for item in facts.team if item.busy_elsewhere]
    if _was_inspected_recently(facts):
        warnings.append(DispatchFinding("recently_inspected"))
    return DispatchCheck(tuple(blocks), tuple(warnings))


def activation_gate(published: Mapping[str, object], *, is_engaged: bool, is_provider_filed: bool) -> Gate:
    """Return what is missing before a policy may be served: codes of activation_gap (第五条、第二十二条)."""
    missing = list(channel_gate(published).missing)
    if not is_engaged:
        missing.append("engagement")
    if not is_provider_filed:
        missing.append("provider_filing")
    return Gate(tuple(missing))


def _provider_blocks(facts: DispatchFacts) -> list[DispatchFinding]:
    found = []
    if not facts.provider_filed:
        found.append("provider_not_filed")
    elif facts.provider_filed_until is not None and facts.provider_filed_until < facts.planned_on:
        found.append("provider_filing_expired")
    if not facts.term_start <= facts.planned_on <= facts.term_end:
        found.append("outside_term")
    return [DispatchFinding(code) for code in found]


def _agency_blocks(facts: DispatchFacts) -> list[DispatchFinding]:
    agency = facts.agency
    if agency is None:
        return []
    found = []
    if not agency.kind or not _lasts(agency.qualified_until, facts.planned_on):
        found.append(DispatchFinding("agency_unqualified", agency.name))
    if not _lasts(agency.engaged_until, facts.planned_on):
        found.append(DispatchFinding("engagement_expired", agency.name))
    return found


def _member_blocks(member: TeamMember, planned_on: date) -> list[str]:
    found = {
        "incomplete_profile": not (member.background and member.qualification and member.years > 0),
        "certificate_expired": not _lasts(member.certificate_valid_until, planned_on),
        "engagement_expired": member.engaged_until is not None and member.engaged_until < planned_on,
        "no_commitment": not member.has_commitment,
        "recused": member.is_recused,
    }
    return [code for code, applies in found.items() if applies]


def _lasts(until: date | None, day: date) -> bool:
    return until is not None and day <= until


def _was_inspected_recently(facts: DispatchFacts) -> bool:
    if facts.last_inspected_on is None:
        return False
    days = number("recent_inspection_days", standard_day(facts.planned_on)).value
    return 0 <= (facts.planned_on - facts.last_inspected_on).days <= days
