"""The calendar of duties at work: once for each process, organization and period, whatever happens; both databases."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select, update

from rules import duty_calendar
from store.tables import Case, Job, Organization
from tests.support.world import EVERYTHING
from tests.workflows.engine.drawing import draw, end, start
from worker.executor import run_due_jobs
from worker.nightly import Nightly
from worker.schedule import main
from workflows import bundles, releases
from workflows.duties import BEGIN, BEGIN_FOR, await_duties, begin_duty, begin_duty_for

KINDS = (BEGIN, BEGIN_FOR)
PROCESSES = ("monthly_report", "self_review")
OTHER = "浙南安责服务有限公司"


@pytest.fixture
def year(pasts, tmp_path, monkeypatch):
    """A city of two providers whose reports are over as soon as they begin."""
    folder = tmp_path / "drawn"
    folder.mkdir()
    monkeypatch.setattr(bundles, "DIAGRAMS", folder)
    # reports that end at once keep nothing of what the standard demands
    monkeypatch.setattr(releases, "check_bundle", lambda bundle: bundle.spec)
    with pasts.until("founded").again(tmp_path) as world:
        yield Year(world, folder)


class Year:
    def __init__(self, world, folder):
        self.world, self.runtime, self.clock, self.folder = world, world.runtime, world.clock, folder
        self.other = self.add(OTHER)

    def add(self, name):
        with self.runtime.database.write(EVERYTHING, now=self.clock.at) as session:
            provider = Organization(kind="provider", name=name)
            session.add(provider)
            session.flush()
            return provider.id

    def publish(self, *processes):
        for key in processes:
            (self.folder / f"{key}.bpmn").write_bytes(draw([start(), end()], "start > end", key))
        with self.runtime.database.write(EVERYTHING, now=self.clock.at) as session:
            releases.publish_shipped(session, self.clock.at)

    def work(self):
        while run_due_jobs(self.runtime, kinds=KINDS):
            pass

    def wake(self, *moment):
        self.clock.at = datetime(*moment, tzinfo=UTC)
        await_duties(self.runtime)
        self.work()

    def begun(self, process):
        """Count the cases by organization and period."""
        with self.runtime.database.read(EVERYTHING) as session:
            cases = session.scalars(select(Case).where(Case.process == process)).all()
            return Counter((case.org_id, case.business_key.split(":")[1]) for case in cases)

    def schedule(self, first, last, capsys):
        code = main(["--from", first, "--to", last, "--json"], self.runtime)
        listed = json.loads(capsys.readouterr().out)
        return code, [row for row in listed if row["process"] in PROCESSES]


def test_a_year_begins_each_report_once_for_each_provider_and_period(year, capsys):
    year.publish(*PROCESSES)
    day = datetime(2026, 3, 3, 1, tzinfo=UTC)
    while day.year == 2026 or day.month < 3:
        year.wake(day.year, day.month, day.day)
        day += timedelta(days=4)
    both = (year.world.offices.provider, year.other)
    months = [*(f"2026-{month:02}" for month in range(3, 13)), "2027-01"]
    assert year.begun("monthly_report") == Counter((one, month) for one in both for month in months)
    assert year.begun("self_review") == Counter(
        (one, half) for one in both for half in ("2026-H1", "2026-H2")
    )
    code, listed = year.schedule("2026-03-03", "2027-02-28", capsys)
    assert code == 0
    assert len(listed) == len(both) * (len(months) + 2)
    assert all(row["case"] for row in listed)


def test_a_worker_that_was_away_for_months_begins_what_it_missed(year):
    year.publish("monthly_report")
    year.wake(2026, 3, 20)
    year.wake(2026, 6, 9)
    assert {period for _, period in year.begun("monthly_report")} == {"2026-03", "2026-04", "2026-05"}


def test_a_worker_that_never_looked_begins_what_is_due_since_the_process_is_published(year):
    year.publish("monthly_report")
    year.wake(2026, 4, 8)
    assert {period for _, period in year.begun("monthly_report")} == {"2026-03"}


def test_restarts_two_workers_and_repeated_jobs_begin_nothing_twice(year):
    year.publish("monthly_report")
    year.wake(2026, 4, 2)
    once = year.begun("monthly_report")
    asked = ("monthly_report", "2026-03", date(2026, 4, 1))
    for _ in range(2):
        await_duties(year.runtime)
        begin_duty(year.runtime, *asked)
        begin_duty_for(year.runtime, *asked, year.other)
    year.work()
    assert year.begun("monthly_report") == once
    year.clock.at = datetime(2026, 5, 2, tzinfo=UTC)
    workers = [Thread(target=year.work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    year.clock.pass_by(hours=1)
    year.work()
    assert set(year.begun("monthly_report").values()) == {1}
    assert len(year.begun("monthly_report")) == 2 * len(once)


def test_who_comes_later_or_is_gone_gets_none(year):
    year.publish("monthly_report")
    with year.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Organization).where(Organization.id == year.other).values(status="inactive"))
    year.clock.at = datetime(2026, 4, 5, tzinfo=UTC)
    year.add("四月才来的服务公司")
    year.wake(2026, 4, 6)
    assert [org for org, _ in year.begun("monthly_report")] == [year.world.offices.provider]


def test_a_duty_whose_process_has_no_release_is_passed_over_quietly(year, capsys, tmp_path, monkeypatch):
    listed = tmp_path / "duties.toml"
    known = duty_calendar.DUTIES.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in known if "process =" not in line or "monthly_report" in line]
    listed.write_text("".join(kept).replace("monthly_report", "not_drawn_yet"), "utf-8")
    monkeypatch.setattr(duty_calendar, "DUTIES", listed)
    duty_calendar.duties.cache_clear()
    try:
        begin_duty(year.runtime, "not_drawn_yet", "2026-03", date(2026, 4, 1))
        year.wake(2026, 4, 2)
        assert main(["--from", "2026-04-01", "--to", "2026-04-30"], year.runtime) == 0
    finally:
        duty_calendar.duties.cache_clear()
    assert year.begun("not_drawn_yet") == {}
    assert capsys.readouterr().out == "2026-04-01 至 2026-04-30 没有要开的办件\n"
    with year.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Job.kind).where(Job.last_error != "")).all() == []


def test_each_worker_queues_the_coming_starts_when_it_looks_ahead(year):
    year.publish("monthly_report")
    for worker in (Nightly(), Nightly()):
        worker.look_ahead(year.runtime)
    with year.runtime.database.read(EVERYTHING) as session:
        (job,) = session.scalars(
            select(Job).where(Job.kind == BEGIN, Job.key == "duty:monthly_report:2026-03")
        ).all()
    assert job.run_at == datetime(2026, 3, 31, 22, tzinfo=UTC)


def test_the_list_tells_what_comes_what_has_begun_and_what_was_missed(year, capsys):
    year.publish("monthly_report")
    _, coming = year.schedule("2026-04-01", "2026-04-01", capsys)
    assert {(row["organization"], row["case"], row["missed"]) for row in coming} >= {(OTHER, None, False)}
    year.clock.at = datetime(2026, 4, 2, tzinfo=UTC)
    code, missed = year.schedule("2026-04-01", "2026-04-01", capsys)
    assert code == 1
    assert all(row["missed"] for row in missed)
    year.wake(2026, 4, 3)
    assert main(["--from", "2026-04-01", "--to", "2026-04-01"], year.runtime) == 0
    begun = [line for line in capsys.readouterr().out.splitlines() if "第二十一条" in line]
    (line, _) = sorted(begun, key=lambda line: OTHER not in line)
    assert line.startswith("2026-04-01 06:00  2026年3月")
    assert line.split("  ")[-2] == "第二十一条"


def test_days_in_the_wrong_order_are_refused(year, capsys):
    assert main(["--from", "2026-04-02", "--to", "2026-04-01"], year.runtime) == 2
    assert "早于" in capsys.readouterr().err
