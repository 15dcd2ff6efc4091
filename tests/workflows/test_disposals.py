"""Case files go when their time is over, by three people; the record stays and the rest verifies; both databases."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from demo.offices import add_person
from store.events import data_of
from store.scope import owner_of
from store.tables import (
    Case,
    CaseEvent,
    CaseFile,
    Complaint,
    Disposal,
    EvidenceFile,
    Hazard,
    Notice,
    RecordEvent,
    Timer,
)
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.errors import NotAllowedError, NotFoundError, RuleRefusedError
from workflows.handlers.disposals import approve_disposal, decline_disposal, propose_disposal
from workflows.handlers.holds import lift_hold, set_hold
from workflows.verification import verify_all

OVER = date(2032, 3, 1)
"""The policy ends on 2027-02-28, so its files are kept until 2032-02-28; another day for what came later."""


def volume(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(CaseFile).where(CaseFile.visit_id.is_not(None))).one()


def disposal(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Disposal)).one()


def change(world, statement):
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        session.execute(statement)


@pytest.fixture
def over(archived):
    """The city when the time of its first volume is over, and nothing in it is open; nobody works meanwhile."""
    change(archived, delete(Timer))
    change(archived, update(Case).values(status="completed"))
    change(archived, update(Hazard).values(state="closed"))
    archived.clock.pass_by(days=(OVER - archived.clock.at.date()).days)
    return archived


def propose(world, login="insurer"):
    return propose_disposal(world.runtime, [volume(world).id], "保管期满", world.actor(login))


def test_three_people_dispose_of_a_volume_and_its_files_are_gone_but_not_its_record(over):
    before = verify_all(over.runtime)
    files = over.runtime.files
    (disposal_id,) = propose(over)
    listed = [file["sha256"] for file in disposal(over).volumes[0]["files"]]
    assert len(listed) > 5
    assert volume(over).package_sha256 in listed
    assert all(files.holds(one) for one in listed)
    assert approve_disposal(over.runtime, disposal_id, "", over.actor("provider_manager")) == "reviewed"
    assert approve_disposal(over.runtime, disposal_id, "清单已核", over.actor("auditor")) == "disposed"
    drain(over.runtime)
    gone = disposal(over)
    assert gone.removed_at is not None
    left = [one for one in listed if files.holds(one)]
    assert len(left) < len(listed) / 2  # pictures that the sample's other visits use as well
    assert not files.holds(volume(over).package_sha256)
    after = verify_all(over.runtime)
    assert after.first_bad is None
    assert after.files < before.files
    assert after.archives == before.archives
    assert "销毁" in spoken(over)[-1]
    with over.runtime.database.read(EVERYTHING) as session:
        told = session.scalars(select(CaseEvent).where(CaseEvent.kind == "archive.disposed")).all()
        assert [one.case_id for one in told] == [volume(over).case_id]
    with pytest.raises(RuleRefusedError, match="别的销毁申请"):
        propose(over)


def spoken(world):
    """Return the events of the proposals as sentences."""
    with world.runtime.database.read(EVERYTHING) as session:
        of_disposals = select(RecordEvent).where(RecordEvent.record_kind == "disposal")
        return [
            str(data_of(row.body)["text"])
            for row in session.scalars(of_disposals.order_by(RecordEvent.number))
        ]


def test_a_file_that_another_row_names_stays(over):
    with over.runtime.database.write(EVERYTHING, now=over.clock.at) as session:
        one = session.scalars(select(EvidenceFile).where(EvidenceFile.visit_id.is_not(None))).first()
        session.add(
            EvidenceFile(
                sha256=one.sha256,
                size=one.size,
                media_type=one.media_type,
                name="别处也用的.png",
                uploaded_at=over.clock.at,
                org_id=over.offices.provider,
            )
        )
    (disposal_id,) = propose(over)
    for login in ("provider_manager", "auditor"):
        approve_disposal(over.runtime, disposal_id, "", over.actor(login))
    drain(over.runtime)
    assert over.runtime.files.holds(one.sha256)
    assert verify_all(over.runtime).first_bad is None


def test_what_was_put_into_the_store_a_moment_ago_is_not_taken_away(over):
    (disposal_id,) = propose(over)
    for login in ("provider_manager", "auditor"):
        approve_disposal(over.runtime, disposal_id, "", over.actor(login))
    path = over.runtime.files.path(volume(over).package_sha256)
    os.utime(path, (over.clock.at.timestamp(),) * 2)
    drain(over.runtime)
    assert path.exists()
    assert disposal(over).removed_at is None
    over.clock.pass_by(hours=2)
    drain(over.runtime)
    assert not path.exists()


def test_nothing_goes_before_its_time_and_the_database_says_so_too(over):
    kept = volume(over).retain_until
    for day, is_over in ((kept, False), (kept + timedelta(days=1), True)):
        over.clock.at = datetime(day.year, day.month, day.day, 15, 30, tzinfo=UTC)
        if not is_over:
            with pytest.raises(RuleRefusedError, match=f"要保管到 {kept}"):
                propose(over)
            with pytest.raises(IntegrityError):
                change(over, update(CaseFile).values(disposed_at=over.clock.at))
        else:
            assert propose(over)


def test_a_record_that_came_later_keeps_its_volume_for_longer(over):
    with over.runtime.database.write(EVERYTHING, now=over.clock.at) as session:
        file = session.scalars(select(EvidenceFile).where(EvidenceFile.visit_id.is_not(None))).first()
        file.uploaded_at = over.clock.at
    with pytest.raises(RuleRefusedError, match="要保管到 2037-03-01"):
        propose(over)


def complain(world):
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        about = owner_of(session.get_one(CaseFile, volume(world).id))
        said = {"complainant": "王建国", "target": "provider", "request": "按时上门"}
        session.add(
            Complaint(number="TS9", policy_id=world.policy_id, received_at=world.clock.at, **said, **about)
        )


HELD = {
    "投诉未结": complain,
    "重大隐患未闭环": lambda world: change(world, update(Hazard).values(level="major", state="rectifying")),
    "有办件没有办结": lambda world: change(
        world, update(Case).where(Case.process == "hazard_closure").values(status="open")
    ),
    "法律保全": lambda world: set_hold(
        world.runtime, volume(world).id, "法院调取", world.actor("joint_office")
    ),
}


@pytest.mark.parametrize("reason", HELD)
def test_what_is_disputed_or_held_stays_even_when_all_but_the_last_have_signed(over, reason):
    (disposal_id,) = propose(over)
    approve_disposal(over.runtime, disposal_id, "", over.actor("provider_manager"))
    HELD[reason](over)
    with pytest.raises(RuleRefusedError, match=reason):
        approve_disposal(over.runtime, disposal_id, "", over.actor("auditor"))
    drain(over.runtime)
    assert volume(over).disposed_at is None
    assert over.runtime.files.holds(volume(over).package_sha256)
    decline_disposal(over.runtime, disposal_id, "还在用", over.actor("auditor"))
    with pytest.raises(RuleRefusedError, match=reason):
        propose(over)


def test_who_sets_a_hold_lifts_it_and_nobody_else(over):
    place = (over.runtime, volume(over).id)
    set_hold(*place, "法院调取", over.actor("joint_office"))
    with pytest.raises(RuleRefusedError, match="由它解除"):
        lift_hold(*place, "不需要", over.actor("insurer"))
    with pytest.raises(RuleRefusedError, match="写明原因"):
        lift_hold(*place, " ", over.actor("joint_office"))
    with pytest.raises(NotAllowedError):
        set_hold(*place, "法院调取", over.actor("coordinator"))
    lift_hold(*place, "案子结了", over.actor("joint_office"))
    assert propose(over)


def test_nobody_decides_twice_or_out_of_turn(over):
    with pytest.raises(NotAllowedError):
        propose(over, "provider_manager")
    (disposal_id,) = propose(over)
    with pytest.raises(NotAllowedError):
        approve_disposal(over.runtime, disposal_id, "", over.actor("auditor"))
    with pytest.raises(NotFoundError):
        approve_disposal(over.runtime, disposal_id, "", over.actor("policyholder"))
    both = "provider_manager", "auditor"
    with over.runtime.database.write(EVERYTHING, now=over.clock.at) as session:
        organization = over.offices.provider
        person = add_person(
            session,
            login="both",
            name="两职",
            roles=both,
            org_id=organization,
            password="x",
            now=over.clock.at,
        )
        over.offices.people["both"] = person.id
    approve_disposal(over.runtime, disposal_id, "", over.actor("both"))
    with pytest.raises(RuleRefusedError, match="三个人"):
        approve_disposal(over.runtime, disposal_id, "", over.actor("both"))


def test_one_that_is_declined_frees_its_volumes_and_tells_who_asked(over):
    (disposal_id,) = propose(over)
    with pytest.raises(RuleRefusedError, match="写明原因"):
        decline_disposal(over.runtime, disposal_id, "", over.actor("provider_manager"))
    decline_disposal(over.runtime, disposal_id, "单位还要用", over.actor("provider_manager"))
    with pytest.raises(RuleRefusedError, match="已经办结"):
        approve_disposal(over.runtime, disposal_id, "", over.actor("provider_manager"))
    with over.runtime.database.read(EVERYTHING) as session:
        told = session.scalars(select(Notice.title).where(Notice.person_id == over.offices.people["insurer"]))
        assert any("单位还要用" in title for title in told)
    assert propose(over)
    for statement in ("UPDATE disposal SET volumes = '[]'", "DELETE FROM disposal"):
        with pytest.raises(IntegrityError), over.runtime.database.writing() as connection:
            connection.execute(text(statement))
