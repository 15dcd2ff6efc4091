"""What must be true of the data at any moment, as queries (I1–I8 of the security notes, "engine" I8 and I9).

I1, acknowledged = kept: the server's own log of what it acknowledged is `command_key`; the clients' log is read by
`run.py faults`. I7, due dates stay: a step's day and moment are two columns that must agree; before and after a
restart they are compared by `run.py faults`. The engine's own side of I2 and I3 is checked where the engine is known.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from store import tables as t
from store.events import verify
from store.files import FileStore
from store.tables.base import Base, MaybeVisitOwned, VisitOwned

SHOWN: Final = 100
"""At most so many findings of one kind: the first ones tell enough."""

LATE: Final = timedelta(minutes=10)
_OPEN_ITEM = 2
_NOT_YET = 4
_A = TypeVar("_A")
_B = TypeVar("_B")


class Finding(Struct, frozen=True):
    """One breach: which invariant, of what, and what is wrong."""

    invariant: str
    subject: str
    problem: str


def check(session: Session, *, now: datetime | None = None, files: FileStore | None = None) -> list[Finding]:
    """Return every breach found; jobs are judged when `now` is given, files when the store is."""
    found = [
        *_commands(session),
        *_waiting(session),
        *_items(session),
        *_rounds(session),
        *_events(session),
        *_versions(session),
        *_owners(session),
    ]
    if now is not None:
        found += _jobs(session, now)
    if files is not None:
        found += _files(session, files)
    return found


def _commands(session: Session) -> Iterator[Finding]:
    """I1, engine I8: a command that was carried out is told in its case, at its moment and by its actor."""
    key, event = t.CommandKey, t.CaseEvent
    told = select(event.n).where(
        event.case_id == key.case_id, event.at == key.at, event.actor_id == key.actor_id
    )
    silent = select(key.case_id, key.at).where(key.case_id.is_not(None), ~told.exists())
    for case_id, at in _first(session, silent):
        yield Finding("I1", f"case {case_id}", f"a command of {at:%Y-%m-%d %H:%M:%S} left no event")


def _waiting(session: Session) -> Iterator[Finding]:
    """I2: an open case waits for something; a closed one waits for nothing."""
    waits = or_(
        _of_case(t.WorkItem).where(t.WorkItem.status < _OPEN_ITEM).exists(),
        _of_case(t.Timer).where(t.Timer.purpose == "token").exists(),
        _of_case(t.Subscription).exists(),
        _of_case(t.Incident).where(t.Incident.status == "open").exists(),
    )
    is_open = t.Case.status.in_(("open", "suspended"))
    jobs = " ".join(
        map(str, session.scalars(select(t.Job.args).where(t.Job.state.in_(("ready", "running")))))
    )
    for case_id, number in _first(session, select(t.Case.id, t.Case.number).where(is_open, ~waits)):
        if str(case_id) not in jobs:
            yield Finding("I2", f"case {number}", "open, and waits for nothing")
    for _, number in _first(session, select(t.Case.id, t.Case.number).where(~is_open, waits)):
        yield Finding("I2", f"case {number}", "closed, and still waits for something")


def _items(session: Session) -> Iterator[Finding]:
    """I3: one open work item, or one round, per token; who is done has a doer and a moment."""
    token = (t.WorkItem.case_id, t.WorkItem.task_id)
    seat = func.coalesce(t.WorkItem.sign_round_id, t.WorkItem.id)
    doubled = (
        select(*token)
        .where(t.WorkItem.status < _OPEN_ITEM)
        .group_by(*token)
        .having(func.count(seat.distinct()) > 1)
    )
    for case_id, task_id in _first(session, doubled):
        yield Finding("I3", f"case {case_id}", f"two open work items for token {task_id}")
    ended = and_(t.WorkItem.status == _OPEN_ITEM, t.WorkItem.done_at.is_(None))
    claimed = and_(t.WorkItem.status == 1, t.WorkItem.assignee_id.is_(None))
    for item_id, step in _first(session, select(t.WorkItem.id, t.WorkItem.step).where(or_(ended, claimed))):
        yield Finding("I3", f"work item {item_id}", f"{step}: claimed or done by nobody")


def _rounds(session: Session) -> Iterator[Finding]:
    """I3: a round is open exactly as long as somebody is asked; nobody waits for their turn without one."""
    of_round = t.WorkItem.sign_round_id == t.SignRound.id
    asked = select(t.WorkItem.id).where(of_round, t.WorkItem.status < _OPEN_ITEM).exists()
    unfinished = t.WorkItem.status.in_((0, 1, _NOT_YET))
    is_open = t.SignRound.status == "open"
    for round_id, step in _first(session, select(t.SignRound.id, t.SignRound.step).where(is_open, ~asked)):
        yield Finding("I3", f"round {round_id}", f"{step}: open, and nobody is asked to sign")
    left = select(t.WorkItem.id).where(of_round, unfinished).exists()
    for round_id, step in _first(session, select(t.SignRound.id, t.SignRound.step).where(~is_open, left)):
        yield Finding("I3", f"round {round_id}", f"{step}: over, and somebody is still to sign")
    alone = and_(t.WorkItem.status == _NOT_YET, t.WorkItem.sign_round_id.is_(None))
    for item_id, step in _first(session, select(t.WorkItem.id, t.WorkItem.step).where(alone)):
        yield Finding("I3", f"work item {item_id}", f"{step}: waits for its turn without a round")


def _events(session: Session) -> Iterator[Finding]:
    """I4: no event is missing from a case, and every chain verifies."""
    event = t.CaseEvent
    per_version = (
        select(event.case_id, event.version)
        .group_by(event.case_id, event.version)
        .having(or_(func.min(event.n) != 0, func.max(event.n) + 1 != func.count()))
    )
    for case_id, version in _first(session, per_version):
        yield Finding("I4", f"case {case_id}", f"events of version {version} have a gap")
    if (broken := verify(session)) is not None:
        yield Finding("I4", f"{broken.chain}, event {broken.number}", broken.problem)


def _versions(session: Session) -> Iterator[Finding]:
    """Engine I9: each version of a case is told, and the last one is the case's own."""
    event = t.CaseEvent
    told = (
        select(
            event.case_id,
            func.max(event.version).label("last"),
            (func.max(event.version) - func.min(event.version) + 1).label("span"),
            func.count(event.version.distinct()).label("versions"),
        )
        .group_by(event.case_id)
        .subquery()
    )
    wrong = select(t.Case.number, told.c.last).join(told, told.c.case_id == t.Case.id)
    for number, last in _first(
        session, wrong.where(or_(told.c.last != t.Case.version, told.c.span != told.c.versions))
    ):
        yield Finding("I9", f"case {number}", f"versions up to {last} are not all told")


