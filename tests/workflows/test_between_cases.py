"""Between cases: messages by their keys, calls, signals, and what begins a case by itself; on both databases."""

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from store.invariants import check
from store.tables import Definition, Incident, Job, Message, Release
from tests.support.world import EVERYTHING
from tests.workflows.engine.drawing import (
    boundary,
    call,
    catch,
    draw,
    end,
    inputs,
    message,
    outputs,
    send,
    service,
    shape,
    signal,
    start,
    throw,
    timer,
    xor,
)
from worker.loop import drain
from workflows import bundles, releases
from workflows.acts import Opening, Subject
from workflows.advance import begin_case
from workflows.catalogue import OPERATIONS
from workflows.check import check_process
from workflows.engine import DiagramError, compile_process
from workflows.handlers.repairs import retry_incident
from workflows.people import SYSTEM
from workflows.starting import begin_for

HEARD = catch("heard", message("hazard_closed"), correlation="hazard", extension=outputs("result"))
VISIT = ("visit", [start(), HEARD, end("told")], "start > heard > told")
ANSWER = send("answer", "hazard_closed", "visit", "hazard", result='"合格"')
HAZARD = ("hazard", [start(), ANSWER, end()], "start > answer > end")


@pytest.fixture
def city(world, tmp_path, monkeypatch):
    """A city whose processes a test draws: `publish` releases them, `begin` opens a case."""
    folder = tmp_path / "drawn"
    folder.mkdir()
    monkeypatch.setattr(bundles, "DIAGRAMS", folder)
    return City(world, folder)


class City:
    def __init__(self, world, folder):
        self.world, self.runtime, self.clock, self.folder = world, world.runtime, world.clock, folder

    def publish(self, *processes, **drawn):
        for key, shapes, flows in processes:
            (self.folder / f"{key}.bpmn").write_bytes(draw(shapes, flows, key, **drawn))
        with self.runtime.database.write(EVERYTHING, now=self.clock.at) as session:
            return releases.publish_shipped(session, self.clock.at)

    def begin(self, process, key, provider=None, **variables):
        provider = provider or self.world.offices.provider
        opening = Opening(process, key, key, process, variables, Subject(provider))
        with self.runtime.database.write(EVERYTHING, now=self.clock.at) as session:
            case = begin_case(self.runtime, session, opening, SYSTEM, self.clock.at)
        drain(self.runtime)
        return case.id

    def ends(self, process):
        """Return where the cases of a process have ended, by their keys; an open one nowhere."""
        return {case.business_key: case.end_event for case in self.world.cases(process)}

    def rows(self, query):
        with self.runtime.database.read(EVERYTHING) as session:
            return session.scalars(query).all()

    def later(self, **span):
        self.clock.pass_by(**span)
        drain(self.runtime)


def test_a_hazard_answers_the_visit_that_waits_for_it_and_no_other(city):
    city.publish(VISIT, HAZARD)
    city.begin("visit", "v1", hazard="h1")
    city.begin("visit", "v2", hazard="h2")
    city.begin("hazard", "h2", hazard="h2")
    assert city.ends("visit") == {"v1": None, "v2": "told"}
    (told,) = [case for case in city.world.cases("visit") if case.end_event]
    assert told.variables["result"] == "合格"
    with city.runtime.database.read(EVERYTHING) as session:
        assert check(session) == []


def test_a_key_is_a_value_of_feel_and_not_its_text(city):
    counted = catch("heard", message("hazard_closed"), correlation="number + 1")
    told = send("answer", "hazard_closed", "visit", '"4" + string(2)')
    city.publish(
        ("visit", [start(), counted, end("told")], VISIT[2]), ("hazard", [start(), told, end()], HAZARD[2])
    )
    city.begin("visit", "v", number=41)
    city.begin("hazard", "h")
    assert city.ends("visit") == {"v": "told"}


def test_what_one_case_tells_another_stays_what_it_was(city):
    said = {
        "day": 'date("2026-05-01") + duration("P1D")',
        "amount": "10 / 4",
        "at": '[@"2026-05-01T08:00:00Z"]',
    }
    made = {
        "later": 'string(payload.day + duration("P1D"))',
        "amount": "payload.amount",
        "hour": "payload.at[1].hour",
    }
    told = send("answer", "hazard_closed", "visit", "hazard", **said)
    heard = catch("heard", message("hazard_closed"), correlation="hazard", extension=outputs(**made))
    city.publish(
        ("visit", [start(), heard, end("told")], VISIT[2]), ("hazard", [start(), told, end()], HAZARD[2])
    )
    city.begin("visit", "v", hazard="h")
    city.begin("hazard", "h", hazard="h")
    (visit,) = city.world.cases("visit")
    assert visit.variables == {"hazard": "h", "later": "2026-05-03", "amount": "2.5", "hour": 8}


