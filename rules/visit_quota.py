"""How many offline visits a policyholder is owed, and why (第十四条, D3 to D7).

Three tiers each say "no fewer than", so the largest counts; they are never added. Every reason is data:
a cause, its facts and the row of the number, from which papers and pages make a sentence.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct, field
from msgspec.structs import replace

from rules.amounts import HUNDRED, to_fen
from rules.errors import MissingFactError
from rules.parameters import LOCAL_PROFILE, STANDARD_FIRST_DAY, bands, number, share, standard_day, words
from rules.policy_years import PolicyYear, days_of_term, policy_years
from rules.vocabulary import label

DAYS_OF_YEAR = 365
AMOUNTS = frozenset({"premium", "at_least", "below", "paid"})
"""Facts of a reason that are yuan."""


class Tier(StrEnum):
    """The three tiers of 第十四条."""

    PREMIUM = "premium"
    INDUSTRY = "industry"
    HISTORY = "history"


class ShortTermRule(StrEnum):
    """What a policy year cut short owes: as many as a full one, or its share rounded up (D5)."""

    FULL = "full"
    PRORATE_CEIL = "prorate_ceil"


class PremiumBasis(StrEnum):
    """Which premium finds the band: the policy's total, or its share for one year (D5)."""

    TOTAL = "total"
    ANNUALIZED = "annualized"


class PriorYear(Struct, frozen=True):
    """What happened in the year before (D7); None = not known, which triggers nothing.

    Deaths, injuries and dishonesty belong to the calendar year before the policy year, claims and their
    payments to the policy year before; `premium` is that year's premium.
    """

    deaths: int | None = None
    max_injured_in_one_accident: int | None = None
    dishonesty_listing: bool | None = None
    claim_count: int | None = None
    paid: Decimal | None = None
    premium: Decimal | None = None


class QuotaFacts(Struct, frozen=True):
    """What the quota of one policy depends on.

    `prior_years` has one entry per policy year; the last one stands for the years after it.
    """

    premium: Decimal
    term_start: date
    term_end: date
    is_high_risk: bool
    high_risk_kind: str = "none"
    prior_years: tuple[PriorYear, ...] = ()
    profile: str = LOCAL_PROFILE
    short_term_rule: ShortTermRule = ShortTermRule.FULL
    premium_basis: PremiumBasis = PremiumBasis.TOTAL


class Reason(Struct, frozen=True):
    """Why a tier asks for `visits`: a word of quota_cause, its facts as text, the row of the number."""

    tier: Tier
    cause: str
    visits: int
    parameter_row: str
    facts: Mapping[str, str] = field(default_factory=dict)


class YearQuota(Struct, frozen=True):
    """What one policy year owes; `by_…` = 0 where the tier does not apply, before a cut for a short year."""

    year: PolicyYear
    required: int
    by_premium: int
    by_industry: int
    by_history: int
    reasons: tuple[Reason, ...]

    @property
    def full_year(self) -> int:
        """The visits of a full year: the largest of the three tiers."""
        return max(self.by_premium, self.by_industry, self.by_history)


