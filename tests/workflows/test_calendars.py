"""A published year settles what was provisional; an unpublished one is refused in words."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from rules import working_days
from rules.deadlines import reminders
from rules.working_days import published_calendar
from store.events import verify
from store.published_days import UnpublishedYearError, year_file
from store.tables import CalendarDay, CaseEvent, Deadline, Job, Timer, WorkItem
from tests.support.world import EVERYTHING
from worker.loop import drain
from worker.nightly import Nightly
from workflows.calendars import main, queue_recomputation, write_year
from workflows.handlers.deadlines import recompute_deadlines
from workflows.owing import REMINDER_HOUR
from workflows.runtime import SHANGHAI, end_of_day


def test_a_shipped_year_is_what_the_command_writes():
    assert year_file(2026) == (working_days.CALENDARS / "2026.toml").read_text(encoding="utf-8")


def test_an_unpublished_year_is_refused_in_words(world, capsys):
    with pytest.raises(UnpublishedYearError):
        year_file(2099)
    assert main(["2099"], world.runtime) == 1
    assert "2099 年的放假安排还没有公布" in capsys.readouterr().err


def test_a_year_is_written_once(tmp_path):
    assert write_year(tmp_path, 2026, "year = 2026\n")
    assert not write_year(tmp_path, 2026, "year = 2026\n")
    assert [file.name for file in tmp_path.iterdir()] == ["2026.toml"]


def test_a_provisional_deadline_is_settled_with_an_event(world):
    case_id = world.register()
    before, after = provisional(world, case_id)
    assert queue_recomputation(world.runtime, 2026) == 1
    drain(world.runtime)
    with world.runtime.database.read(EVERYTHING) as session:
        row = session.scalars(select(Deadline).where(Deadline.case_id == case_id)).first()
        item = session.scalars(select(WorkItem).where(WorkItem.case_id == case_id)).one()
        kinds = list(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case_id)))
        assert (row.due, row.provisional) == (after, False)
        assert (item.due_on, item.due_at, item.provisional) == (after, end_of_day(after), False)
        assert kinds.count("deadline.recomputed") == 1
        assert verify(session) is None
    assert before != after
    assert queue_recomputation(world.runtime, 2026) == 0


def test_a_calendar_that_came_with_an_update_settles_days_and_reminders_without_a_command(world):
    case_id = world.register()
    _, after = provisional(world, case_id)
    for worker in (Nightly(), Nightly()):
        worker.look_ahead(world.runtime)
    drain(world.runtime)
    with world.runtime.database.read(EVERYTHING) as session:
        jobs = session.scalars(select(Job.state).where(Job.kind == "recompute_deadlines")).all()
        row = session.scalars(select(Deadline).where(Deadline.case_id == case_id)).one()
        timers = session.scalars(
            select(Timer).where(Timer.case_id == case_id, Timer.purpose == "reminder")
        ).all()
    assert jobs == ["done"]
    assert (row.due, row.provisional) == (after, False)
    (timer,) = timers
    planned = {timer.due_at, *(datetime.fromisoformat(told["at"]) for told in timer.payload["later"])}
    owed = reminders("return_visit", row.anchor, after, published_calendar())
    assert planned == {datetime.combine(each.on, REMINDER_HOUR, SHANGHAI) for each in owed}
    assert len(planned) > 1


def provisional(world, case_id):
    """Put the case's step where the calendar without 2026 would have put it."""
    known_then = published_calendar().known_through(date(2025, 12, 31))
    anchor = date(2026, 6, 10)
    computed = working_days_deadline(anchor, known_then)
    after = working_days_deadline(anchor, published_calendar())
    with world.runtime.database.write(EVERYTHING) as session:
        item = session.get_one(WorkItem, world.items(case_id)[0].id)
        item.deadline_kind, item.due_on, item.due_at = "dispatch", computed, end_of_day(computed)
        item.provisional = True
        session.query(Deadline).delete()
        session.add(
            Deadline(
                case_id=case_id,
                kind="return_visit",
                anchor=anchor,
                due=computed,
                provisional=True,
                working_days=True,
                set_at=world.clock.at,
                org_id=world.offices.provider,
            )
        )
        item.deadline_kind = "return_visit"
    return computed, after


