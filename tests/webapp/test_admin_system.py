"""The system administrator's pages: what stopped, what waits, what the product goes by, the fund's rules."""

import re
from datetime import date

import pytest
from sqlalchemy import select, update

from rules.parameters import rows
from rules.vocabulary import find
from store.events import verify
from store.fund_rules import fund_choice_for
from store.queue import enqueue
from store.tables import CaseEvent, Incident, Job, Message, Policy, RecordEvent
from tests.webapp.conftest import EVERYTHING
from webapp.admin import jobs
from workflows.errors import CaseStuckError
from workflows.handlers.jobs import JOBS
from workflows.verbs.timeouts import JOBS as VERB_JOBS

MISSING = "0192f3a4-5b6c-7d8e-9f00-112233445566"
CHOICE = {
    "profile": "national-2025",
    "from_year": "2026",
    "document": "温安委办〔2026〕8 号",
    "reason": "按全国口径统一",
}


def set_term_end(city, day):
    with city.web.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Policy).values(term_end=day))


@pytest.fixture
def stuck(city):
    """A city whose first step cannot go on, because the policy ends before it begins."""
    set_term_end(city, date(2020, 1, 1))
    with pytest.raises(CaseStuckError):
        city.world.do("confirm_unit_facts", is_key=False)
    return city


def the_incident(city):
    with city.web.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Incident)).one()


def test_an_incident_is_retried_on_its_page_once_the_cause_is_mended(stuck):
    browser, incident = stuck.browser("system_admin"), the_incident(stuck)
    page = browser.get("/admin/incidents").text
    assert "自动的一步没做成" in page
    assert "AZX-45000.00" in page
    refused = browser.post(f"/admin/incidents/{incident.id}/retry", follow_redirects=True).text
    assert "等处理" in refused
    set_term_end(stuck, date(2027, 2, 28))
    done = browser.post(f"/admin/incidents/{incident.id}/retry", follow_redirects=True).text
    assert "办件继续走了" in done
    assert stuck.world.steps() == ["draft_scheme"]
    assert "没有停住的办件" in browser.get("/admin/incidents").text
    assert "重试后走通" in browser.get("/admin/incidents?state=closed").text
    with stuck.web.runtime.database.read(EVERYTHING) as session:
        assert verify(session) is None
        assert "incident.retried" in session.scalars(select(CaseEvent.kind)).all()


def test_many_incidents_are_retried_with_one_button(stuck):
    browser, incident = stuck.browser("system_admin"), the_incident(stuck)
    set_term_end(stuck, date(2027, 2, 28))
    chosen = {"incident": [str(incident.id), "x", MISSING]}
    page = browser.post("/admin/incidents/retry", chosen, follow_redirects=True).text
    assert "1 件继续走了，1 件还停着" in page
    assert "先在左边选" in browser.post("/admin/incidents/retry", {}, follow_redirects=True).text


def test_an_incident_page_says_where_and_what_to_do_without_content(stuck):
    page = stuck.browser("system_admin").get(f"/admin/incidents/{the_incident(stuck).id}").text
    assert "单位服务周期" in page
    assert "怎么办" in page
    assert "13800000000" not in page
    assert "compute_visit_quota" not in page


def test_an_incident_is_laid_aside_with_a_reason(stuck):
    browser, incident = stuck.browser("system_admin"), the_incident(stuck)
    url = f"/admin/incidents/{incident.id}/close"
    assert "写明原因" in browser.post(url, {"reason": ""}, follow_redirects=True).text
    assert "已放下" in browser.post(url, {"reason": "改由当事人提交"}, follow_redirects=True).text
    assert "已经处理过" in browser.post(url, {"reason": "再来"}, follow_redirects=True).text


def test_the_list_of_incidents_is_paged(city):
    with city.web.runtime.database.write(EVERYTHING, now=city.web.clock()) as session:
        session.add_all(Incident(kind="service", message="x", opened_at=city.web.clock()) for _ in range(60))
    browser = city.browser("system_admin")
    first = browser.get("/admin/incidents").text
    later = re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    assert (first.count('name="incident"'), browser.get(later).text.count('name="incident"')) == (50, 10)


def dead_job(city, error="ValueError: 王建国 13800000000"):
    with city.web.runtime.database.write(EVERYTHING, now=city.web.clock()) as session:
        enqueue(session, "render_document", {"document_id": MISSING}, run_at=city.web.clock())
        session.execute(update(Job).where(Job.state == "ready").values(state="dead", last_error=error))
        return session.scalars(select(Job.id).where(Job.state == "dead")).one()


