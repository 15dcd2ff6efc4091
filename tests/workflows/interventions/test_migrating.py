"""Cases go over to another release one by one: their fate is told before, and nothing is done twice."""

import json
import shutil

import pytest
from sqlalchemy import select

from store.tables import Case, RecordEvent, Release
from tests.support.world import EVERYTHING
from tests.workflows.engine.drawing import catch, end, message, start
from tests.workflows.interventions.asking import incidents, items, rows, said, sound, timers
from worker.loop import drain
from workflows import bundles, releases
from workflows.commands import MigrateCase, MigrateCases
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.handlers.migrations import Fate, migrate_batch, migrate_case, migrate_cases, prospect_of

WAITS = catch("heard", message("go"), correlation="unit")
FIRST = ("waiting", [start(), WAITS, end("told")], "start > heard > told")
LONGER = (
    "waiting",
    [start(), WAITS, catch("then", message("more"), correlation="unit"), end("told")],
    "start > heard > then > told",
)
OTHER = (
    "waiting",
    [start(), catch("else", message("else"), correlation="unit"), end("told")],
    "start > else > told",
)


def newest(city, process="waiting"):
    query = select(Release.id).where(Release.process == process).order_by(Release.number.desc())
    return rows(city, query)[0]


def fate(city, case_id, release_id):
    with city.runtime.database.read(EVERYTHING) as session:
        return prospect_of(session, session.get_one(Case, case_id), release_id)


def migrate(city, case_id, release_id, *, by="system_admin", version=None, reason="流程改好了"):
    case = rows(city, select(Case).where(Case.id == case_id))[0]
    version = case.version if version is None else version
    command = MigrateCase(case_id, version, release_id, reason, f"m-{case_id}-{release_id}")
    migrate_case(city.runtime, command, getattr(city, "world", city).actor(by))


def test_a_case_that_holds_nothing_that_changed_goes_over_and_on(city):
    city.publish(FIRST)
    case_id = city.begin("waiting", "w", unit="甲")
    city.publish(LONGER)
    to = newest(city)
    assert fate(city, case_id, to).fate is Fate.MOVES
    migrate(city, case_id, to, version=1)
    migrate(city, case_id, to, version=1)
    (case,) = city.world.cases("waiting")
    assert (case.release_id, case.state_format) == (to, 1)
    (told,) = said(city, case, "case.migrated")
    assert told["text"].endswith("从第 1 版迁到第 2 版：流程改好了")
    assert fate(city, case_id, to).reasons == ("已经在这一版",)
    sound(city.world)


def test_a_case_that_stands_where_nothing_is_any_more_cannot_and_the_reason_is_told(city_on_sqlite):
    city_on_sqlite.publish(FIRST)
    case_id = city_on_sqlite.begin("waiting", "w", unit="甲")
    city_on_sqlite.publish(OTHER)
    found = fate(city_on_sqlite, case_id, newest(city_on_sqlite))
    assert found.fate is Fate.CANNOT
    assert "新版本里没有" in found.reasons[0]
    with pytest.raises(RuleRefusedError, match="新版本里没有"):
        migrate(city_on_sqlite, case_id, newest(city_on_sqlite))
    with pytest.raises(NotAllowedError):
        migrate(city_on_sqlite, case_id, newest(city_on_sqlite), by="provider_manager")


def test_many_go_over_by_a_job_which_tells_whom_it_left_and_why(city):
    city.publish(FIRST)
    ids = [city.begin("waiting", f"w{n}", unit=f"u{n}") for n in range(3)]
    city.publish(LONGER)
    chosen = {case.id: case.version for case in city.world.cases("waiting")} | {ids[2]: 99}
    admin = city.world.actor("system_admin")
    run_id = migrate_cases(city.runtime, MigrateCases(newest(city), chosen, "流程改好了", "m1"), admin)
    drain(city.runtime)
    assert [case.release_id == newest(city) for case in city.world.cases("waiting")] == [True, True, False]
    told = rows(
        city, select(RecordEvent.body).where(RecordEvent.record_id == run_id).order_by(RecordEvent.number)
    )
    outcome = json.loads(told[-1])["data"]["text"]
    assert outcome.startswith("迁好 2 件，1 件没有迁：w2：看过清单以后它又走了")
    with pytest.raises(RuleRefusedError, match="先选"):
        migrate_cases(city.runtime, MigrateCases(newest(city), {}, "x", "m2"), admin)
    sound(city.world)


def test_a_batch_that_is_carried_out_twice_changes_and_tells_nothing_more(city_on_sqlite):
    city_on_sqlite.publish(FIRST)
    case_id = city_on_sqlite.begin("waiting", "w", unit="甲")
    city_on_sqlite.publish(LONGER)
    admin = city_on_sqlite.world.actor("system_admin")
    run_id = migrate_cases(
        city_on_sqlite.runtime, MigrateCases(newest(city_on_sqlite), {case_id: 1}, "流程改好了", "m1"), admin
    )
    drain(city_on_sqlite.runtime)
    args = {
        "run": str(run_id),
        "batch": 0,
        "release": str(newest(city_on_sqlite)),
        "reason": "流程改好了",
        "actor": str(admin.person_id),
        "cases": {str(case_id): 1},
    }
    migrate_batch(city_on_sqlite.runtime, args)
    (case,) = city_on_sqlite.world.cases("waiting")
    assert len(said(city_on_sqlite, case, "case.migrated")) == 1
    assert len(rows(city_on_sqlite, select(RecordEvent).where(RecordEvent.record_id == run_id))) == 2


def test_open_items_ask_the_form_of_the_new_release_and_keep_their_timers(arranged, tmp_path, monkeypatch):
    folder = tmp_path / "schemas"
    shutil.copytree(bundles.SCHEMAS, folder)
    monkeypatch.setattr(bundles, "SCHEMAS", folder)
    (case,) = arranged.cases("service_visit")
    item = arranged.item("policyholder_confirm_visit")
    file = folder / "policyholder_confirm_visit.json"
    file.write_bytes(file.read_bytes() + b"\n")
    with arranged.runtime.database.write(EVERYTHING, now=arranged.clock.at) as session:
        releases.publish_shipped(session, arranged.clock.at)
    before = [timer.id for timer in timers(arranged, case)]
    migrate(arranged, case.id, newest(arranged, "service_visit"))
    now = next(each for each in items(arranged, case) if each.id == item.id)
    assert (now.form_sha256 != item.form_sha256, now.version, now.task_id) == (
        True,
        item.version + 1,
        item.task_id,
    )
    assert [timer.id for timer in timers(arranged, case)] == before
    arranged.do("policyholder_confirm_visit", answer="agree")
    assert incidents(arranged, case) == []
    sound(arranged)
