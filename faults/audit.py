"""What the clients were told against what is kept: lost, doubled, stuck."""

from collections import Counter
from uuid import UUID

from sqlalchemy import func, select

from bench.visits import SCOPE
from faults.person import Entry
from faults.rehearsal import Rehearsal
from store.invariants import check
from store.tables import Case, CaseEvent
from workflows.soundness import check_states

REPEATED = 12
"""So many acknowledged commands of a family are sent once more."""


def audit(run: Rehearsal) -> None:
    """Count what a family lost and doubled and what is stuck."""
    run.settle()
    entries = run.journal.of(run.family)
    done = {entry.command.key: entry for entry in entries if _is_done(entry)}
    run.tally.acknowledged = len(done)
    unanswered = [entry for entry in entries if entry.answer is None]
    run.tally.stuck += len(unanswered)
    _steps(run, list(done.values()), unanswered)
    _openings(run, list(done.values()))
    _repeat(run, list(done.values()))
    _refused(run, entries)
    _invariants(run)


def _is_done(entry: Entry) -> bool:
    return entry.answer is not None and entry.answer.is_acknowledged


def _steps(run: Rehearsal, done: list[Entry], unanswered: list[Entry]) -> None:
    """I1: each acknowledged completion is one event, and the reverse."""
    told = Counter((entry.command.case_id, entry.command.step) for entry in done if entry.command.item_id)
    open_questions = Counter((entry.command.case_id, entry.command.step) for entry in unanswered)
    event = CaseEvent
    kept: Counter[tuple[UUID | None, str]] = Counter()
    with run.ground.runtime.database.read(SCOPE) as session:
        query = (
            select(event.case_id, event.element, func.count())
            .where(event.kind == "step.completed", event.case_id.in_(run.visits))
            .group_by(event.case_id, event.element)
        )
        for case_id, element, count in session.execute(query):
            kept[case_id, str(element)] = count
    for of in told.keys() | kept.keys():
        missing = told[of] - kept[of]
        if missing > 0:
            _lost(run, f"确认过却没有记下：{of[1]}", missing)
        elif -missing > open_questions[of]:
            _doubled(
                run, f"记了 {kept[of]} 次，只确认过 {told[of]} 次：{of[1]}", -missing - open_questions[of]
            )


def _openings(run: Rehearsal, done: list[Entry]) -> None:
    """Each acknowledged opening is one case that it opened."""
    asked = {entry.command.key for entry in done if entry.command.item_id is None}
    unsure = {entry.command.key for entry in run.journal.of(run.family)} - asked
    with run.ground.runtime.database.read(SCOPE) as session:
        bodies = [bytes(body).decode() for body in session.scalars(_OPENED)]
        there = set(session.scalars(select(Case.id).where(Case.id.in_(run.visits))))
    for key in asked:
        count = sum(f"第 {key} 次" in body for body in bodies)
        if count == 0:
            _lost(run, f"确认过却没有开单：{key}", 1)
        elif count > 1:
            _doubled(run, f"一次点击开了 {count} 单：{key}", count - 1)
    for key in unsure:
        if sum(f"第 {key} 次" in body for body in bodies) > 1:
            _doubled(run, f"一次点击开了几单：{key}", 1)
    for case_id in set(run.visits) - there:
        _lost(run, f"确认过的服务单不在了：{case_id}", 1)


_OPENED = select(CaseEvent.body).where(CaseEvent.kind == "visit.opened").order_by(CaseEvent.version)


def _repeat(run: Rehearsal, done: list[Entry]) -> None:
    """Send what was acknowledged once more: it must be answered as before."""
    for entry in run.dice.sample(done, min(REPEATED, len(done))):
        run.same(entry.command, entry.answer, run.person(entry.command.login).tell(entry.command))


def _refused(run: Rehearsal, entries: list[Entry]) -> None:
    """A server error is no refusal: whoever heard one does not know what became of the command."""
    for entry in entries:
        if entry.answer is not None and entry.answer.status >= 500:
            run.tally.stuck += 1
            run.tally.findings.append(f"{entry.command.step} 得到 {entry.answer.status}")


def _invariants(run: Rehearsal) -> None:
    runtime = run.ground.runtime
    with runtime.database.read(SCOPE) as session:
        found = [*check(session, now=runtime.now(), files=runtime.files), *check_states(session)]
    known = run.known_breaches
    for finding in found:
        if finding not in known:
            known.add(finding)
            run.tally.stuck += 1
            run.tally.findings.append(f"{finding.invariant} {finding.subject}：{finding.problem}")


def _lost(run: Rehearsal, what: str, count: int) -> None:
    run.tally.lost += count
    run.tally.findings.append(what)


def _doubled(run: Rehearsal, what: str, count: int) -> None:
    run.tally.doubled += count
    run.tally.findings.append(what)