def test_a_dead_job_shows_its_cause_without_personal_data_and_runs_again(city):
    job, browser = dead_job(city), city.browser("system_admin")
    page = browser.get("/admin/jobs").text
    assert "打印文书" in page
    assert "王建国" not in page
    assert "13800000000" not in page
    browser.post(f"/admin/jobs/{job}/retry")
    assert str(job) in browser.get("/admin/jobs?view=waiting").text


def test_a_dead_job_is_given_up_with_a_reason(city):
    job, browser = dead_job(city), city.browser("system_admin")
    assert (
        "写明原因" in browser.post(f"/admin/jobs/{job}/discard", {"reason": ""}, follow_redirects=True).text
    )
    browser.post(f"/admin/jobs/{job}/discard", {"reason": "文书作废了"})
    assert str(job) in browser.get("/admin/jobs?view=discarded").text
    with city.web.runtime.database.read(EVERYTHING) as session:
        assert "discarded" in session.scalars(select(RecordEvent.kind)).all()


def test_every_kind_of_job_is_told_in_words():
    assert jobs.KINDS.keys() == JOBS.keys() | VERB_JOBS.keys()


def test_dead_jobs_are_run_again_together(city):
    job, browser = dead_job(city), city.browser("system_admin")
    page = browser.post("/admin/jobs/retry", {"job": [str(job), "nonsense"]}, follow_redirects=True).text
    assert "1 个任务马上再做" in page


def test_every_parameter_has_a_name_and_a_ground(web):
    browser = web.client(web.person("system_admin"))
    page = browser.get("/admin/parameters").text
    assert {row.name for row in rows()} <= set(find("parameter_name").words)
    assert page.count('<th scope="row"') == len(rows())
    assert "35 %" in page
    assert "温安委办〔2020〕4号" in page
    narrowed = browser.get("/admin/parameters?profile=national-2025").text
    assert narrowed.count('<th scope="row"') < len(rows())
    assert "没有找到参数" in browser.get("/admin/parameters?q=没有这个").text


def test_the_calendar_names_its_years_and_word_lists_can_be_searched(web):
    browser = web.client(web.person("system_admin"))
    assert "2026" in browser.get("/admin/calendar").text
    assert "非煤矿山" in browser.get("/admin/dictionaries?q=非煤矿山").text
    assert "没有找到" in browser.get("/admin/dictionaries?q=没有这个").text


