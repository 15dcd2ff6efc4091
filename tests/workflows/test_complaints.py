"""A complaint from its start to its end: by whom, how long, who may not handle it (第二十二条, D12)."""

from datetime import date

import pytest
from sqlalchemy import select

from store.tables import CaseEvent, Complaint, Deadline, Document, Notice, WorkItem
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.commands import BeginCase
from workflows.errors import InvalidAnswersError
from workflows.handlers.beginnings import begin_by_form

SAID = {
    "complainant": "王建国 厂长",
    "mobile": "13800000000",
    "target": "provider",
    "target_person": "",
    "request": "约好的服务时间改了三次，希望按时上门",
}


def complain(world, login="policyholder", **more):
    command = BeginCase("complaint", "complaint_made", world.policy_id, SAID | more, str(more)[:64])
    case_id = begin_by_form(world.runtime, command, world.actor(login))
    drain(world.runtime)
    return case_id


def rows(world, query):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(query).all()


def the_complaint(world):
    (found,) = rows(world, select(Complaint))
    return found


def due(world, step):
    return world.item(step).due_on


def case(world):
    (found,) = world.cases("complaint")
    return found


@pytest.fixture
def city(world):
    world.register()
    return world


def test_a_unit_complains_and_is_answered_in_writing_within_ten_working_days(city):
    complain(city, received_on="2026-02-01")
    assert the_complaint(city).due == due(city, "register_complaint") == date(2026, 3, 16)
    assert the_complaint(city).channel == "online"
    city.do("register_complaint")
    city.do("assign_complaint", needs_verification="no")
    assert city.item("reply_complaint").assignee_id == city.offices.people["insurer"]
    city.do("reply_complaint")
    (paper,) = rows(city, select(Document).where(Document.template == "complaint_reply"))
    assert paper.content["measures"] == the_complaint(city).measures
    city.do("policyholder_answer_reply", accepted="yes")
    assert (case(city).end_event, the_complaint(city).state) == ("end_accepted", "closed")
    assert {row.met_on for row in rows(city, select(Deadline).where(Deadline.case_id == case(city).id))} == {
        date(2026, 3, 2)
    }


def test_what_an_insurer_registers_counts_from_the_day_of_the_call(city):
    complain(city, "insurer", channel="phone", received_on="2026-02-27")
    assert due(city, "register_complaint") == date(2026, 3, 12)
    with pytest.raises(InvalidAnswersError) as told:
        complain(city, "insurer", channel="phone", received_on="2026-03-03", request="后天的事现在说")
    assert set(told.value.errors) == {"received_on"}


def test_facts_that_need_verifying_give_more_time_and_an_approved_extension_thirty_days_more(city):
    complain(city)
    city.do("register_complaint")
    proof = city.walker.photo(city.item("assign_complaint"))
    city.do("assign_complaint", needs_verification="yes")
    assert due(city, "state_complaint_facts") == date(2026, 4, 14)
    city.do("state_complaint_facts")
    given = {"is_complex": True, "reason": "涉及三家单位，现场还要复核", "notice": [proof]}
    for until in ("2026-05-15", "2026-04-14"):
        with pytest.raises(InvalidAnswersError) as told:
            city.send(case(city), "complaint_extended", "complaint_officer", until=until, **given)
        assert "最晚 2026-05-14" in told.value.errors["until"]
    city.send(case(city), "complaint_extended", "complaint_officer", until="2026-05-14", **given)
    assert due(city, "investigate_complaint") == date(2026, 5, 14)
    assert the_complaint(city).extension["from"] == "2026-04-14"
    city.do("investigate_complaint")
    assert due(city, "reply_complaint") == date(2026, 5, 14)
    city.do("reply_complaint")
    city.do("policyholder_answer_reply", accepted="no")
    city.do("mediate_complaint")
    assert (case(city).end_event, the_complaint(city).mediation["method"]) == ("end_mediated", "mediation")


def test_nobody_handles_a_complaint_about_himself(city):
    insurer = city.actor("insurer")
    complain(city, target="insurer", target_person=insurer.name)
    city.do("register_complaint")
    with pytest.raises(InvalidAnswersError) as told:
        city.do("assign_complaint", handler=str(insurer.person_id), needs_verification="no")
    assert set(told.value.errors) == {"handler"}


def test_an_answer_that_nobody_says_anything_to_ends_the_complaint_and_is_marked(city):
    complain(city)
    city.do("register_complaint")
    city.do("assign_complaint", needs_verification="no")
    city.do("reply_complaint")
    city.pass_until("2026-03-16")
    assert (case(city).end_event, the_complaint(city).accepted) == ("end_unanswered", None)


def test_a_complaint_that_is_late_is_told_to_the_officer(city):
    complain(city)
    city.pass_until("2026-03-17")
    late = select(WorkItem).where(WorkItem.step == "register_complaint")
    assert rows(city, late)[0].due_on == date(2026, 3, 16)
    (row,) = rows(city, select(Deadline).where(Deadline.case_id == case(city).id))
    assert (row.kind, row.met_on) == ("complaint_reply", None)
    told = select(Notice).where(Notice.role == "complaint_officer", Notice.kind != "notice")
    assert rows(city, told)


def test_the_return_visit_opens_a_complaint(arrived):
    arrived.do("record_visit", hazards=[])
    arrived.do("policyholder_sign_visit")
    arrived.do(
        "make_return_visit",
        reached=True,
        satisfaction="5",
        complaint_raised=True,
        complaint_content="迟到两小时",
    )
    (opened,) = arrived.cases("complaint")
    found = the_complaint(arrived)
    assert (found.request, found.number) == ("迟到两小时", opened.number)
    begun = select(CaseEvent.element).where(CaseEvent.case_id == opened.id, CaseEvent.kind == "case.opened")
    assert rows(arrived, begun) == ["raised"]
    arrived.do("register_complaint")
    assert the_complaint(arrived).case_id == opened.id
