"""What the reviewer sends back is corrected where it was recorded; the old value stays beside the new one."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import inspect, select

from store.tables import Anomaly, Case, Document, EvidenceFile, Visit
from tests.support.world import EVERYTHING
from workflows.advance import new_act
from workflows.errors import InvalidAnswersError
from workflows.facts import facts_of
from workflows.facts.choices import HostLists
from workflows.people import SYSTEM
from workflows.reading import local


@pytest.fixture
def sent_back(arranged):
    """A visit of twelve minutes, whose times the reviewer wants corrected."""
    arranged.do("policyholder_confirm_visit", answer="agree")
    arranged.clock.pass_by(hours=4)
    arranged.do("check_in", entry_admitted=True)
    arranged.clock.pass_by(minutes=12)
    arrived = arranged.clock.at - timedelta(minutes=12)
    stay = [{"started_at": arrived, "ended_at": arranged.clock.at}]
    arranged.do("record_visit", hazards=[], days=stay, left_at=arranged.clock.at)
    arranged.do("policyholder_sign_visit")
    arranged.do("compile_records")
    with arranged.runtime.database.read(EVERYTHING) as session:
        (found,) = session.scalars(select(Anomaly))
    assert found.code == "short_stay"
    rejected = [{"item": str(found.id), "verdict": "reject", "note": "离场时间记错了，按门卫登记改"}]
    arranged.do("review_anomalies", anomalies=rejected)
    return arranged


def visit_of(world):
    """Return the one visit."""
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Visit).where(Visit.arrived_at.is_not(None))).one()


def corrected(world, field, **value):
    """Compile the records with one correction."""
    world.do("compile_records", corrections=[{"field": field, "reason": "按门卫登记", **value}])


def test_who_corrects_reads_what_was_sent_back_and_why(sent_back):
    with sent_back.runtime.database.write(EVERYTHING, now=sent_back.clock.at) as session:
        case = session.get_one(Case, sent_back.item("compile_records").case_id)
        act = new_act(sent_back.runtime, session, case, SYSTEM, sent_back.clock.at)
        told, fields = facts_of(act)["sent_back"], HostLists(act)["correctable_fields"]
    assert told == "在场时间过短（在场 12 分钟，不到 30 分钟），负责人要求：离场时间记错了，按门卫登记改"
    assert {"arrived_at", "left_at"} <= {choice.value for choice in fields}


def test_a_corrected_moment_reaches_the_record_and_keeps_the_old_one(sent_back):
    before = visit_of(sent_back).left_at
    sent_back.clock.pass_by(hours=2)
    corrected(sent_back, "left_at", moment=before + timedelta(hours=1))
    visit = visit_of(sent_back)
    assert visit.left_at == before + timedelta(hours=1)
    assert visit.corrections[0]["old"] == before.isoformat()
    sent_back.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    with sent_back.runtime.database.read(EVERYTHING) as session:
        (record,) = session.scalars(select(Document.content).where(Document.template == "visit_record"))
    assert record["days"][0]["end"] == local(visit.left_at).isoformat()


@pytest.mark.parametrize("hours", [-3, 24])
def test_a_moment_that_fits_no_stay_or_moves_the_deadlines_is_refused(sent_back, hours):
    before = visit_of(sent_back).left_at
    with pytest.raises(InvalidAnswersError):
        corrected(sent_back, "left_at", moment=before + timedelta(hours=hours))
    assert visit_of(sent_back).left_at == before


def test_a_corrected_text_reaches_the_record(sent_back):
    corrected(sent_back, "protective_measures", value="安全帽、绝缘手套")
    sent_back.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    with sent_back.runtime.database.read(EVERYTHING) as session:
        (record,) = session.scalars(select(Document.content).where(Document.template == "visit_record"))
    assert record["protective_measures"] == "安全帽、绝缘手套"


def taken_in_again(file):
    """Return the row of a file that somebody took in twice."""
    columns = {column.key: getattr(file, column.key) for column in inspect(EvidenceFile).columns}
    return EvidenceFile(**{name: value for name, value in columns.items() if name != "id"})


def test_one_picture_is_one_photo(arranged):
    arranged.do("policyholder_confirm_visit", answer="agree")
    arranged.clock.pass_by(hours=4)
    arranged.do("check_in", entry_admitted=True)
    arranged.clock.pass_by(hours=2)
    photo = arranged.walker.photo(arranged.item("record_visit"))
    with arranged.runtime.database.write(EVERYTHING, now=arranged.clock.at) as session:
        again = taken_in_again(session.get_one(EvidenceFile, UUID(photo)))
        session.add(again)
        session.flush()
        photos = [photo, str(again.id)]
    with pytest.raises(InvalidAnswersError) as refused:
        arranged.do("record_visit", hazards=[], photos=photos)
    assert refused.value.errors == {"photos": "有两张是同一张照片，请删去一张，另拍一张"}
