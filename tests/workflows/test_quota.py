"""What a policy owes is kept and counted policy year by policy year."""

from datetime import date

from store.tables import Policy, QuotaSnapshot, Visit
from tests.support.world import EVERYTHING, agree, open_first


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
