from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rules import visit_quota
from rules.errors import MissingFactError, UnknownParameterError
from rules.parameters import bands
from rules.visit_quota import (
    PremiumBasis,
    PriorYear,
    QuotaFacts,
    ShortTermRule,
    Tier,
    explain,
    is_high_risk_kind,
    max_injured,
    recompute_after_endorsement,
    visits_owed,
)

PREMIUMS = st.decimals("0", "500000", places=2)
TERMS = st.tuples(st.dates(date(2020, 6, 1), date(2030, 1, 1)), st.integers(0, 1500))


def make_facts(premium="5000", start="2025-01-01", end="2025-12-31", *, high_risk=False, **more):
    return QuotaFacts(Decimal(premium), date.fromisoformat(start), date.fromisoformat(end), high_risk, **more)


@pytest.mark.parametrize(
    ("premium", "visits"),
    [
        ("0", 1),
        ("29999.99", 1),
        ("30000", 2),
        ("30000.01", 2),
        ("59999.99", 2),
        ("60000", 3),
        ("60000.01", 3),
        ("99999.99", 3),
        ("100000", 4),
        ("100000.01", 4),
        ("29999.994", 1),
        ("29999.995", 2),
    ],
)
def test_visits_by_premium_band(premium, visits):
    assert visits_owed(make_facts(premium)).required == visits


@pytest.mark.parametrize(
    ("prior", "causes"),
    [
        (PriorYear(), []),
        (PriorYear(0, 0, False, 0, Decimal(0), Decimal(0)), []),
        (PriorYear(deaths=1), ["deaths"]),
        (PriorYear(max_injured_in_one_accident=2), []),
        (PriorYear(max_injured_in_one_accident=3), ["injured_in_one_accident"]),
        (PriorYear(dishonesty_listing=True), ["dishonesty_listing"]),
        (PriorYear(claim_count=5), []),
        (PriorYear(claim_count=6), ["claim_count_over"]),
        (PriorYear(paid=Decimal(20000), premium=Decimal(10000)), []),
        (PriorYear(paid=Decimal("20000.01"), premium=Decimal(10000)), ["loss_ratio_over"]),
        (PriorYear(paid=Decimal("20000.0000001"), premium=Decimal(10000)), ["loss_ratio_over"]),
        (PriorYear(paid=Decimal(9999999), premium=Decimal(0)), []),
        (PriorYear(paid=Decimal(9999999)), []),
        (PriorYear(premium=Decimal(1)), []),
    ],
)
def test_the_year_before_triggers_the_third_tier_at_its_edges(prior, causes):
    quota = visits_owed(make_facts(prior_years=(prior,)))
    assert [reason.cause for reason in quota.reasons if reason.tier is Tier.HISTORY] == causes
    assert quota.years[0].by_history == (2 if causes else 0)
    assert quota.required == (2 if causes else 1)


def test_the_tiers_are_compared_and_never_added():
    prior = PriorYear(1, 9, True, 99, Decimal(99), Decimal(1))
    quota = visits_owed(make_facts("65000", high_risk=True, prior_years=(prior,)))
    year = quota.years[0]
    assert (year.by_premium, year.by_industry, year.by_history, quota.required) == (3, 2, 2, 3)


@pytest.mark.parametrize(
    ("start", "end", "rule", "required"),
    [
        ("2025-01-01", "2025-06-30", "full", 3),
        ("2025-01-01", "2025-06-30", "prorate_ceil", 2),  # ceil(3 × 181 / 365)
        ("2025-01-01", "2025-01-01", "prorate_ceil", 1),
        ("2025-01-01", "2025-12-30", "prorate_ceil", 3),
        ("2025-01-01", "2025-12-31", "prorate_ceil", 3),
        (
            "2024-01-01",
            "2024-12-31",
            "prorate_ceil",
            3,
        ),  # 366 days are one full year, not ceil(3 × 366 / 365)
        ("2025-03-01", "2027-02-28", "full", 6),
        ("2025-03-01", "2027-02-28", "prorate_ceil", 6),
        ("2025-01-01", "2026-06-30", "full", 6),
        ("2025-01-01", "2026-06-30", "prorate_ceil", 5),
        ("2025-01-01", "2026-01-01", "prorate_ceil", 4),
    ],
)
def test_short_and_long_terms(start, end, rule, required):
    facts = make_facts("65000", start, end, short_term_rule=ShortTermRule(rule))
    assert visits_owed(facts).required == required


@pytest.mark.parametrize(
    ("start", "end", "basis", "per_year"),
    [
        ("2025-03-01", "2027-02-28", "total", 4),
        ("2025-03-01", "2027-02-28", "annualized", 2),  # 50,000 a year
        ("2024-01-01", "2024-12-31", "annualized", 4),  # a leap year stays one year
        ("2025-01-01", "2025-01-01", "annualized", 4),
    ],
)
def test_the_band_may_be_found_by_the_premium_of_a_year(start, end, basis, per_year):
    facts = make_facts("100000", start, end, premium_basis=PremiumBasis(basis))
    assert visits_owed(facts).per_policy_year == per_year


def test_each_policy_year_looks_at_the_year_before_it():
    calm, fatal = PriorYear(deaths=0), PriorYear(deaths=1)
    quota = visits_owed(make_facts(end="2027-12-31", prior_years=(calm, fatal)))
    assert [year.required for year in quota.years] == [1, 2, 2]
    assert quota.policy_days == 1095


def test_a_policy_year_over_before_the_standard_owes_nothing():
    quota = visits_owed(make_facts(start="2019-05-01", end="2021-04-30"))
    assert [year.required for year in quota.years] == [0, 1]