def _jobs(session: Session, now: datetime) -> Iterator[Finding]:
    """I5: nothing lies in a dead worker's hands, and nothing due is left lying."""
    abandoned = and_(t.Job.state == "running", t.Job.lease_until < now - LATE)
    forgotten = and_(t.Job.state == "ready", t.Job.run_at < now - LATE)
    for job_id, kind in _first(session, select(t.Job.id, t.Job.kind).where(or_(abandoned, forgotten))):
        yield Finding("I5", f"job {job_id}", f"{kind}: due for more than ten minutes")
    for job_id, kind in _first(session, select(t.Job.id, t.Job.kind).where(t.Job.state == "dead")):
        yield Finding("I5", f"job {job_id}", f"{kind}: dead after its last attempt")


def _files(session: Session, files: FileStore) -> Iterator[Finding]:
    """I6: every file that a row names is here and is what its name says, unless it was disposed of."""
    for model, column in (
        (t.EvidenceFile, t.EvidenceFile.sha256),
        (t.Document, t.Document.pdf_sha256),
        (t.CaseFile, t.CaseFile.package_sha256),
    ):
        kept = (column.is_not(None), model.disposed_at.is_(None))
        named = select(column).where(*kept).distinct().order_by(column)
        bad = (sha256 for sha256 in session.scalars(named) if sha256 and not files.is_intact(sha256))
        for _, sha256 in zip(range(SHOWN), bad, strict=False):
            yield Finding("I6", f"file {sha256}", "missing or changed")


def _owners(session: Session) -> Iterator[Finding]:
    """I8: what belongs to a visit belongs to the visit's owners, so that counts add up."""
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if not issubclass(model, VisitOwned | MaybeVisitOwned):
            continue
        visit = aliased(t.Visit)
        differs = or_(
            model.org_id != visit.org_id,
            model.insurer_id.is_distinct_from(visit.insurer_id),
            model.policyholder_id.is_distinct_from(visit.policyholder_id),
        )
        rows = select(visit.number, func.count()).join(model, model.visit_id == visit.id).where(differs)
        for number, count in _first(session, rows.group_by(visit.number)):
            name = mapper.local_table.description
            yield Finding("I8", f"visit {number}", f"{count} rows of {name} have other owners")


def _of_case(model: type[t.WorkItem | t.Timer | t.Subscription | t.Incident]) -> Select[UUID]:
    return select(model.id).where(model.case_id == t.Case.id)


def _first(session: Session, query: Select[_A, _B]) -> list[tuple[_A, _B]]:
    return [(row[0], row[1]) for row in session.execute(query.limit(SHOWN))]
