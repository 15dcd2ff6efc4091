"""History through another diagram: its own gives the same path for every case, each change is told where it parts."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from forms.schema import parse_form
from store.pages.replays import last_replay, visible_cases
from store.tables import Case, CaseEvent, Definition, Job, RecordEvent
from tests.support.world import EVERYTHING
from worker.executor import run_due_jobs
from workflows.bundles import Bundle, bundle_of, shipped_bundle
from workflows.errors import NotAllowedError
from workflows.handlers.replays import JOB, ask_replay
from workflows.release_files.writing import package_of
from workflows.releases import newest_release
from workflows.replay import Verdict, replay
from workflows.replay.answers import never_answered, typed_answers
from workflows.replay.command import main

VISIT = shipped_bundle("service_visit")
DIAGRAM = "diagrams/service_visit.bpmn"


@pytest.fixture
def archived(sqlite_pasts, tmp_path):
    with sqlite_pasts.until("archived").again(tmp_path / "world") as world:
        yield world


def tried(world, bundle):
    with world.runtime.database.read(EVERYTHING) as session:
        return replay(session, bundle, world.runtime.still_at_work)


def edited(*pairs, name=DIAGRAM):
    text = VISIT.files[name].decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return Bundle({**VISIT.files, name: text.encode()})


def only(report):
    (group,) = report.groups
    return group.verdict, group.element, group.count


def test_every_case_goes_its_own_way_and_nothing_is_written(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        before = session.scalar(select(func.count()).select_from(CaseEvent))
        for process in session.scalars(select(Definition.key).order_by(Definition.key)).all():
            bundle = bundle_of(session, newest_release(session, process).id)
            found = replay(session, bundle, archived.runtime.still_at_work)
            cases = session.scalar(select(func.count()).where(Case.process == process))
            assert (found.total, dict(found.counts)) == (cases, {Verdict.SAME: cases} if cases else {}), (
                process
            )
        assert session.scalar(select(func.count()).select_from(CaseEvent)) == before


def test_a_new_step_has_no_answer_in_history(archived):
    flow = 'targetRef="record_visit"'
    step = (
        '<bpmn:userTask id="second_look" name="再看一遍" weiran:form="record_visit"'
        ' weiran:role="&quot;expert&quot;"/>'
        '<bpmn:sequenceFlow id="flow_second" sourceRef="second_look" targetRef="record_visit"/>'
        '<bpmn:userTask id="record_visit"'
    )
    bundle = edited((flow, 'targetRef="second_look"'), ('<bpmn:userTask id="record_visit"', step))
    assert only(tried(archived, bundle)) == (Verdict.MISSING, "second_look", 1)


def test_a_new_question_that_must_be_answered_is_named(archived):
    name = "forms/record_visit.json"
    question = (
        '"components": [{"id": "f_new", "type": "textfield", "key": "brand_new", "label": "新问题",'
        ' "validate": {"required": true}},'
    )
    text = VISIT.files[name].decode().replace('"components": [', question, 1)
    found = tried(archived, Bundle({**VISIT.files, name: text.encode()}))
    assert only(found) == (Verdict.MISSING, "record_visit", 1)
    assert "新问题" in found.groups[0].text


def test_a_gateway_that_cannot_decide_is_where_a_case_is_stuck(archived):
    old = next(
        flow["when"]
        for node in VISIT.spec.nodes.values()
        if node["type"] == "exclusiveGateway"
        for flow in node["flows"]
        if flow["when"] and "accepted" in flow["when"]
    )
    found = tried(archived, edited((f">{old}<", '>date("no date") + 1<')))
    assert found.counts.get(Verdict.SAME, 0) == 0


def test_an_article_that_no_element_carries_any_more_is_broken(archived):
    bundle = edited(('weiran:article="7"', ""))
    found = tried(archived, bundle)
    assert found.counts == {Verdict.BROKEN: 1}
    assert "第 7 条" in found.groups[0].text


def test_a_job_leaves_the_counts_and_names_cases_to_nobody_who_may_not_see_them(archived):
    runtime = archived.runtime
    designer = archived.actor("process_designer")
    with runtime.database.read(EVERYTHING) as session:
        subject = newest_release(session, "service_visit").id
    with pytest.raises(NotAllowedError):
        ask_replay(runtime, subject, archived.actor("coordinator"))
    ask_replay(runtime, subject, designer)
    with runtime.database.read(designer.scope) as session:
        assert last_replay(session, subject).done_at is None
    assert run_due_jobs(runtime, kinds={JOB}) == 1
    with runtime.database.read(designer.scope) as session:
        row = last_replay(session, subject)
        assert row.found["text"] == "回放了 1 件：同样的路 1 件"
    with runtime.database.read(EVERYTHING) as session:
        cases = set(session.scalars(select(Case.id)))
        assert session.scalar(select(Job.state).where(Job.kind == JOB)) == "done"
        assert session.scalar(select(func.count()).where(RecordEvent.record_kind == "replay")) == 2
    with runtime.database.read(designer.scope) as session:
        assert visible_cases(session, cases) == {}


def test_the_command_line_counts_and_says_where(archived, tmp_path, capsys):
    runtime, file = archived.runtime, tmp_path / "draft.zip"
    assert main(["service_visit@1"], runtime) == 0
    assert "同样的路 1" in capsys.readouterr().out
    file.write_bytes(package_of(VISIT))
    assert main([str(file), "--process", "complaint"], runtime) == 2
    assert main([str(file), "--json"], runtime) == 0
    assert '"same": 1' in capsys.readouterr().out
    assert main(["nothing"], runtime) == 2
    assert main(["0192f3a4-5b6c-7d8e-9f00-112233445566"], runtime) == 2


def test_answers_get_back_the_kinds_that_their_form_gives_them():
    form = parse_form(
        b"""{"schemaVersion": 18, "type": "default", "id": "x", "components": [
        {"id": "a", "type": "datetime", "subtype": "date", "key": "day", "label": "d"},
        {"id": "b", "type": "number", "key": "amount", "label": "n", "validate": {"required": true}},
        {"id": "c", "type": "dynamiclist", "path": "rows", "label": "r", "components": [
          {"id": "d", "type": "datetime", "subtype": "datetime", "key": "at", "label": "m"}]}]}"""
    )
    kept = {"day": "2026-01-02", "amount": "1.50", "rows": [{"at": "2026-01-02T03:04:00+08:00"}], "more": "x"}
    typed = typed_answers(form, kept)
    assert typed["day"] == date(2026, 1, 2)
    assert typed["amount"] == Decimal("1.50")
    assert typed["rows"] == [{"at": datetime.fromisoformat("2026-01-02T03:04:00+08:00")}]
    assert typed["more"] == "x"
    assert never_answered(form, {}) == "n"
    assert never_answered(form, kept) == ""