def confirming(world):
    """Take a new case to the step at whose border a timer runs to its last day; return the case's id."""
    case_id = world.register()
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    world.do("approve_scheme", decision="approve")
    return case_id


def border_timer(session, day):
    """Return the timer at the border of the step, set to the end of a day."""
    timer = session.scalars(select(Timer).where(Timer.element == "scheme_unconfirmed")).one()
    timer.due_at = end_of_day(day)
    return timer


def test_only_the_timer_at_the_border_of_the_step_moves_with_its_deadline(world):
    case_id = confirming(world)
    before, after = provisional(world, case_id)
    with world.runtime.database.write(EVERYTHING) as session:
        own = border_timer(session, before)
        timed = {"case_id": case_id, "purpose": "token", "due_at": own.due_at}
        session.add(Timer(task_id="another", element="term_ended", **timed))
    assert recompute_deadlines(world.runtime, case_id, 2026) == 1
    with world.runtime.database.read(EVERYTHING) as session:
        due = dict(session.execute(select(Timer.element, Timer.due_at).where(Timer.purpose == "token")).all())
    assert due["scheme_unconfirmed"] == end_of_day(after)
    assert due["term_ended"] == end_of_day(before)


def test_a_step_moves_once_however_many_deadlines_end_where_it_goes(world):
    case_id = confirming(world)
    before, after = provisional(world, case_id)
    with world.runtime.database.write(EVERYTHING) as session:
        border_timer(session, before)
        session.add(
            Deadline(
                case_id=case_id,
                kind="return_visit",
                anchor=date(2026, 6, 11),
                due=after,
                provisional=True,
                working_days=True,
                set_at=world.clock.at,
                org_id=world.offices.provider,
            )
        )
    assert recompute_deadlines(world.runtime, case_id, 2026) == 2
    assert world.items(case_id)[0].due_on == after
    with world.runtime.database.read(EVERYTHING) as session:
        (due_at,) = session.scalars(select(Timer.due_at).where(Timer.element == "scheme_unconfirmed"))
    assert due_at == end_of_day(after)


def working_days_deadline(anchor, calendar):
    from rules.deadlines import deadline

    return deadline("return_visit", anchor, calendar).due


def test_a_timer_that_counts_working_days_by_itself_is_counted_anew(pasts, tmp_path):
    """engine.md §9: what reaches into an unpublished year is recomputed when its calendar arrives."""
    with pasts.until("told").again(tmp_path) as world:
        world.clock.at = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
        world.do("make_return_visit", reached=False)
        assert wait_of(world) == (end_of_day(date(2027, 1, 4)), True)
        with world.runtime.database.write(EVERYTHING) as session:
            days = {(1, 1): "rest", (1, 4): "rest", (12, 31): "work"}
            session.add_all(CalendarDay(day=date(2027, *day), kind=kind) for day, kind in days.items())
        assert queue_recomputation(world.runtime, 2027) > 0
        drain(world.runtime)
        assert wait_of(world) == (end_of_day(date(2027, 1, 5)), False)


def wait_of(world):
    """Return when the next call is due, and whether that is provisional."""
    with world.runtime.database.read(EVERYTHING) as session:
        timer = session.scalars(select(Timer).where(Timer.element == "wait_two_days")).one()
        return timer.due_at, timer.provisional


def test_a_step_that_opens_after_the_calendar_came_has_the_settled_day(arrived, monkeypatch):
    """第十九条: the case's variables were told a provisional day at the end of the visit."""
    (visit,) = arrived.cases("service_visit")
    arrived.do("record_visit", hazards=[])
    with monkeypatch.context() as before:
        before.setattr(working_days.Calendar, "is_provisional", lambda _calendar, _day: True)
        arrived.do("policyholder_sign_visit")
    assert arrived.item("compile_records").provisional
    settled = date(2027, 1, 6)
    with arrived.runtime.database.write(EVERYTHING) as session:
        rows = select(Deadline).where(Deadline.case_id == visit.id, Deadline.kind == "archive")
        row = session.scalars(rows).one()
        row.due, row.provisional = settled, False
    arrived.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    arrived.do("compile_records")
    item = arrived.item("policyholder_confirm_record")
    assert (item.due_on, item.due_at, item.provisional) == (settled, end_of_day(settled), False)
