"""What a policy owes is kept and counted policy year by policy year."""

from datetime import date
from decimal import Decimal

import pytest

from store.tables import Claim, Policy, QuotaSnapshot, Visit
from tests.support.world import EVERYTHING, agree, open_first
from workflows.operations.quota_facts import current_quota


def test_each_policy_year_is_kept_and_misses_its_own_visits(world):
    world.register(term_end=date(2028, 2, 29))
    agree(world)
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        kept = session.query(QuotaSnapshot).order_by(QuotaSnapshot.policy_year)
        assert [(row.policy_year, row.required) for row in kept] == [(1, 2), (2, 2)]
        policy = session.get_one(Policy, world.policy_id)
        owners = {name: getattr(policy, name) for name in ("org_id", "insurer_id", "policyholder_id")}
        for day in range(3, 7):
            number, on = f"FW{day}", date(2026, 3, day)
            more = {"number": number, "completed_on": on, "responsible_org_id": policy.org_id}
            session.add(Visit(policy_id=policy.id, state="archived", **more, **owners))
    open_first(world)
    (cycle,) = world.cases("service_cycle")
    assert [cycle.variables[name] for name in ("required", "counted", "short")] == [4, 4, 2]


def by_history(world, insured: tuple[date, date], reported: date) -> list[int]:
    """Return what a policy's years owe for six claims reported that day on the unit's policy of this term."""
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        policy = session.get_one(Policy, world.policy_id)
        names = ("org_id", "insurer_id", "policyholder_id", "region_code", "industry")
        owners = {name: getattr(policy, name) for name in names}
        under = policy
        if insured != (policy.term_start, policy.term_end):
            term = {"term_start": insured[0], "term_end": insured[1]}
            under = Policy(number="earlier", written_premium=Decimal(1000), **term, **owners)
            session.add(under)
            session.flush()
        for number in range(6):
            days = {"occurred": reported, "reported": reported}
            session.add(Claim(number=f"C{number}", policy_id=under.id, state="settled", **days, **owners))
        session.flush()
        return [year.by_history for year in current_quota(session, policy).years]


BEFORE = (date(2025, 3, 1), date(2026, 2, 28))
TWO_YEARS = (date(2026, 3, 1), date(2028, 2, 29))
LONG_AGO = (date(2021, 3, 1), date(2022, 2, 28))


@pytest.mark.parametrize(
    ("insured", "reported", "owed"),
    [
        (BEFORE, date(2025, 3, 1), [2, 0]),
        (BEFORE, date(2026, 2, 28), [2, 0]),
        (BEFORE, date(2026, 3, 1), [0, 2]),
        (TWO_YEARS, date(2026, 3, 1), [0, 2]),
        (TWO_YEARS, date(2027, 2, 28), [0, 2]),
        (TWO_YEARS, date(2027, 3, 1), [0, 0]),
        (LONG_AGO, date(2021, 6, 1), [0, 0]),
    ],
)
def test_claims_count_for_the_policy_year_after_the_one_in_which_they_are_reported(
    world, insured, reported, owed
):
    """第十四条第三档, D7: claims of the policy year before, be it of this policy or of the one before it."""
    world.register(term_end=TWO_YEARS[1])
    assert by_history(world, insured, reported) == owed
