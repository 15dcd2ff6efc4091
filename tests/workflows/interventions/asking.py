"""Short ways for the tests of interventions to give commands and to look."""

import json
from itertools import count

from sqlalchemy import select

from store.invariants import check
from store.tables import Case, CaseEvent, Incident, Notice, Timer, WorkItem
from tests.support.world import EVERYTHING
from workflows.commands import Below, CancelCase, ResumeCase, SuspendCase
from workflows.handlers.cancelling import cancel_case, preview
from workflows.handlers.suspending import resume_case, suspend_case
from workflows.soundness import check_states

_KEYS = count()


def suspend(world, case, by="system_admin", reason="等法院查封", **more):
    command = SuspendCase(case.id, reason, **({"key": f"s{next(_KEYS)}"} | more))
    suspend_case(world.runtime, command, world.actor(by))
    return command


def resume(world, case, by="system_admin", reason="查封解除", **more):
    resume_case(world.runtime, ResumeCase(case.id, reason, f"r{next(_KEYS)}", **more), world.actor(by))


def cancel(world, case, by="system_admin", reason="保单是重复登记的", below=Below.KEEP, **more):
    with world.runtime.database.read(EVERYTHING) as session:
        seen = preview(session, session.get_one(Case, case.id)).fingerprint
    command = CancelCase(case.id, reason, **({"seen": seen, "key": f"c{next(_KEYS)}", "below": below} | more))
    cancel_case(world.runtime, command, world.actor(by))
    return command


def rows(world, query):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(query).all()


def status(world, case) -> str:
    return rows(world, select(Case.status).where(Case.id == case.id))[0]


def said(world, case, kind) -> list[dict]:
    """Return what the events of a kind tell, the latest last."""
    query = select(CaseEvent.body).where(CaseEvent.case_id == case.id, CaseEvent.kind == kind)
    return [json.loads(body)["data"] for body in rows(world, query.order_by(CaseEvent.version, CaseEvent.n))]


def items(world, case) -> list[WorkItem]:
    return rows(world, select(WorkItem).where(WorkItem.case_id == case.id).order_by(WorkItem.id))


def timers(world, case) -> list[Timer]:
    return rows(world, select(Timer).where(Timer.case_id == case.id, Timer.purpose == "token"))


def incidents(world, case) -> list[Incident]:
    return rows(world, select(Incident).where(Incident.case_id == case.id).order_by(Incident.opened_at))


def heard(world, case) -> list[str]:
    """Return what stands behind bells because of a case."""
    return rows(world, select(Notice.title).where(Notice.case_id == case.id).order_by(Notice.at, Notice.id))


def sound(world) -> None:
    """All invariants hold, of the rows and of the states."""
    with world.runtime.database.read(EVERYTHING) as session:
        assert check(session) == []
        assert list(check_states(session)) == []
