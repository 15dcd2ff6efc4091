"""Publication: two people, from a day on, cases that go on as they began, and the way back in one step."""

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from store.tables import Case, Notice, Release
from tests.support.world import EVERYTHING
from workflows.commands import MigrateCase, ProposePublication, SaveDraftFile
from workflows.drafting import blocking, draft_of, drafted_bundle
from workflows.errors import NotAllowedError, RuleRefusedError, StaleRecordError
from workflows.handlers.drafts import branch_draft, restore_draft_file, save_draft_file, start_draft
from workflows.handlers.migrations import migrate_case
from workflows.handlers.publications import (
    approve_publication,
    decline_publication,
    propose_publication,
    retire_release,
)
from workflows.prospects import prospects_of
from workflows.releases import newest_release, publish_shipped, scheduled_release
from workflows.runtime import legal_day

CYCLE, SMALL = "service_cycle", "fund_reversal"
"""The process of which a case runs, and a small one, whose checks take no time."""
WORDS = {CYCLE: ("核实单位情况", "核实单位"), SMALL: ("审批红字冲销", "审批冲销")}


@pytest.fixture
def world(pasts, tmp_path):
    """A city whose cycle waits at its first step; the test runs once per kind of database."""
    with pasts.until("begun").again(tmp_path) as found:
        yield found


def change(world, process=SMALL, old="", new=""):
    """Begin a draft and change a word of its diagram; return the draft's id and version."""
    actor = world.actor("process_designer")
    old, new = (old, new) if old else WORDS[process]
    draft_id = start_draft(world.runtime, process, actor)
    with world.runtime.database.read(EVERYTHING) as session:
        draft = draft_of(session, draft_id)
        drawn, version = drafted_bundle(session, draft).diagram, draft.version
    changed = drawn.replace(old.encode(), new.encode())
    assert changed != drawn
    return draft_id, save_draft_file(
        world.runtime, SaveDraftFile(draft_id, f"diagrams/{process}.bpmn", changed, version), actor
    )


def publish(world, over=0, on=None, **words):
    """Change, propose and approve; return the release's id."""
    draft_id, version = change(world, **words)
    command = ProposePublication(draft_id, version, "换个说法", over, on)
    propose_publication(world.runtime, command, world.actor("process_designer"))
    return approve_publication(world.runtime, draft_id, version, world.actor("process_designer_2"))


def newest(world, process=SMALL):
    with world.runtime.database.read(EVERYTHING) as session:
        return newest_release(session, process)


def notices(world, login):
    person_id = world.offices.people[login]
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Notice.title).where(Notice.person_id == person_id)).all()


def test_a_release_takes_two_people_and_running_cases_go_on_as_they_began(world):
    (before,) = world.cases(CYCLE)
    draft_id, version = change(world, CYCLE)
    first, second = world.actor("process_designer"), world.actor("process_designer_2")
    propose_publication(world.runtime, ProposePublication(draft_id, version, "换个说法", 0), first)
    assert any("批准" in title for title in notices(world, "process_designer_2"))
    with pytest.raises(RuleRefusedError, match="另一位"):
        approve_publication(world.runtime, draft_id, version, first)
    with pytest.raises(RuleRefusedError, match="不能再改"):
        save_draft_file(world.runtime, SaveDraftFile(draft_id, "forms/x.json", b"{}", version), first)
    with pytest.raises(StaleRecordError):
        approve_publication(world.runtime, draft_id, version - 1, second)
    made = approve_publication(world.runtime, draft_id, version, second)
    with pytest.raises(RuleRefusedError, match="不在等批准"):
        approve_publication(world.runtime, draft_id, version, second)
    released = newest(world, CYCLE)
    assert (released.id, released.number, released.origin) == (made, 2, "studio")
    (after,) = world.cases(CYCLE)
    assert after.release_id == before.release_id
    with world.runtime.database.write(EVERYTHING, now=world.clock()) as session:
        assert CYCLE not in publish_shipped(session, world.clock())


def test_where_one_person_may_publish_alone_nobody_is_asked(world):
    draft_id, version = change(world)
    alone, command = replace(world.runtime, four_eyes=False), ProposePublication(draft_id, version, "急", 0)
    assert propose_publication(alone, command, world.actor("process_designer")) == newest(world).id
    assert newest(world).number == 2