@pytest.mark.parametrize("role", ["joint_office", "system_admin", "insurer", "provider_manager"])
def test_the_conflict_of_the_funds_rules_stays_on_the_start_page_until_it_is_settled(web, role):
    browser, admin = web.client(web.person(role)), web.client(web.person("system_admin", login="sa"))
    page = browser.get("/").text
    assert "规则冲突" in page
    assert "35.00 元" in page
    assert "21.00 元" in page
    assert browser.get("/admin/fund-rules").status_code == 200
    admin.post("/admin/fund-rules", CHOICE)
    assert "规则冲突" not in browser.get("/").text
    assert "温安委办〔2026〕8 号" in browser.get("/admin/fund-rules").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"profile": "x"}, "选一套口径"),
        ({"from_year": "1999"}, "选一年"),
        ({"from_year": "二〇二六"}, "选一年"),
        ({"document": ""}, "写上文号"),
        ({"reason": ""}, "写明为什么"),
        ({"reason": "长" * 600}, "写明为什么"),
    ],
)
def test_a_choice_without_ground_is_refused_and_keeps_what_was_typed(web, change, sentence):
    browser = web.client(web.person("system_admin"))
    answer = browser.post("/admin/fund-rules", CHOICE | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "规则冲突" in browser.get("/").text


def test_earlier_years_keep_their_choice_and_each_choice_is_on_record(web):
    browser = web.client(web.person("system_admin"))
    browser.post("/admin/fund-rules", CHOICE | {"from_year": "2025", "profile": "wenzhou-2020"})
    browser.post("/admin/fund-rules", CHOICE | {"from_year": "2027"})
    assert browser.post("/admin/fund-rules", CHOICE | {"from_year": "2025"}).status_code == 422
    with web.runtime.database.read(EVERYTHING) as session:
        chosen = [fund_choice_for(session, year) for year in (2024, 2025, 2026, 2027, 2030)]
        told = session.scalars(select(RecordEvent.kind).where(RecordEvent.record_kind == "setting")).all()
        assert verify(session) is None
    assert [choice and choice.profile for choice in chosen] == [
        None,
        "wenzhou-2020",
        "wenzhou-2020",
        "national-2025",
        "national-2025",
    ]
    assert told == ["fund_rules_chosen"] * 2


@pytest.mark.parametrize("role", ["coordinator", "security_admin", "auditor", "joint_office"])
def test_other_roles_mend_nothing(web, role):
    browser = web.client(web.person(role))
    for path in ("incidents", "jobs", "parameters", "calendar", "dictionaries", f"incidents/{MISSING}"):
        assert browser.get(f"/admin/{path}").status_code == 403, path
    assert browser.post("/admin/fund-rules", CHOICE).status_code == 403
    assert browser.post(f"/admin/incidents/{MISSING}/retry").status_code == 403
    assert browser.post(f"/admin/jobs/{MISSING}/discard", {"reason": "x"}).status_code == 403


def test_what_is_not_there_is_not_found(web):
    browser = web.client(web.person("system_admin"))
    assert browser.get(f"/admin/incidents/{MISSING}").status_code == 404
    assert browser.post(f"/admin/incidents/{MISSING}/retry").status_code == 404
    assert browser.post(f"/admin/jobs/{MISSING}/retry").status_code == 404


def expired_message(city, state="expired"):
    with city.web.runtime.database.write(EVERYTHING, now=city.web.clock()) as session:
        (cycle,) = city.world.cases("service_cycle")
        message = Message(
            key="lost",
            name="visit_ended",
            correlation="nobody",
            target_process="service_cycle",
            payload={"phone": "13800000000"},
            sender_case_id=cycle.id,
            state=state,
            sent_at=city.web.clock(),
            keep_until=city.web.clock(),
        )
        session.add(message)
        session.flush()
        return message.id


def state_of(city, message_id):
    with city.web.runtime.database.read(EVERYTHING) as session:
        return session.get_one(Message, message_id).state


def test_what_nobody_tries_any_more_stands_on_one_page_and_is_decided_there(city):
    job, message, browser = dead_job(city), expired_message(city), city.browser("system_admin")
    page = browser.get("/admin/letters").text
    assert "打印文书" in page
    assert "7 天里没有办件在等它" in page
    assert "13800000000" not in page
    refused = browser.post("/admin/letters/discard", {"message": str(message)}, follow_redirects=True).text
    assert "写明原因" in refused
    told = browser.post(
        "/admin/letters/resend", {"message": str(message), "reason": "再试"}, follow_redirects=True
    )
    assert "1 条再投一次" in told.text
    assert state_of(city, message) == "waiting"
    again = browser.post(
        "/admin/letters/discard", {"message": str(message), "reason": "x"}, follow_redirects=True
    )
    assert "先在左边选消息" in again.text
    given_up = {"job": str(job), "back": "letters", "reason": "文书作废了"}
    assert "放弃了 1 个任务" in browser.post("/admin/jobs/discard", given_up, follow_redirects=True).text
    assert "写明原因" in browser.post("/admin/jobs/discard", {"job": str(job)}, follow_redirects=True).text
    with city.web.runtime.database.read(EVERYTHING) as session:
        told = session.scalars(select(RecordEvent.kind).order_by(RecordEvent.record_kind)).all()
        assert told == ["discarded", "resent"]
        assert verify(session) is None


def test_a_message_is_given_up_for_good(city):
    message, browser = expired_message(city), city.browser("system_admin")
    browser.post("/admin/letters/discard", {"message": str(message), "reason": "对方已经办结"})
    assert state_of(city, message) == "discarded"
    assert "没有死信" in browser.get("/admin/letters").text


def test_incidents_are_narrowed_to_a_kind_or_a_step_and_retried_for_a_reason(stuck):
    with stuck.web.runtime.database.write(EVERYTHING, now=stuck.web.clock()) as session:
        session.add(Incident(kind="limit", message="x", opened_at=stuck.web.clock()))
    browser, incident = stuck.browser("system_admin"), the_kind(stuck, "service")
    assert browser.get("/admin/incidents").text.count('name="incident"') == 2
    page = browser.get("/admin/incidents", query_string={"kind": "limit"}).text
    assert page.count('name="incident"') == 1
    assert str(incident.id) not in page
    page = browser.get("/admin/incidents", query_string={"step": incident.element}).text
    assert str(incident.id) in page
    browser.post("/admin/incidents/retry", {"incident": str(incident.id), "reason": "保单期改好了"})
    with stuck.web.runtime.database.read(EVERYTHING) as session:
        bodies = session.scalars(select(CaseEvent.body).where(CaseEvent.kind == "incident.retried")).all()
    assert "重试停住的一步：保单期改好了" in bodies[0].decode()


def the_kind(city, kind):
    with city.web.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Incident).where(Incident.kind == kind)).one()
