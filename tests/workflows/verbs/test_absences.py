"""Absence: new work goes to the substitute, what waits may go too, and the end comes by itself."""

from datetime import date, timedelta

import pytest

from tests.support.signing import opened, plain
from tests.support.world import EVERYTHING
from tests.workflows.verbs.asking import colleague, done, events, row_of, send_back, sound, told, who
from workflows.commands import ClaimWorkItem, ReleaseWorkItem
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.handlers.work_items import claim_work_item, release_work_item
from workflows.runtime import legal_day
from workflows.verbs.absences import SetAbsence, absences_of, end_absence, set_absence, substitutes
from workflows.verbs.transferring import TransferWorkItem, transfer_work_item

DAY = timedelta(days=1)


def today(world) -> date:
    return legal_day(world.clock())


def away(world, person, substitute, *, days=5, starts=0, hand_over=False, key="a1", by=None):
    start = today(world) + starts * DAY
    command = SetAbsence(
        person.person_id, substitute.person_id, start, start + days * DAY, "休假", hand_over, key
    )
    return set_absence(world.runtime, command, by or person)


def test_what_is_given_to_somebody_away_goes_to_the_substitute_who_may_finish_it(drafted):
    world = drafted
    first, substitute = done_by(world, "draft_scheme"), colleague(world)
    away(world, first, substitute)
    send_back(world, "approve_scheme", "draft_scheme")
    item = world.item("draft_scheme")
    assert (item.assignee_id, item.owner_id) == (substitute.person_id, first.person_id)
    world.do("draft_scheme")
    assert world.steps() == ["approve_scheme"]
    sound(world)


def done_by(world, step):
    """Return who finished a step."""
    return who(world, done(world, step).done_by)


@pytest.mark.parametrize("why", ["over", "ended", "not begun"])
def test_an_absence_ends_by_itself_on_the_day_of_return_and_begins_on_its_day(drafted, why):
    world = drafted
    first, substitute = done_by(world, "draft_scheme"), colleague(world)
    away(world, first, substitute, days=2, starts=3 if why == "not begun" else 0)
    if why == "over":
        world.clock.pass_by(days=2)
    elif why == "ended":
        with world.runtime.database.read(EVERYTHING) as session:
            (known,) = absences_of(session, first.person_id, today(world))
        end_absence(world.runtime, known.id, first)
        with pytest.raises(RuleRefusedError, match="已经结束"):
            end_absence(world.runtime, known.id, first)
    send_back(world, "approve_scheme", "draft_scheme")
    assert world.item("draft_scheme").assignee_id == first.person_id


def test_what_two_are_away_for_lies_in_the_pool(drafted):
    world = drafted
    first, substitute = done_by(world, "draft_scheme"), colleague(world)
    third = colleague(world, login="third", name="三工")
    away(world, first, substitute)
    away(world, substitute, third, key="a2")
    send_back(world, "approve_scheme", "draft_scheme")
    assert world.item("draft_scheme").assignee_id is None


def test_what_waits_goes_over_at_once_and_both_are_told(pasts, tmp_path):
    with pasts.until("begun").again(tmp_path) as world:
        item, person = world.item("confirm_unit_facts"), world.actor("coordinator")
        claim_work_item(world.runtime, ClaimWorkItem(item.id, item.version), person)
        substitute = colleague(world)
        assert away(world, person, substitute, hand_over=True, by=world.actor("security_admin")) == 1
        now = row_of(world, item)
        assert (now.assignee_id, now.owner_id) == (substitute.person_id, person.person_id)
        assert len(events(world, item, "item.substituted")) == 1
        assert any("代办" in title for title in told(world, substitute.person_id))
        assert any("外出" in title for title in told(world, person.person_id))
        world.do("confirm_unit_facts", is_key=False)
        sound(world)


def test_what_a_substitute_gives_back_is_the_groups_and_nobody_elses(pasts, tmp_path):
    with pasts.until("begun").again(tmp_path) as world:
        item, person = world.item("confirm_unit_facts"), world.actor("coordinator")
        claim_work_item(world.runtime, ClaimWorkItem(item.id, item.version), person)
        substitute = colleague(world)
        away(world, person, substitute, hand_over=True)
        held = row_of(world, item)
        release_work_item(world.runtime, ReleaseWorkItem(held.id, held.version), substitute)
        assert (row_of(world, item).assignee_id, row_of(world, item).owner_id) == (None, None)


def test_nobody_gives_work_to_who_is_away(pasts, tmp_path):
    with pasts.until("begun").again(tmp_path) as world:
        item, person = world.item("confirm_unit_facts"), world.actor("coordinator")
        other, third = colleague(world), colleague(world, login="third", name="三工")
        away(world, other, third)
        command = TransferWorkItem(item.id, item.version, other.person_id, "", "t1")
        with pytest.raises(RuleRefusedError, match="外出"):
            transfer_work_item(world.runtime, command, person)


def test_an_absence_is_set_by_oneself_or_an_administrator_with_somebody_who_can_do_the_work(pasts, tmp_path):
    with pasts.until("begun").again(tmp_path) as world:
        person, other = world.actor("coordinator"), colleague(world)
        with pytest.raises(NotAllowedError):
            away(world, person, other, by=other)
        with pytest.raises(RuleRefusedError, match="角色"):
            away(world, person, world.actor("provider_finance"))
        with pytest.raises(RuleRefusedError, match="返回日期"):
            away(world, person, other, days=0)
        with world.runtime.database.read(EVERYTHING) as session:
            assert other.person_id in {one.id for one in substitutes(session, person.person_id)}
        away(world, person, other)
        with pytest.raises(RuleRefusedError, match="已经登记"):
            away(world, person, other, key="a2")
        with pytest.raises(RuleRefusedError, match="也外出"):
            away(world, other, person, key="a3")


def test_whose_turn_to_sign_comes_while_they_are_away_has_a_substitute(world, monkeypatch, tmp_path):
    case = opened(world, monkeypatch, tmp_path / "signing", (plain(),))
    case.add("coordinator", "return_visitor", "after")
    visitor, substitute = world.actor("return_visitor"), colleague(world, "return_visitor")
    away(world, visitor, substitute)
    case.sign("coordinator")
    (seat,) = [item for item in case.items() if item.status < 2]
    assert (seat.assignee_id, seat.owner_id) == (substitute.person_id, visitor.person_id)


def test_whose_substitute_signs_already_leaves_the_turn_to_the_group(world, monkeypatch, tmp_path):
    case = opened(world, monkeypatch, tmp_path / "signing", (plain(),))
    other = colleague(world)
    world.offices.people["colleague"] = other.person_id
    case.add("coordinator", "colleague", "after")
    away(world, other, world.actor("coordinator"))
    case.sign("coordinator")
    (seat,) = [item for item in case.items() if item.status < 2]
    assert (seat.role, seat.assignee_id, seat.owner_id) == ("coordinator", None, None)