def test_what_is_wrong_unchanged_or_of_the_past_is_not_proposed(world):
    draft_id, version = change(world)
    actor = world.actor("process_designer")

    def propose(note="为了试", on=None):
        propose_publication(world.runtime, ProposePublication(draft_id, version, note, 0, on), actor)

    with pytest.raises(RuleRefusedError, match="原因"):
        propose(note=" ")
    with pytest.raises(RuleRefusedError, match="生效日"):
        propose(on=legal_day(world.clock()).replace(year=2020))
    with pytest.raises(NotAllowedError):
        propose_publication(
            world.runtime, ProposePublication(draft_id, version, "x", 0), world.actor("coordinator")
        )
    restore_draft_file(world.runtime, draft_id, f"diagrams/{SMALL}.bpmn", version, actor)
    version += 1
    with pytest.raises(RuleRefusedError, match="没有不同"):
        propose()
    _, version = change(world, old='name="post_reversal"', new='name="lose_reversal"')
    with pytest.raises(RuleRefusedError, match="要改好才能发布"):
        propose()


def test_who_says_no_lets_it_be_changed_again(world):
    draft_id, version = change(world)
    actor = world.actor("process_designer")
    propose_publication(world.runtime, ProposePublication(draft_id, version, "换个说法", 0), actor)
    decline_publication(world.runtime, draft_id, "再想想", world.actor("process_designer_2"))
    assert any("没有批准" in title for title in notices(world, "process_designer"))
    assert change(world, old="审批冲销", new="批冲销")[1] == version + 1


def test_a_release_of_a_later_day_comes_into_force_on_it_unless_it_was_withdrawn(world):
    day = legal_day(world.clock()).replace(day=28)
    later = publish(world, on=day)
    assert newest(world).number == 1
    with pytest.raises(RuleRefusedError, match="还没有生效"):
        publish(world, old="记红字", new="写红字")
    world.pass_until(day.isoformat())
    assert newest(world).id == later
    with world.runtime.database.read(EVERYTHING) as session:
        assert scheduled_release(session, SMALL) is None
    dropped = publish(world, old="写红字", new="写一笔红字", over=2, on=day.replace(month=day.month + 2))
    retire_release(world.runtime, dropped, "不换了", world.actor("process_designer"))
    world.pass_until(day.replace(month=day.month + 2).isoformat())
    assert newest(world).id == later


def test_a_release_that_was_published_meanwhile_is_not_replaced_unseen(world):
    copy = branch_draft(world.runtime, change(world)[0], world.actor("process_designer_2"))
    publish(world, old="审批冲销", new="批冲销")
    actor = world.actor("process_designer_2")
    with pytest.raises(RuleRefusedError, match="又发布了第 2 版"):
        propose_publication(world.runtime, ProposePublication(copy, 1, "另一种说法", 0), actor)
    propose_publication(world.runtime, ProposePublication(copy, 1, "另一种说法", 2), actor)
    approve_publication(world.runtime, copy, 1, world.actor("process_designer"))
    assert newest(world).number == 3


def test_a_release_is_taken_back_and_its_cases_may_go_back_with_it(world):
    (case,) = world.cases(CYCLE)
    first = case.release_id
    with pytest.raises(RuleRefusedError, match="随产品"):
        retire_release(world.runtime, first, "试试", world.actor("process_designer"))
    made = publish(world, process=CYCLE)
    admin = world.actor("system_admin")
    migrate_case(world.runtime, MigrateCase(case.id, case.version, made, "试新版", "there"), admin)
    with pytest.raises(RuleRefusedError, match="正在用"):
        retire_release(world.runtime, first, "试试", world.actor("process_designer"))
    assert retire_release(world.runtime, made, "说法不好", world.actor("process_designer")) == 1
    assert newest(world, CYCLE).id == first
    assert any("可以迁到第 1 版" in title for title in notices(world, "system_admin"))
    (case,) = world.cases(CYCLE)
    migrate_case(world.runtime, MigrateCase(case.id, case.version, first, "退回", "back"), admin)
    world.do("confirm_unit_facts")
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(Case, case.id).release_id == first
        assert session.get_one(Release, made).status == "retired"
    again = publish(world, process=CYCLE, old="核实单位情况", new="再核单位", over=1)
    assert (newest(world, CYCLE).id, newest(world, CYCLE).number) == (again, 3)


def test_it_is_told_before_what_running_cases_would_meet(world):
    draft_id, _ = change(world, CYCLE)
    with world.runtime.database.read(EVERYTHING) as session:
        bundle = drafted_bundle(session, draft_of(session, draft_id))
        assert blocking(bundle) == ()
        found = prospects_of(session, CYCLE, bundle.spec)
    assert (found.running, [(one.count, one.can_move) for one in found.fates]) == (1, [(1, True)])
    change(world, CYCLE, old='"confirm_unit_facts"', new='"confirm_facts"')
    change(world, CYCLE, old=">confirm_unit_facts<", new=">confirm_facts<")
    with world.runtime.database.read(EVERYTHING) as session:
        bundle = drafted_bundle(session, draft_of(session, draft_id))
        (fate,) = prospects_of(session, CYCLE, bundle.spec).fates
    assert fate.is_held
    assert "核实单位" in fate.reason
