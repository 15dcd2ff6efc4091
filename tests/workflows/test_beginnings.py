"""Cases that people begin by the form of a start event, on both databases."""

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from store.tables import Case, CaseEvent
from tests.support.world import EVERYTHING
from tests.workflows.engine.drawing import draw, end, outputs, shape, start, step
from workflows import bundles, releases
from workflows.beginnings import startables
from workflows.check import check_process
from workflows.commands import BeginCase
from workflows.engine import DiagramError, compile_process
from workflows.errors import InvalidAnswersError, NotAllowedError, NotFoundError
from workflows.handlers.beginnings import begin_by_form

ASKED = {
    "weiran__form": "permission_revocation",
    "weiran__roles": "policyholder insurer",
    "weiran__number": "CS",
}
SAID = {"revoked_by": "王建国 厂长", "revoked_at": "2026-03-02T08:30", "reason": "设备停用检修，暂不接待"}


def process(**attributes):
    begun = shape("startEvent", "told", extension=outputs(why="answers.reason"), **ASKED | attributes)
    return [begun, start(), step("a", form="permission_revocation"), end()], "told > a > end; start > a"


@pytest.fixture
def city(world, tmp_path, monkeypatch):
    """A city in which a process of this test may be begun: about a policy by `said`, of one's own by `own`."""
    monkeypatch.setattr(bundles, "DIAGRAMS", tmp_path)
    for key, more in (("said", {"weiran__about": "policy"}), ("own", {})):
        (tmp_path / f"{key}.bpmn").write_bytes(draw(*process(**more), key))
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        assert releases.publish_shipped(session, world.clock.at) == ["own", "said"]
    return world


def begin(world, login="policyholder", **changes):
    asked = replace(BeginCase("said", "told", world.policy_id, SAID, "k1"), **changes)
    return begin_by_form(world.runtime, asked, world.actor(login))


def found(world, query):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalar(query)


def test_a_person_begins_a_case_about_a_policy_once_per_key(city):
    city.register()
    case_id = begin(city)
    assert begin(city) == case_id
    case = found(city, select(Case).where(Case.id == case_id))
    assert (case.insurer_id, case.policyholder_id, case.policy_id) == (
        city.offices.insurer,
        city.offices.unit,
        city.policy_id,
    )
    assert case.opened_by == city.offices.people["policyholder"]
    assert "-CS-2026-" in case.number
    assert case.variables == {"policy_id": str(city.policy_id), "why": SAID["reason"]}
    event = found(city, select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.n == 0))
    assert (event.kind, event.element) == ("case.opened", "told")
    assert SAID["reason"] in event.body.decode()
    assert found(city, select(func.count(Case.id)).where(Case.process == "said")) == 1


def test_without_a_policy_the_case_is_of_the_own_organization(city):
    case = found(city, select(Case).where(Case.id == begin(city, "insurer", process="own", policy_id=None)))
    assert (case.org_id, case.insurer_id, case.policyholder_id) == (city.offices.insurer,) * 2 + (None,)


def test_only_whom_the_diagram_names_and_about_what_he_sees(city):
    city.register()
    with pytest.raises(NotAllowedError):
        begin(city, "coordinator")
    with pytest.raises(NotFoundError):
        begin(city, process="own")
    with pytest.raises(NotFoundError):
        begin(city, start="start")
    with pytest.raises(NotFoundError):
        begin(city, policy_id=city.offices.unit)
    with pytest.raises(InvalidAnswersError) as told:
        begin(city, answers={})
    assert set(told.value.errors) == set(SAID)
    assert found(city, select(func.count(Case.id)).where(Case.process == "said")) == 0
    with city.runtime.database.read(city.actor("policyholder").scope) as session:
        offered = {(what.spec.key, what.point.id) for what in startables(session, city.actor("policyholder"))}
        assert {("own", "told"), ("said", "told")} <= offered
        offered = {what.spec.key for what in startables(session, city.actor("coordinator"))}
        assert not offered & {"own", "said"}


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({"weiran__roles": ""}, "没有写哪些角色可以发起"),
        ({"weiran__roles": "director"}, "角色“director”不在角色表中"),
        ({"weiran__number": ""}, "没有写办件号的代码"),
        ({"weiran__about": "car"}, "about“car”不认识"),
        ({"weiran__form": ""}, "但没有表单"),
        ({"weiran__form": "gone"}, "用的表单“gone”不存在"),
    ],
)
def test_a_start_by_a_form_is_whole(attributes, sentence):
    spec = compile_process(draw(*process(**attributes), "said"))
    with pytest.raises(DiagramError) as told:
        check_process(spec, frozenset({ASKED["weiran__form"]}))
    assert sentence in str(told.value)