def test_a_quota_names_every_row_once():
    quota = visits_owed(make_facts(end="2026-12-31", high_risk=True, prior_years=(PriorYear(deaths=2),)))
    assert quota.parameter_rows == (
        "wenzhou-2020:visit_tiers:2020-06-01",
        "wenzhou-2020:high_risk_visits:2020-06-01",
        "wenzhou-2020:deaths:2020-06-01",
    )
    assert quota.years[0].full_year == 2


@pytest.mark.parametrize(
    ("facts", "sentences"),
    [
        (make_facts("8000"), ["保费 8,000.00 元，不足 30,000.00 元，每年不少于 1 次"]),
        (
            make_facts("30000"),
            ["保费 30,000.00 元，在 30,000.00 元（含）至 60,000.00 元（不含）之间，每年不少于 2 次"],
        ),
        (make_facts("100000"), ["保费 100,000.00 元，达到 100,000.00 元以上，每年不少于 4 次"]),
        (
            make_facts("8000", high_risk=True, high_risk_kind="fireworks"),
            [
                "保费 8,000.00 元，不足 30,000.00 元，每年不少于 1 次",
                "属于烟花爆竹，不论规模大小，每年不少于 2 次",
            ],
        ),
        (
            make_facts(high_risk=True, prior_years=(PriorYear(claim_count=6),)),
            [
                "保费 5,000.00 元，不足 30,000.00 元，每年不少于 1 次",
                "属于高危行业，不论规模大小，每年不少于 2 次",
                "上年度保险索赔案件 6 宗，超过 5 宗，每年不少于 2 次",
            ],
        ),
    ],
)
def test_every_reason_makes_a_sentence(facts, sentences):
    assert [explain(reason) for reason in visits_owed(facts).reasons] == sentences


def test_every_cause_of_the_third_tier_makes_a_sentence():
    prior = PriorYear(1, 3, True, 6, Decimal(300), Decimal(100))
    reasons = visits_owed(make_facts(prior_years=(prior,))).reasons
    assert len(reasons) == 6
    assert all("{" not in explain(reason) for reason in reasons)
    assert "超过保费 100.00 元的 200%" in explain(reasons[-1])


@pytest.mark.parametrize(
    ("kind", "profile", "expected"),
    [
        ("construction", "wenzhou-2020", True),
        ("coal_mine", "wenzhou-2020", False),
        ("coal_mine", "national-2025", True),
        ("none", "wenzhou-2020", False),
    ],
)
def test_the_profiles_differ_in_their_high_risk_industries(kind, profile, expected):
    assert is_high_risk_kind(kind, date(2025, 6, 1), profile) is expected


def test_a_profile_without_visits_is_refused():
    with pytest.raises(UnknownParameterError):
        visits_owed(make_facts(profile="national-2025"))


def test_a_premium_below_every_band_is_refused():
    with pytest.raises(MissingFactError):
        visits_owed(make_facts("-0.01"))


def test_accidents_are_not_added_up():
    assert max_injured([2, 2, 1]) == 2
    assert max_injured([]) == 0


def test_an_endorsement_raises_the_years_not_yet_over():
    facts = make_facts("20000", end="2027-12-31")
    before = visits_owed(facts)
    after = recompute_after_endorsement(before, replace(facts, premium=Decimal(60000)), date(2026, 3, 1))
    assert [year.required for year in after.years] == [1, 3, 3]


@pytest.mark.parametrize(("only_up", "required"), [(True, 4), (False, 1)])
def test_an_endorsement_lowers_nothing_unless_the_office_says_so(only_up, required):
    facts = make_facts("100000")
    lower = replace(facts, premium=Decimal(100))
    after = recompute_after_endorsement(visits_owed(facts), lower, date(2025, 6, 1), only_up=only_up)
    assert after.required == required


def test_an_endorsement_may_prolong_the_term():
    facts = make_facts("20000")
    longer = replace(facts, term_end=date(2026, 6, 30))
    after = recompute_after_endorsement(visits_owed(facts), longer, date(2025, 12, 1))
    assert [year.required for year in after.years] == [1, 1]


@given(PREMIUMS, PREMIUMS, st.booleans(), TERMS, st.sampled_from(PremiumBasis))
def test_a_larger_premium_never_earns_fewer_visits(a, b, high_risk, term, basis):
    start, days = term
    facts = QuotaFacts(min(a, b), start, start + timedelta(days=days), high_risk, premium_basis=basis)
    assert visits_owed(facts).required <= visits_owed(replace(facts, premium=max(a, b))).required


@given(PREMIUMS, st.booleans(), TERMS)
def test_a_share_of_a_year_owes_at_least_one_visit_and_never_more_than_the_year(premium, high_risk, term):
    start, days = term
    full = visits_owed(QuotaFacts(premium, start, start + timedelta(days=days), high_risk))
    part = visits_owed(
        QuotaFacts(
            premium,
            start,
            start + timedelta(days=days),
            high_risk,
            short_term_rule=ShortTermRule.PRORATE_CEIL,
        )
    )
    for whole, cut in zip(full.years, part.years, strict=True):
        assert 1 <= cut.required <= whole.required
        assert cut.required == whole.required or not cut.year.complete


@given(PREMIUMS, TERMS, st.booleans(), st.integers(0, 9))
def test_what_is_owed_is_the_largest_tier_of_each_year(premium, term, high_risk, claims):
    start, days = term
    facts = QuotaFacts(
        premium, start, start + timedelta(days=days), high_risk, prior_years=(PriorYear(claim_count=claims),)
    )
    quota = visits_owed(facts)
    assert quota.required == sum(
        max(year.by_premium, year.by_industry, year.by_history) for year in quota.years
    )


def test_the_bands_of_the_annex_are_the_only_ones():
    assert len(bands("visit_tiers", date(2025, 1, 1)).value) == 4
    assert visit_quota.DAYS_OF_YEAR == 365
