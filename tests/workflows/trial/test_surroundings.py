"""What an expression finds in a case or a process: kinds, literals, origins; personal numbers stay hidden."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from store.pages.trial import kept_case
from store.tables import Case
from tests.support.world import EVERYTHING
from workflows.releases import newest_release
from workflows.trial import surroundings
from workflows.trial.surroundings import listed, names_of_process, variables_of


@pytest.fixture(scope="module")
def session(sqlite_pasts, tmp_path_factory):
    with (
        sqlite_pasts.until("agreed").again(tmp_path_factory.mktemp("agreed")) as world,
        world.runtime.database.read(EVERYTHING) as session,
    ):
        yield session


@pytest.fixture
def kept(session):
    return kept_case(session, session.scalars(select(Case.id).where(Case.process == "service_cycle")).one())


def test_variables_have_the_kinds_that_conditions_see(session, kept):
    shown = variables_of(session, kept)
    assert (shown.masked, shown.left_out) == (False, ())
    assert type(shown.variables["policy_end"]) is date
    assert type(kept.variables["policy_end"]) is str


def test_without_a_state_the_readable_copy_speaks(session, kept):
    assert variables_of(session, replace(kept, state=None)).variables == kept.variables


def test_personal_numbers_in_texts_are_hidden_wherever_they_stand(session, kept):
    told = "找王建国13857712345"
    deep = {"people": [{"说": told, "13857712345": "330302199001011234"}]}
    shown = variables_of(session, replace(kept, state=None, variables={"note": told, "deep": deep, "n": 3}))
    assert shown.masked
    assert shown.variables["note"] == "找王建国138****2345"
    assert shown.variables["deep"] == {
        "people": [{"说": "找王建国138****2345", "138****2345": "3303**********1234"}]
    }
    assert shown.variables["n"] == 3


@pytest.mark.parametrize(
    "number", [13857712345, Decimal(330302199001011234), [13857712345], {"a": 13857712345}]
)
def test_a_number_that_reads_like_one_is_left_out_and_named(session, kept, number):
    shown = variables_of(
        session, replace(kept, state=None, variables={"mobile": number, "flag": True, "amount": 138})
    )
    assert shown.left_out == ("mobile",)
    assert shown.variables == {"flag": True, "amount": 138}


def test_a_context_lists_what_is_inside():
    found = listed({"b": 1, "a": {"x": {"y": {"z": {"deeper": 1}}}}})
    assert [(one.name, one.kind, one.value) for one in found] == [
        ("a", "上下文", "{x: {y: {z: {deeper: 1}}}}"),
        ("a.x", "上下文", "{y: {z: {deeper: 1}}}"),
        ("a.x.y", "上下文", "{z: {deeper: 1}}"),
        ("b", "数", "1"),
    ]


def test_a_value_beyond_the_bounds_of_expressions_is_listed_by_name():
    (found,) = listed({"much": "长" * 100_001})
    assert (found.kind, found.value) == ("", "文本太长：最多 100000。")


@pytest.mark.parametrize(
    "process", ["service_cycle", "service_visit", "hazard_closure", "service_refusal", "group_training"]
)
def test_a_process_tells_its_names_with_where_they_come_from(session, process):
    names = names_of_process(session, newest_release(session, process).id)
    assert [one.name for one in names] == sorted({one.name for one in names})
    assert not {one.name for one in names} & {"answers", "payload"}
    assert [one.name for one in names if one.kind in {"number", "string", "boolean"}] == []


def test_answers_of_forms_tell_their_kinds(session):
    names = {one.name: one for one in names_of_process(session, newest_release(session, "service_visit").id)}
    assert (names["permission_granted"].kind, names["accepted"].kind) == ("是非", "文字")
    assert names["lead_id"].origin == ("取回已定事项", "派单")
    assert names["sequence"].origin == ()


def test_what_a_literal_gives_is_its_kind_and_a_timer_is_no_expression(session):
    names = {one.name: one for one in names_of_process(session, newest_release(session, "service_visit").id)}
    assert (names["stage"].kind, names["joined"].kind, names["visit_provisional"].kind) == (
        "文字",
        "是非",
        "是非",
    )
    sites = [SimpleNamespace(text="R3/PT1H every"), SimpleNamespace(text="a + b")]
    assert surroundings._read_names(SimpleNamespace(sites=sites), ()) == {"a", "b"}
