"""The office's table says whom to send, and why; nobody is sent against the standard."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import select

from demo.offices import add_expert
from feel import dmn
from store.calendar import load_calendar
from store.files import FileStore
from store.tables import AgencyProfile, Case, Engagement, Expert, Organization, Person, Visit
from tests.support.world import EVERYTHING, Clock, open_visit, small_city
from workflows import bundles
from workflows.accounts import add_person
from workflows.advance import new_act
from workflows.answering import answering_context
from workflows.engine import DecisionError, DecisionFile, advise
from workflows.host import feel_host
from workflows.operations.dispatch import findings
from workflows.people import SYSTEM
from workflows.runtime import Runtime, legal_day

TABLES = sorted(bundles.DECISIONS.glob("*.dmn"))


def planned_day(world) -> date:
    """Return the day for which the visit is planned."""
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Visit.planned_on)).one()


def hire(world, name: str, **columns: object) -> None:
    """Add an expert to the provider's pool."""
    now = world.clock.at
    with world.runtime.database.write(EVERYTHING, now=now) as session:
        person = add_person(
            session,
            login=name,
            name=name,
            roles=("expert",),
            org_id=world.offices.provider,
            password="quiet-harbour-27",
            now=now,
        )
        expert = add_expert(session, person.id, world.offices.provider, legal_day(now), len(name))
        for column, value in columns.items():
            setattr(expert, column, value)


def offered(world) -> dict[str, str]:
    """Return the experts that the dispatch form offers, best first, with what is said of them."""
    with world.runtime.database.read(EVERYTHING) as session:
        case = session.scalars(select(Case).where(Case.process == "service_visit")).one()
        act = new_act(world.runtime, session, case, SYSTEM, world.clock.at)
        return {choice.label: choice.note for choice in answering_context(act).choices("experts")}


def test_who_fits_best_stands_first_and_the_reasons_are_said(world):
    hire(world, "远处", score=Decimal(95))
    hire(world, "对口", specialties=["metallurgy"], region_codes=["330302"])
    open_visit(world, kind="metal_smelting")
    found = offered(world)
    assert next(iter(found)) == "对口"
    assert "服务本区县、专业对口、手上不满 3 单" in found["对口"]
    assert "评分 90 以上" in found["远处"]
    assert "专业对口" not in found["远处"]


def test_who_may_not_be_sent_is_not_offered_however_well_it_fits(world):
    hire(world, "过期", specialties=["metallurgy"], valid_until=legal_day(world.clock.at) - timedelta(days=1))
    open_visit(world, kind="metal_smelting")
    assert "过期" not in offered(world)


@pytest.mark.parametrize(
    ("contract", "may_be_sent"),
    [
        ({}, True),
        ({"person": None}, False),
        ({"person": "expert"}, False),
        ({"start": 1}, False),
        ({"end": -1}, False),
        ({"party_a": "insurer"}, False),
    ],
    ids=["in force", "nobody's", "another's", "not begun", "over", "with another office"],
)
def test_an_external_expert_is_sent_only_under_a_contract_of_the_day(arranged, contract, may_be_sent):
    """第十条: the contract is the provider's, with this expert, and in force on the day of the visit."""
    hire(arranged, "外聘", source="external")
    day = planned_day(arranged)
    with arranged.runtime.database.write(EVERYTHING) as session:
        people = dict(session.execute(select(Person.login, Person.id)).all())
        session.add(
            Engagement(
                kind="provider_expert",
                party_a_id=getattr(arranged.offices, contract.get("party_a", "provider")),
                person_id=people.get(contract.get("person", "外聘")),
                start=day + timedelta(days=contract.get("start", -30)),
                end=day + timedelta(days=contract.get("end", 30)),
                org_id=arranged.offices.provider,
            )
        )
    assert ("外聘" in offered(arranged)) is may_be_sent


def test_an_agency_is_sent_only_while_its_qualification_and_its_contract_last(arranged):
    """第九条: through the day of the visit, not only through the day of the dispatch."""
    day = planned_day(arranged)
    (case,) = arranged.cases("service_visit")
    with arranged.runtime.database.write(EVERYTHING) as session:
        office = Organization(kind="agency", name="甲评价公司")
        session.add(office)
        session.flush()
        profile = AgencyProfile(organization_id=office.id, kind="safety_evaluation", valid_until=day)
        contract = Engagement(
            kind="provider_agency",
            party_a_id=arranged.offices.provider,
            party_b_id=office.id,
            start=day - timedelta(days=30),
            end=day,
            org_id=arranged.offices.provider,
        )
        session.add_all((profile, contract))
        session.flush()
        act = new_act(arranged.runtime, session, case, SYSTEM, arranged.clock.at)
        visit = session.get_one(Visit, case.visit_id)
        told = [
            [one.code for one in findings(act, visit, [], day + timedelta(days=later), office.id).blocks]
            for later in range(2)
        ]
    assert told == [[], ["agency_unqualified", "engagement_expired"]]


def test_a_release_without_the_table_offers_everybody_without_reasons(sqlite_database, tmp_path, monkeypatch):
    monkeypatch.setattr(bundles, "DECISIONS", tmp_path)
    world = small_city(Runtime(sqlite_database, FileStore(tmp_path / "files"), Clock()))
    open_visit(world)
    found = offered(world)
    assert found
    assert not any("手上" in note for note in found.values())


def test_an_expert_without_a_score_is_judged_by_the_rest(opened):
    with opened.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Expert.score)).all() == [None]
    assert "手上不满 3 单" in next(iter(offered(opened).values()))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_shipped_tables_are_understood(path: Path):
    model = dmn.load(etree.fromstring(path.read_bytes()))
    assert model.findings == ()
    assert path.stem in model.names


def test_a_decision_that_is_not_in_its_file_is_named(world):
    with world.runtime.database.read(EVERYTHING) as session:
        host = feel_host(load_calendar(session), world.clock.at)
    with pytest.raises(DecisionError):
        advise(DecisionFile(TABLES[0].read_bytes()), "somebody_else", {}, host)