def test_several_receivers_are_an_incident_and_none_of_them_goes_on(city):
    city.publish(VISIT, HAZARD)
    city.begin("visit", "v1", hazard="h")
    city.begin("visit", "v2", hazard="h")
    city.begin("hazard", "h", hazard="h")
    assert city.ends("visit") == {"v1": None, "v2": None}
    assert city.rows(select(Message.state)) == ["incident"]
    assert city.rows(select(Incident.kind)) == ["message"]


@pytest.mark.parametrize(("days", "end_event"), [(6, "told"), (8, None)])
def test_a_message_without_receiver_is_kept_seven_days_for_a_late_one(city, days, end_event):
    city.publish(VISIT, HAZARD)
    city.begin("hazard", "h", hazard="h")
    city.later(days=days)
    city.begin("visit", "v", hazard="h")
    assert city.ends("visit") == {"v": end_event}
    assert city.rows(select(Message.state)) == ["delivered" if end_event else "expired"]


INNER = catch("go", message("go"), correlation="unit", extension=outputs("grade"))
CALLED = ("inner", [start(), INNER, end("inner_end")], "start > go > inner_end")
GO = ("go", [start(), send("s", "go", "inner", "unit", grade="5"), end()], "start > s > end")
CALL = call("c", "inner", inputs(unit="name") + outputs("grade", where="payload.end_event"))
CALLER = ("outer", [start(), CALL, end("done")], "start > c > done")


def test_a_call_opens_a_case_of_its_own_and_waits_for_its_end(city):
    city.publish(CALLER, CALLED, GO)
    outer = city.begin("outer", "o", name="甲厂", hidden=1)
    (inner,) = city.world.cases("inner")
    assert (inner.parent_case_id, inner.number, inner.variables) == (outer, "o-1", {"unit": "甲厂"})
    assert city.ends("outer") == {"o": None}
    city.begin("go", "g", unit="甲厂")
    (done,) = city.world.cases("outer")
    assert (done.end_event, done.variables["grade"], done.variables["where"]) == ("done", 5, "inner_end")
    with city.runtime.database.read(EVERYTHING) as session:
        assert check(session) == []


def test_a_called_case_that_needs_nobody_answers_all_the_same(city):
    city.publish(CALLER, ("inner", [start(), end("inner_end")], "start > inner_end"))
    city.begin("outer", "o", name="x")
    assert city.ends("outer") == {"o": "done"}


def test_a_call_keeps_to_the_diagram_that_its_caller_was_published_with(city):
    ready = catch("ready", message("ready"), correlation="name")
    flows = "start > ready > c > done"
    city.publish(("outer", [start(), ready, CALL, end("done")], flows), CALLED)
    city.begin("outer", "o", name="x")
    (kept,) = city.rows(select(Release.id).where(Release.process == "inner"))
    changed = ("inner", [start(), INNER, end("other_end")], "start > go > other_end")
    told = ("told", [start(), send("s", "ready", "outer", '"x"'), end()], "start > s > end")
    assert city.publish(changed, told) == ["inner", "outer", "told"]
    assert city.publish() == []
    city.begin("told", "t")
    assert [case.release_id for case in city.world.cases("inner")] == [kept]


def test_a_call_that_is_interrupted_ends_what_it_has_called(city):
    late = boundary("late", "c", timer("duration", "P1D"))
    city.publish(
        ("outer", [start(), CALL, late, end("done"), end("gone")], "start > c > done; late > gone"),
        CALLED,
        GO,
    )
    city.begin("outer", "o", name="x")
    city.later(days=2)
    assert city.ends("outer") == {"o": "gone"}
    (inner,) = city.world.cases("inner")
    assert (inner.status, inner.end_event) == ("cancelled", None)
    city.begin("go", "g", unit="x")
    with city.runtime.database.read(EVERYTHING) as session:
        assert check(session) == []


def calling(process, shapes=None, flows=""):
    return compile_process(
        draw(shapes or [start(), call("c", process), end()], flows or "start > c > end", "outer")
    )


PROCESSES = {
    "inner": calling("outer"),
    "started": compile_process(
        draw([shape("startEvent", "start", message("m")), end()], "start > end", "started")
    ),
    **{f"deep{n}": calling(f"deep{n + 1}") for n in range(1, 7)},
    "deep7": compile_process(draw([start(), end()], "start > end", "deep7")),
}


@pytest.mark.parametrize(
    ("process", "told"),
    [
        ("nowhere", "“nowhere”不存在。请改成已有的流程"),
        ("outer", "转了圈：outer → outer。请让最里面的流程用消息"),
        ("inner", "转了圈：outer → inner → outer"),
        ("started", "要有且只有一个普通的开始事件。请给它加一个"),
        ("deep1", "套了 5 层以上。请把最里面的几层合成一个流程"),
    ],
)
def test_a_call_that_could_not_run_is_not_published_and_the_way_round_is_told(process, told):
    with pytest.raises(DiagramError) as refused:
        check_process(calling(process), frozenset(), PROCESSES.get)
    assert told in str(refused.value)


def test_calls_of_five_levels_are_published():
    check_process(calling("deep3"), frozenset(), PROCESSES.get)


