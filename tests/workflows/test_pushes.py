"""What is pushed online: drafted, reviewed, published to units with a policy in force, read, counted (第十二条)."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from store.measures.catalogue import MEASURES
from store.measures.model import Window
from store.measures.sums import figures
from store.tables import Case, EvidenceFile, Notice, Person, Policyholder, PushContent, PushDelivery
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.commands import BeginCase
from workflows.duties import begin_duty_for
from workflows.errors import InvalidAnswersError
from workflows.handlers.beginnings import begin_by_form
from workflows.handlers.pushes import read_push


def push(world, category="risk_warning", **answers):
    """Publish something today."""
    command = BeginCase("online_push", "push_requested", None, {"category": category}, category)
    begin_by_form(world.runtime, command, world.actor("coordinator"))
    drain(world.runtime)
    world.do("draft_content", category=category, **answers)
    world.do("review_content")


def only(world, table):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(table)).one()


def measured(world, name):
    window = Window(date(2026, 1, 1), date(2026, 12, 31), world.offices.provider)
    with world.runtime.database.read(EVERYTHING) as session:
        (told,) = figures(session, [(MEASURES[name], window)]).values()
        return told[()].value("percent")


def test_the_month_begins_a_push_that_goes_from_its_draft_to_the_unit_that_reads_it(begun):
    begun.clock.at = datetime(2026, 4, 1, 1, tzinfo=UTC)
    begin_duty_for(begun.runtime, "online_push", "2026-04", date(2026, 4, 1), begun.offices.provider)
    assert begun.item("draft_content").due_on == date(2026, 4, 30)
    assert only(begun, PushContent).category == "regulation"
    begun.do("draft_content", publish_on=date(2026, 4, 3))
    begun.do("review_content", decision="return", opinion="写明来源")
    assert only(begun, PushContent).state == "draft"
    begun.do("draft_content", publish_on=date(2026, 4, 3))
    begun.do("review_content")
    assert only(begun, PushContent).published_on is None
    begun.pass_until("2026-04-02")
    content, delivery = only(begun, PushContent), only(begun, PushDelivery)
    assert (content.state, content.published_on) == ("published", date(2026, 4, 3))
    assert (delivery.channel, delivery.policyholder_id) == ("account", begun.offices.unit)
    (told,) = [row for row in rows(begun, Notice) if row.link.startswith("/gatherings/pushes/")]
    assert told.holder_id == begun.offices.unit
    read_push(begun.runtime, content.id, begun.actor("coordinator"))
    assert only(begun, PushDelivery).read_at is None
    read_push(begun.runtime, content.id, begun.actor("policyholder"))
    first = only(begun, PushDelivery).read_at
    begun.clock.pass_by(hours=1)
    read_push(begun.runtime, content.id, begun.actor("policyholder"))
    assert only(begun, PushDelivery).read_at == first == datetime(2026, 4, 3, 1, tzinfo=UTC)
    begun.pass_until("2026-04-10")
    (case,) = begun.cases("online_push")
    assert (case.end_event, case.variables["needs_fixing"]) == ("end_pushed", False)
    assert measured(begun, "push_delivered") == measured(begun, "read_rate") == 100


def rows(world, table):
    with world.runtime.database.read(EVERYTHING) as session:
        return list(session.scalars(select(table)))


def test_a_unit_without_an_account_is_told_another_way(begun):
    with begun.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Person).where(Person.org_id == begun.offices.unit).values(active=False))
    push(begun)
    assert (only(begun, PushDelivery).channel, only(begun, PushDelivery).delivered_at) == ("none", None)
    assert measured(begun, "push_delivered") == 0
    begun.pass_until("2026-03-09")
    begun.do("fix_contacts", reached=[str(only(begun, PushDelivery).id)], means="letter")
    assert begun.cases("online_push")[0].end_event == "end_pushed"
    assert only(begun, PushDelivery).channel == "letter"
    assert measured(begun, "push_delivered") == 100
    assert measured(begun, "read_rate") == 0


def test_who_refuses_visits_gets_it_and_whose_policy_is_over_does_not(begun):
    with begun.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Policyholder).values(willingness="refused_filed"))
    push(begun)
    assert only(begun, PushDelivery).policyholder_id == begun.offices.unit
    begun.clock.at = datetime(2027, 3, 2, 1, tzinfo=UTC)
    with pytest.raises(InvalidAnswersError) as refused:
        push(begun, "tool")
    assert "没有一家" in refused.value.errors["audience_rule"]


def test_an_empty_push_is_refused_and_its_files_are_seen_by_the_unit_once_published(begun):
    with pytest.raises(InvalidAnswersError) as refused:
        push(begun, body="", files=[])
    assert refused.value.errors.keys() == {"body"}
    with begun.runtime.database.read(begun.actor("policyholder").scope) as session:
        assert session.scalars(select(PushContent)).all() == []
    begun.do("draft_content")
    files = [str(one) for one in only(begun, PushContent).files]
    unit = begun.actor("policyholder").scope
    with begun.runtime.database.read(unit) as session:
        assert session.scalars(select(EvidenceFile.id)).all() == []
    begun.do("review_content")
    with begun.runtime.database.read(unit) as session:
        assert [str(one) for one in session.scalars(select(EvidenceFile.id))] == files
        assert session.scalars(select(Case).where(Case.process == "online_push")).all() == []