class Quota(Struct, frozen=True):
    """What a whole policy owes: `required` in all its policy years together."""

    years: tuple[YearQuota, ...]
    profile: str

    @property
    def required(self) -> int:
        """The visits owed over the whole term: the sum of the policy years (D5)."""
        return sum(year.required for year in self.years)

    @property
    def per_policy_year(self) -> int:
        """The visits owed in the first policy year."""
        return self.years[0].required

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons of the first policy year, tier by tier."""
        return self.years[0].reasons

    @property
    def parameter_rows(self) -> tuple[str, ...]:
        """The rows of every number that was used, each once."""
        return tuple(dict.fromkeys(reason.parameter_row for year in self.years for reason in year.reasons))

    @property
    def policy_days(self) -> int:
        """The days of the term, both ends counted."""
        return days_of_term(self.years[0].year.first_day, self.years[-1].year.last_day)


def visits_owed(facts: QuotaFacts) -> Quota:
    """Return how many offline visits the policy is owed, per policy year and in all (第十四条).

    The numbers in force on the first day of the term govern; a year over before the standard owes none.

    Raises: TermOrderError; UnknownParameterError if the profile says nothing about visits.
    """
    on = standard_day(facts.term_start)
    years = policy_years(facts.term_start, facts.term_end)
    premium = _premium_for_band(facts, years)
    fixed = (_by_premium(premium, on, facts.profile), *_by_industry(facts, on))
    priors = facts.prior_years or (PriorYear(),)
    quotas = []
    for year in years:
        prior = priors[min(year.index, len(priors)) - 1]
        reasons = (*fixed, *_by_history(prior, on, facts.profile))
        quotas.append(_year_quota(year, reasons, facts.short_term_rule))
    return Quota(tuple(quotas), facts.profile)


def recompute_after_endorsement(
    current: Quota, facts: QuotaFacts, effective: date, *, only_up: bool = True
) -> Quota:
    """Return the quota after an endorsement (批改): years not yet over at `effective` are counted anew.

    第十四条, D6: an endorsement raises what is owed and never lowers it, unless the office turns that off.
    """
    old = {year.year.index: year for year in current.years}
    years = []
    for new in visits_owed(facts).years:
        before = old.get(new.year.index, new)
        if new.year.last_day < effective or (only_up and before.required > new.required):
            years.append(replace(before, year=new.year))
        else:
            years.append(new)
    return Quota(tuple(years), facts.profile)


def never_below(current: Quota, kept: Mapping[int, int]) -> Quota:
    """Return the quota with no policy year below what was kept for its index before (第十四条, D6)."""
    years = (
        replace(year, required=max(year.required, kept.get(year.year.index, 0))) for year in current.years
    )
    return Quota(tuple(years), current.profile)


def is_high_risk_kind(kind: str, on: date, profile: str = LOCAL_PROFILE) -> bool:
    """Tell whether units of that kind are among the high-risk industries of the profile (第十四条第二档)."""
    return kind in words("high_risk_kinds", standard_day(on), profile).value


def max_injured(accidents: Iterable[int]) -> int:
    """Return the most people injured in any one accident (第十四条第三档, D7: never added up)."""
    return max(accidents, default=0)


def explain(reason: Reason) -> str:
    """Return the reason as a Chinese sentence (第十四条), for the quota statement and the policy page."""
    facts = {
        name: f"{Decimal(fact):,.2f}" if name in AMOUNTS else fact for name, fact in reason.facts.items()
    }
    return label("quota_cause", reason.cause).format(visits=reason.visits, **facts)


def _year_quota(year: PolicyYear, reasons: tuple[Reason, ...], rule: ShortTermRule) -> YearQuota:
    by = {tier: max((item.visits for item in reasons if item.tier is tier), default=0) for tier in Tier}
    visits = max(by.values())
    if year.last_day < STANDARD_FIRST_DAY:
        visits = 0
    elif rule is ShortTermRule.PRORATE_CEIL and not year.complete:
        visits = max(1, -(-visits * year.days // DAYS_OF_YEAR))
    return YearQuota(year, visits, by[Tier.PREMIUM], by[Tier.INDUSTRY], by[Tier.HISTORY], reasons)


def _premium_for_band(facts: QuotaFacts, years: tuple[PolicyYear, ...]) -> Fraction:
    """Give the premium that finds the band, exactly; full policy years count 1 each, leap years too."""
    total = Fraction(to_fen(facts.premium))
    if facts.premium_basis is PremiumBasis.TOTAL:
        return total
    return total / sum(Fraction(1) if year.complete else Fraction(year.days, DAYS_OF_YEAR) for year in years)


def _by_premium(premium: Fraction, on: date, profile: str) -> Reason:
    """Find the band: lower bounds are inclusive, so 30,000 exactly belongs to the higher band (D3)."""
    row = bands("visit_tiers", on, profile)
    band = next((band for band in reversed(row.value) if premium >= band.at_least), None)
    if band is None:
        raise MissingFactError(rule="visit_tiers", fact="premium")
    facts = {"premium": _yuan(premium), "at_least": f"{band.at_least:.2f}"}
    if band.below is None:
        return Reason(Tier.PREMIUM, "premium_top_band", band.visits, row.row_id, facts)
    cause = "premium_band" if band.at_least else "premium_lowest_band"
    return Reason(Tier.PREMIUM, cause, band.visits, row.row_id, facts | {"below": f"{band.below:.2f}"})


def _by_industry(facts: QuotaFacts, on: date) -> tuple[Reason, ...]:
    if not facts.is_high_risk:
        return ()
    row = number("high_risk_visits", on, facts.profile)
    kind = facts.high_risk_kind
    industry = "高危行业" if kind == "none" else label("high_risk_kind", kind)
    return (Reason(Tier.INDUSTRY, "high_risk_kind", row.value, row.row_id, {"industry": industry}),)


def _by_history(prior: PriorYear, on: date, profile: str) -> tuple[Reason, ...]:
    visits = number("history_visits", on, profile)
    causes = [
        *_at_least("deaths", prior.deaths, on, profile),
        *_at_least("injured_in_one_accident", prior.max_injured_in_one_accident, on, profile),
    ]
    if prior.dishonesty_listing:
        causes.append(("dishonesty_listing", visits.row_id, {}))
    claims = number("claim_count_over", on, profile)
    if prior.claim_count is not None and prior.claim_count > claims.value:
        facts = {"count": str(prior.claim_count), "limit": str(claims.value)}
        causes.append(("claim_count_over", claims.row_id, facts))
    causes += _loss_ratio(prior, on, profile)
    return tuple(Reason(Tier.HISTORY, cause, visits.value, row, facts) for cause, row, facts in causes)


_Cause = tuple[str, str, dict[str, str]]


def _at_least(name: str, count: int | None, on: date, profile: str) -> list[_Cause]:
    row = number(name, on, profile)
    if count is None or count < row.value:
        return []
    return [(name, row.row_id, {"count": str(count)})]


def _loss_ratio(prior: PriorYear, on: date, profile: str) -> list[_Cause]:
    """Compare before rounding, and without dividing: a premium of 0 makes the ratio inapplicable (D7)."""
    if prior.paid is None or not prior.premium:
        return []
    row = share("loss_ratio_over", on, profile)
    if prior.paid <= row.value * prior.premium:
        return []
    limit = f"{row.value * HUNDRED:.0f}"
    facts = {"paid": f"{prior.paid:.2f}", "premium": f"{prior.premium:.2f}", "limit": limit}
    return [("loss_ratio_over", row.row_id, facts)]


def _yuan(amount: Fraction) -> str:
    return f"{to_fen(Decimal(amount.numerator) / Decimal(amount.denominator)):.2f}"
