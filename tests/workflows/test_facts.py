"""What a form is told about the case's records: by name, and only what it asks for."""

import pytest
from sqlalchemy import event

from tests.support.world import EVERYTHING, arrange, arrive, open_visit
from workflows.advance import new_act
from workflows.answering import answering_context
from workflows.facts import facts_of
from workflows.facts.choices import HostLists
from workflows.facts.groups import CaseFacts, Group, UndeclaredFactError
from workflows.people import SYSTEM


@pytest.fixture
def act(world):
    """A command on a visit at whose unit the expert stands."""
    visit = open_visit(world)
    arrange(world)
    arrive(world)
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        case = session.get_one(type(visit), visit.id)
        yield new_act(world.runtime, session, case, SYSTEM, world.clock.at)


def asked(act, look) -> list[str]:
    """Return the statements that a look at the facts sends."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    engine = act.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    look()
    event.remove(engine, "before_cursor_execute", note)
    return sent


def test_what_no_form_asks_for_is_not_read(act):
    context = answering_context(act)
    assert asked(act, lambda: context.variables["planned_on"])
    assert not asked(act, lambda: context.variables["planned_on"]), "one look at the records is enough"
    whole = asked(act, lambda: dict(context.variables))
    assert len(whole) > 10, "the other facts had not been read before"


def test_the_visit_speaks_for_what_its_policy_also_knows(act):
    facts = facts_of(act)
    assert facts["opinion"] is None, "nobody was called back yet, whatever was said about the scheme"
    assert facts["escort"].startswith("王建国")
    assert len(facts) == len(dict(facts)) > 30


def test_a_case_without_a_hazard_has_no_facts_of_one(act):
    assert "deadline" not in facts_of(act)
    with pytest.raises(KeyError):
        facts_of(act)["deadline"]


def test_without_a_hazard_every_way_of_rechecking_is_listed(act):
    assert [way.value for way in HostLists(act)["recheck_method"]] == ["photo", "phone", "onsite"]


def test_a_fact_that_no_form_could_find_is_told_at_once(act):
    silent = Group(lambda _: {"known": 1, "forgotten": 2}, frozenset({"known"}))
    with pytest.raises(UndeclaredFactError, match="forgotten"):
        CaseFacts(act, [silent])["known"]
