"""Messages that people send to a case: what cannot be carried out is an incident of what waited for it."""

import pytest
from sqlalchemy import select, update

from store.tables import Case, Incident
from tests.support.world import EVERYTHING
from workflows.errors import CaseStuckError

REVOKED = {"revoked_by": "王建国", "revoked_at": "今天 09:00", "reason": "检修"}
RESCHEDULED = {"new_time": "+5工作日 09:00", "reason": "检修"}


@pytest.fixture
def agreed(pasts, tmp_path):
    """A city whose visit can be put off, and its permission taken back."""
    with pasts.until("arranged").again(tmp_path) as world:
        world.do("policyholder_confirm_visit", answer="agree")
        yield world


def write_state(world, case, state):
    with world.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Case).where(Case.id == case.id).values(state=state))


def incidents(world):
    with world.runtime.database.read(EVERYTHING) as session:
        rows = session.scalars(select(Incident).order_by(Incident.opened_at, Incident.id)).all()
    return [(row.command["kind"], row.kind, row.status, row.attempts) for row in rows]


def test_each_message_that_a_case_cannot_take_is_an_incident_that_ends_with_what_waited(agreed):
    (visit,) = agreed.cases("service_visit")
    with agreed.runtime.database.read(EVERYTHING) as session:
        whole = session.scalar(select(Case.state).where(Case.id == visit.id))
    write_state(agreed, visit, b"W\x01\x00broken")
    for name, answers in (("permission_revoked", REVOKED), ("reschedule_requested", RESCHEDULED)):
        for _ in range(2):
            with pytest.raises(CaseStuckError):
                agreed.send(visit, name, "policyholder", **answers)
    assert incidents(agreed) == [("send", "state", "open", 2)] * 2
    write_state(agreed, visit, whole)
    agreed.send(visit, "permission_revoked", "policyholder", **REVOKED)
    assert ("send", "state", "closed", 2) in incidents(agreed)
