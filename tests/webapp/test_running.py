"""How the installation runs, as monitors, balancers and the administrator see it; and what the log says of requests."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog import configure, get_config
from structlog.contextvars import clear_contextvars, get_contextvars

from launch import logs
from store.queue import enqueue
from store.tables import Incident, Job, Timer
from store.workers import SILENT
from tests.webapp.conftest import EVERYTHING, web_settings
from webapp import create_app
from worker.heart import beat
from worker.shift import Shift
from workflows.commands import CompleteWorkItem
from workflows.errors import StaleVersionError
from workflows.handlers.work_items import complete_work_item

MINUTE = timedelta(minutes=1)


def heard(runtime, **done):
    """Let a worker tell that it lives."""
    shift = Shift(name="office-1:42", **done)
    beat(runtime, shift, runtime.now() - timedelta(hours=2), runtime.now())


def ready(web):
    answer = web.anonymous().get("/readyz")
    return answer.status_code, answer.json.get("reasons", [])


def figures(web, **headers):
    """Return what a monitor reads: name with labels → value."""
    answer = web.anonymous().get("/metrics", headers=headers)
    assert answer.status_code == 200
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_health_asks_for_nothing(web):
    assert web.anonymous().get("/healthz").json == {"status": "ok"}


def test_it_is_ready_while_a_worker_is_heard_of(web):
    assert ready(web) == (503, ["没有后台进程：定时和任务不会做。运行 python3 run.py worker"])
    assert "没有后台进程" in web.anonymous().get("/readyz").text
    heard(web.runtime)
    assert ready(web) == (200, [])
    web.clock.pass_by(SILENT + timedelta(seconds=1))
    status, (reason,) = ready(web)
    assert status == 503
    assert "后台进程没有消息" in reason


def test_it_is_not_ready_on_an_old_schema(web):
    heard(web.runtime)
    with web.runtime.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    status, (reason,) = ready(web)
    assert status == 503
    assert "数据库结构是 0001" in reason
    assert "python3 run.py migrate" in reason


def test_it_is_not_ready_without_its_database(web, monkeypatch):
    def away(_database):
        raise OperationalError("SELECT secret", {}, Exception("away"))

    monkeypatch.setattr("store.revision.present", away)
    assert ready(web) == (503, ["数据库连不上"])


@pytest.fixture
def busy(city):
    """A city with a worker, jobs of two kinds, one that is dead, a late timer and an incident."""
    runtime, now = city.web.runtime, city.web.runtime.now()
    (case,) = city.world.cases("service_cycle")
    with runtime.database.write(EVERYTHING) as session:
        session.query(Job).delete()
        session.query(Timer).delete()
        enqueue(session, "render_document", {}, run_at=now - 5 * MINUTE)
        enqueue(session, "render_document", {}, run_at=now)
        session.add(Job(kind="seal_package", args={}, run_at=now, state="dead", attempt=12))
        session.add(Timer(case_id=case.id, purpose="token", due_at=now - 90 * MINUTE))
        session.add(Timer(case_id=case.id, purpose="token", due_at=now))
        session.add(
            Incident(
                case_id=case.id, kind="service", message="x", status="open", opened_at=now, next_retry_at=now
            )
        )
    heard(runtime, jobs_done=7, jobs_failed=2, timers_tried=3)
    return city


def test_a_monitor_reads_what_waits_and_what_went_wrong(busy):
    found = figures(busy.web)
    assert found['weiran_jobs_waiting{kind="render_document"}'] == 2
    assert found["weiran_jobs_delay_seconds"] == 300
    assert found["weiran_jobs_dead"] == 1
    assert found["weiran_timers_late"] == 1
    assert found["weiran_timers_delay_seconds"] == 5400
    assert found['weiran_incidents_open{kind="service"}'] == 1
    assert found["weiran_workers_alive"] == 1
    assert found['weiran_worker_jobs_done_total{worker="office-1:42"}'] == 7
    assert found["weiran_database_up"] == 1


def test_the_administrator_reads_the_same_in_words(busy):
    browser = busy.browser("system_admin")
    assert "运行状况" in browser.get("/admin/").text
    page = browser.get("/admin/running").text
    for words in (
        "打印文书",
        "等了 5 分钟",
        "1 个做不成",
        "1 个，最早的晚了 1 小时",
        "1 件，等人处理",
        "office-1:42",
    ):
        assert words in page
    busy.web.clock.at += SILENT * 2
    silent = browser.get("/admin/running").text
    assert "没有消息" in silent
    assert "有问题" in silent


def test_completions_conflicts_and_answers_are_counted(city):
    before = figures(city.web)
    item = city.world.item("confirm_unit_facts")
    city.world.do("confirm_unit_facts", is_key=False)
    late = CompleteWorkItem(item.id, item.version, {}, "late")
    with pytest.raises(StaleVersionError):
        complete_work_item(city.web.runtime, late, city.world.actor("coordinator"))
    after = figures(city.web)
    for name in ("weiran_completions_total", "weiran_conflicts_total"):
        assert after[name] - before.get(name, 0) == 1
    assert after['weiran_request_seconds_count{endpoint="metrics.metrics",status="2xx"}'] == 1


def test_what_is_logged_during_a_command_names_its_case(city):
    (case,) = city.world.cases("service_cycle")
    clear_contextvars()
    city.world.do("confirm_unit_facts", is_key=False)
    assert get_contextvars()["case"] == str(case.id)


def test_the_figures_without_a_database_say_that_it_is_away(web, monkeypatch):
    def away(*_args):
        raise OperationalError("SELECT secret", {}, Exception("away"))

    monkeypatch.setattr("webapp.metrics.running", away)
    found = figures(web)
    assert found["weiran_database_up"] == 0
    assert "weiran_jobs_dead" not in found


@pytest.mark.parametrize(
    ("settings", "address", "shown", "status"),
    [
        ({}, "127.0.0.1", "", 200),
        ({}, "::1", "", 200),
        ({}, "203.0.113.9", "", 404),
        ({"public_url": "https://weiran.example"}, "127.0.0.1", "", 404),
        ({"metrics_token": "long"}, "203.0.113.9", "Bearer long", 200),
        ({"metrics_token": "long"}, "203.0.113.9", "Bearer short", 404),
        ({"metrics_token": "长"}, "203.0.113.9", "Bearer ", 404),
        ({"metrics_token": "long", "public_url": "https://weiran.example"}, "127.0.0.1", "Bearer long", 200),
    ],
)
def test_figures_are_for_this_machine_or_for_who_shows_the_token(web, settings, address, shown, status):
    app = create_app(web_settings(**settings), web.runtime)
    app.jinja_env.globals["asset"] = "/static/dist/{}".format
    asked = {"environ_overrides": {"REMOTE_ADDR": address}, "headers": {"Authorization": shown}}
    assert app.test_client().get("/metrics", **asked).status_code == status


@pytest.mark.parametrize(
    ("given", "kept"),
    [("proxy-0123456789", True), ("short", False), ("x" * 65, False), ("a b c d e f", False)],
)
def test_a_request_keeps_a_number_that_is_one_and_else_gets_one(web, given, kept):
    answer = web.anonymous().get("/nowhere", headers={"X-Request-ID": given})
    number = answer.headers["X-Request-ID"]
    assert (number == given) == kept
    page = web.client(web.person("coordinator")).get("/nowhere", headers={"X-Request-ID": given})
    assert page.headers["X-Request-ID"] in page.text


def test_the_log_of_a_request_is_json_with_its_number_and_nothing_personal(web, capsys):
    app = create_app(web_settings(log_json=True), web.runtime)
    before = get_config()
    logs.configure(as_json=True)
    try:
        app.test_client().get("/healthz?q=13812345678", headers={"X-Request-ID": "from-a-proxy"})
    finally:
        configure(**before)
    told = json.loads(capsys.readouterr().out)
    assert told.pop("milliseconds") >= 0
    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "event": "request",
        "level": "info",
        "request": "from-a-proxy",
        "method": "GET",
        "endpoint": "health.healthz",
        "status": 200,
    }
