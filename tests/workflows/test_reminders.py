"""Who hears of a duty, and when: before its last day the holder, afterwards the ranks above as well."""

from sqlalchemy import select

from store.tables import Notice
from tests.support.world import EVERYTHING
from workflows.runtime import legal_day


def escalations(world, step: str) -> list[str]:
    """Return the roles that were told that the step is overdue."""
    with world.runtime.database.read(EVERYTHING) as session:
        query = select(Notice.role).where(
            Notice.kind == "escalation", Notice.work_item_id == world.item(step).id
        )
        return sorted(session.scalars(query))


def test_a_duty_recorded_late_is_told_at_once_to_everybody_who_would_have_heard_of_it(pasts, tmp_path):
    """D24: the day on which the service was completed governs, however late it is recorded (第十九条)."""
    with pasts.until("arrived").again(tmp_path) as world:
        left_at = world.clock.at
        world.clock.pass_by(days=60)
        days = [{"started_at": left_at, "ended_at": left_at}]
        world.do("record_visit", days=days, left_at=left_at, hazards=[])
        world.do("policyholder_sign_visit")
        assert world.item("make_return_visit").due_on < legal_day(world.clock.at)
        assert escalations(world, "make_return_visit") == ["insurer", "provider_manager"]
