"""Each invariant finds its breach, and sound data gives no finding."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from store import queue
from store import tables as t
from store.events import EventDraft, append
from store.files import FileStore
from store.invariants import Finding, check
from tests.store.builders import EVERYTHING, NOW, make_item

DAY = timedelta(days=1)


def findings(database, **options):
    with database.read(EVERYTHING) as session:
        return check(session, **options)


def change(database, *statements):
    with database.write(EVERYTHING) as session:
        for statement in statements:
            session.execute(statement)


def add(database, *rows):
    with database.write(EVERYTHING, now=NOW) as session:
        session.add_all(rows)


def test_sound_data_gives_no_finding(database, mine, theirs, tmp_path):
    assert findings(database, now=NOW, files=FileStore(tmp_path)) == []


def test_an_open_case_that_waits_for_nothing_is_found(database, mine):
    change(database, update(t.WorkItem).values(status=3))
    (finding,) = findings(database)
    assert (finding.invariant, finding.problem) == ("I2", "open, and waits for nothing")


@pytest.mark.parametrize("kind", ["timer", "subscription", "incident", "job"])
def test_a_case_may_wait_for_other_things_than_people(database, mine, kind):
    change(database, delete(t.WorkItem))
    waiting = {
        "timer": t.Timer(case_id=mine.case, purpose="token", due_at=NOW),
        "subscription": t.Subscription(case_id=mine.case, task_id="1", name="m", correlation="c"),
        "incident": t.Incident(case_id=mine.case, kind="data", message="m", opened_at=NOW),
        "job": t.Job(kind="deliver", args={"case_id": str(mine.case)}, run_at=NOW),
    }
    add(database, waiting[kind])
    assert findings(database) == []


def test_a_reminder_alone_does_not_keep_a_case_going(database, mine):
    change(database, delete(t.WorkItem))
    add(database, t.Timer(case_id=mine.case, purpose="reminder", due_at=NOW))
    assert [finding.invariant for finding in findings(database)] == ["I2"]


def test_a_closed_case_with_open_work_is_found(database, mine):
    change(database, update(t.Case).values(status="completed"))
    assert [finding.problem for finding in findings(database)] == ["closed, and still waits for something"]


def test_two_open_items_of_one_token_are_found(database, mine):
    add(database, make_item(mine, task_id="x"), make_item(mine, task_id="x"))
    assert [finding.problem for finding in findings(database)] == ["two open work items for token x"]


def test_an_item_claimed_or_done_by_nobody_is_found(database, mine):
    add(database, make_item(mine, status=1), make_item(mine, status=2))
    assert [finding.invariant for finding in findings(database)] == ["I3", "I3"]


def test_a_gap_among_the_events_of_a_version_is_found(database, mine):
    with database.write(EVERYTHING) as session:
        session.info["told"] = {mine.case: (0, 1)}
        append(session, session.get(t.Case, mine.case), [EventDraft("k", None, {})], None, None, NOW)
    assert [finding.problem for finding in findings(database)] == ["events of version 0 have a gap"]


def test_a_broken_chain_is_found(database, mine):
    change(database, update(t.Case).values(event_count=3))
    assert [finding.invariant for finding in findings(database)] == ["I4"]


def test_late_abandoned_and_dead_jobs_are_found(database):
    with database.write(EVERYTHING) as session:
        queue.enqueue(session, "late", {}, run_at=NOW - DAY)
    lost = t.Job(kind="lost", args={}, run_at=NOW, state="running", lease_until=NOW - DAY)
    dead = t.Job(kind="dead", args={}, run_at=NOW, state="dead")
    add(database, lost, dead)
    assert {finding.problem.split(":")[0] for finding in findings(database, now=NOW)} == {
        "late",
        "lost",
        "dead",
    }
    assert findings(database) == []


def test_a_missing_file_is_found(database, tmp_path):
    files = FileStore(tmp_path)
    sha256, size = files.put(io.BytesIO(b"a"))
    kept = {"size": size, "media_type": "image/png", "name": "a", "uploaded_at": NOW}
    add(database, t.EvidenceFile(sha256=sha256, **kept), t.EvidenceFile(sha256="0" * 64, **kept))
    assert findings(database, files=files) == [Finding("I6", f"file {'0' * 64}", "missing or changed")]


def test_rows_of_a_visit_with_other_owners_are_found(database, mine, theirs):
    stray = t.VisitMember(visit_id=mine.visit, person_id=theirs.expert, **theirs.owners())
    unowned = t.Chase(
        kind="k", subject="s", subject_id=uuid4(), channel="c", at=NOW, visit_id=mine.visit,
        **{**mine.owners(), "insurer_id": None},
    )  # fmt: skip
    add(database, stray, unowned)
    tables = {finding.problem.split()[3] for finding in findings(database)}
    assert tables == {"visit_member", "chase"}


def test_a_command_that_left_no_event_is_found(database, mine):
    add(
        database,
        t.CommandKey(actor_id=mine.coordinator, key="k", request_hash="0", case_id=mine.case, at=NOW),
    )
    (finding,) = findings(database)
    assert finding.invariant == "I1"
    assert finding.problem.endswith("left no event")


def test_a_version_that_no_event_tells_of_is_found(database, mine):
    with database.write(EVERYTHING) as session:
        append(session, session.get(t.Case, mine.case), [EventDraft("k", None, {})], None, None, NOW)
    assert findings(database) == []
    change(database, update(t.Case).values(version=2))
    assert [finding.invariant for finding in findings(database)] == ["I9"]
