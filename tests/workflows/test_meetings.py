"""Meetings with agencies and experts: called by calendar, people and major issues; followed to the end (第二十条)."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from store.pages.meetings import unsettled
from store.tables import Deadline, Document, ExchangeMeeting, Notice
from tests.support.world import EVERYTHING, GENERAL
from tests.workflows.test_complaints import complain
from worker.loop import drain
from workflows.commands import BeginCase
from workflows.duties import begin_duty_for
from workflows.errors import InvalidAnswersError, NotAllowedError
from workflows.handlers.beginnings import begin_by_form

OTHER = {"source": "other", "problem": "复查排不上", "solution": "告知时约好", "due": "2026-04-10"}


def call(world, login="coordinator", **answers):
    asked = {"kind": "quarterly"} | answers
    command = BeginCase("exchange_meeting", "meeting_called", None, asked, str(asked)[:64])
    begin_by_form(world.runtime, command, world.actor(login))
    drain(world.runtime)


def by_calendar(world):
    world.clock.at = datetime(2026, 3, 16, 1, tzinfo=UTC)
    begin_duty_for(world.runtime, "exchange_meeting", "2026-Q1", date(2026, 3, 16), world.offices.provider)


def rows(world, table):
    with world.runtime.database.read(EVERYTHING) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def the_meeting(world) -> ExchangeMeeting:
    (meeting,) = rows(world, ExchangeMeeting)
    return meeting


def solved(world, *days):
    people = {login: str(world.offices.people[login]) for login in ("coordinator", "provider_manager")}
    return [{**OTHER, "responsible": people[login], "due": due} for login, due in days]


def test_a_quarter_without_a_meeting_has_one_called_that_goes_from_its_issues_to_their_settlement(world):
    by_calendar(world)
    assert world.item("call_meeting").due_on == date(2026, 3, 31)
    world.do("call_meeting")
    told = {(notice.role, notice.person_id) for notice in rows(world, Notice) if "请参加" in notice.title}
    assert told == {("agency_manager", None), (None, world.offices.people["expert"])}
    world.do(
        "record_meeting",
        issues=solved(world, ("provider_manager", "2026-05-10"), ("coordinator", "2026-04-10")),
    )
    world.do("approve_minutes", decision="return", opinion="写明谁到会")
    world.do(
        "record_meeting",
        issues=solved(world, ("provider_manager", "2026-05-10"), ("coordinator", "2026-04-10")),
    )
    world.do("approve_minutes")
    first = world.item("track_actions")
    assert (first.role, first.assignee_id) == ("coordinator", world.offices.people["coordinator"])
    assert first.due_on == date(2026, 4, 10)
    world.do("track_actions")
    second = world.item("track_actions")
    assert (second.role, second.due_on) == ("provider_manager", date(2026, 5, 10))
    with pytest.raises(InvalidAnswersError) as refused:
        world.do("track_actions", action="2")
    assert refused.value.errors.keys() == {"action"}
    world.do("track_actions", action="1")
    (case,) = world.cases("exchange_meeting")
    assert case.end_event == "end_settled"
    meeting = the_meeting(world)
    assert (meeting.state, meeting.kind, meeting.due) == ("done", "quarterly", date(2026, 3, 31))
    assert all(issue["done_on"] and issue["proof"] for issue in meeting.issues)
    assert [paper.template for paper in rows(world, Document)] == ["meeting_minutes"]
    assert all(deadline.met_on for deadline in rows(world, Deadline))


def test_an_action_that_is_overdue_is_told_to_the_manager(world):
    call(world)
    world.do("call_meeting")
    world.do("record_meeting", issues=solved(world, ("coordinator", "2026-03-10")))
    world.do("approve_minutes")
    world.pass_until("2026-03-11")
    told = [notice for notice in rows(world, Notice) if notice.kind == "escalation"]
    assert [notice.role for notice in told] == ["provider_manager"]


def test_the_calendar_calls_no_meeting_in_a_quarter_that_has_one(world):
    call(world)
    world.do("call_meeting")
    world.do("record_meeting")
    by_calendar(world)
    ends = [case.end_event for case in world.cases("exchange_meeting")]
    assert ends == [None, "end_held_before"]
    assert len(rows(world, ExchangeMeeting)) == 1


def test_a_meeting_about_a_major_issue_has_five_working_days_and_an_earlier_one_is_no_answer(world):
    call(world, kind="major_issue", issue="检测车间粉尘浓度超标", issue_on="2026-02-27")
    assert world.item("call_meeting").due_on == date(2026, 3, 5)
    world.do("call_meeting")
    with pytest.raises(InvalidAnswersError) as refused:
        world.do("record_meeting", held_on=date(2026, 2, 26))
    assert "以前开的会不算" in refused.value.errors["held_on"]
    world.do("record_meeting")
    assert the_meeting(world).held_on == date(2026, 3, 2)


def test_only_people_of_the_provider_call_a_meeting(world):
    with pytest.raises(NotAllowedError):
        call(world, "insurer")


def test_a_complaint_that_is_a_major_issue_has_a_meeting_called_and_a_second_one_none(begun):
    for number in ("一", "二"):
        complain(begun, request=f"服务人员没有到场，第{number}次")
        begun.do("register_complaint")
        begun.do("assign_complaint", major_issue="yes", needs_verification="no")
    (case,) = begun.cases("exchange_meeting")
    assert case.variables["kind"] == "major_issue"
    assert "投诉" in the_meeting(begun).issue
    begun.do("call_meeting")
    begun.do("record_meeting")
    complain(begun, request="又没有到场")
    begun.do("register_complaint")
    begun.do("assign_complaint", major_issue="yes", needs_verification="no")
    assert len(begun.cases("exchange_meeting")) == 2


def test_what_is_not_settled_is_brought_up_by_itself_and_a_major_hazard_calls_the_meeting(arrived):
    photo = arrived.walker.photo(arrived.reach("record_visit"))
    major = GENERAL | {
        "level": "major",
        "basis_clause": "判定标准第 3 条",
        "interim_measures": "停机",
        "photos_before": [photo],
    }
    arrived.do("record_visit", hazards=[major, major | {"description": "除尘器没有防爆口"}])
    arrived.do("policyholder_sign_visit")
    arrived.do("sign_notice")
    arrived.do("serve_hazard_notice")
    arrived.do("make_return_visit", reached=True, satisfaction="2", opinion="来晚了", complaint_raised=True)
    meeting = the_meeting(arrived)
    assert "重大事故隐患" in meeting.issue
    with arrived.runtime.database.read(EVERYTHING) as session:
        found = unsettled(session, arrived.offices.provider, meeting.due.replace(day=1))
    assert [source for source, _ in found] == ["major_hazard", "major_hazard", "complaint", "low_score"]
    assert found[-1][1].endswith("：来晚了")