ALARM = ("alarm", [start(), throw("t", signal("alarm")), end()], "start > t > end")
HEARING = ("hearing", [start(), catch("c", signal("alarm")), end("heard")], "start > c > heard")


def test_a_signal_reaches_every_case_of_the_organization_that_waits_and_no_other(city):
    city.publish(ALARM, HEARING)
    city.begin("hearing", "a")
    city.begin("hearing", "b")
    city.begin("hearing", "other", provider=city.world.offices.insurer)
    city.begin("alarm", "x")
    assert city.ends("hearing") == {"a": "heard", "b": "heard", "other": None}


def test_a_signal_is_kept_for_nobody_and_is_no_message_of_the_same_name(city):
    city.publish(
        ALARM, HEARING, ("said", [start(), send("s", "alarm", "hearing", '""'), end()], "start > s > end")
    )
    city.begin("alarm", "x")
    city.begin("hearing", "a")
    city.begin("said", "y")
    assert city.ends("hearing") == {"a": None}


def test_a_receiver_that_cannot_go_on_stops_no_other(city):
    shapes = [start(), catch("c", signal("alarm")), xor("g"), end("heard"), end("odd")]
    city.publish(ALARM, ("hearing", shapes, "start > c > g; g ? number > heard; g ! odd"))
    city.begin("hearing", "a", number=1)
    city.begin("hearing", "b", number=True)
    city.begin("alarm", "x")
    assert city.ends("hearing") == {"a": None, "b": "heard"}
    assert city.rows(select(Incident.kind).where(Incident.status == "open")) == ["expression"]


def failing(inputs):
    raise LookupError("away")


def test_a_receiver_that_could_not_go_on_is_tried_again_by_hand_and_by_itself(city, monkeypatch):
    """What an operation fails of may pass, so the job is done again."""
    monkeypatch.setitem(
        OPERATIONS, "odd", replace(next(iter(OPERATIONS.values())), run=lambda _, told: failing(told))
    )
    shapes = [start(), catch("c", signal("alarm")), service("s", "odd"), end("heard")]
    city.publish(ALARM, ("hearing", shapes, "start > c > s > heard"))
    city.begin("hearing", "a")
    city.begin("alarm", "x")
    (incident,) = city.rows(select(Incident.id).where(Incident.status == "open"))
    admin = city.world.actor("system_admin")
    assert not retry_incident(city.runtime, incident, admin).went_on
    monkeypatch.setitem(OPERATIONS, "odd", replace(OPERATIONS["odd"], run=lambda _, __: {}))
    assert retry_incident(city.runtime, incident, admin).went_on
    assert city.ends("hearing") == {"a": "heard"}
    city.later(hours=1)
    assert city.rows(select(Job.state).where(Job.kind == "deliver_signal")) == ["done"]
    assert city.rows(select(Incident.status)) == ["closed"]


def starting(event):
    shapes = [shape("startEvent", "begun", event, extension=outputs("result")), end()]
    return ("started", shapes, "begun > end")


def test_a_process_starts_by_a_message_once_for_each_key(city):
    city.publish(
        starting(message("hazard_closed")),
        (
            "hazard",
            [start(), send("answer", "hazard_closed", "started", "hazard", result='"合格"'), end()],
            HAZARD[2],
        ),
    )
    city.begin("hazard", "h1", hazard="k")
    city.begin("hazard", "h2", hazard="k")
    city.begin("hazard", "h3", hazard="other")
    assert city.ends("started") == {"k": "end", "other": "end"}
    assert city.world.cases("started")[0].variables["result"] == "合格"


def test_a_process_starts_by_a_signal(city):
    city.publish(starting(signal("alarm")), ALARM)
    city.begin("alarm", "x")
    city.begin("alarm", "y")
    assert list(city.ends("started").values()) == ["end", "end"]


def test_a_process_starts_at_its_instants_as_often_as_it_says(city):
    city.publish(starting(timer("cycle", "R2/P1D")))
    drain(city.runtime)
    assert city.ends("started") == {}
    city.later(days=1)
    assert len(city.ends("started")) == 1
    city.later(days=1)
    city.later(days=5)
    assert len(city.ends("started")) == 2


def test_a_process_of_one_organization_starts_for_that_one_alone_and_once(city):
    city.publish(starting(timer("duration", "P1D")))
    with city.runtime.database.write(EVERYTHING) as session:
        session.execute(
            update(Definition).where(Definition.key == "started").values(org_id=city.world.offices.insurer)
        )
    city.later(days=1)
    (case,) = city.world.cases("started")
    assert case.org_id == city.world.offices.insurer
    begin_for(city.runtime, case.release_id, "begun", case.org_id, case.business_key)
    assert len(city.world.cases("started")) == 1


def test_a_newer_release_starts_at_its_own_instants_alone(city):
    city.publish(starting(timer("duration", "P2D")))
    city.later(days=1)
    city.publish(starting(timer("duration", "P3D")))
    city.later(days=2)
    assert city.ends("started") == {}
    city.later(days=1)
    assert len(city.ends("started")) == 1
