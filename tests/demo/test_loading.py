"""The small city as it is loaded: work in every step, what must be there to be seen, and nothing wrong with it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PIL import Image
from sqlalchemy import select

from demo.accounts import PASSWORD, accounts, start
from demo.loading import load
from rules.duty_calendar import duties
from store.events import data_of
from store.files import FileStore
from store.fund_rules import fund_choices
from store.invariants import check
from store.scope import Scope
from store.tables import (
    AccidentFact,
    CaseEvent,
    EvidenceFile,
    Hazard,
    Incident,
    Job,
    Organization,
    Person,
    Policy,
    Policyholder,
    WorkItem,
    YearFact,
)
from tests.support.databases import opened
from workflows.bundles import DIAGRAMS, bundle_of
from workflows.engine import compile_process
from workflows.handlers.fund_rules import conflict_on
from workflows.releases import newest_release
from workflows.replay import Verdict, replay
from workflows.runtime import Runtime, legal_day
from workflows.soundness import check_states
from workflows.statuses import DONE

PRESENT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
EVERYTHING = Scope.everything("a test looks at all rows")
SPECS = [compile_process(file.read_bytes()) for file in sorted(DIAGRAMS.glob("*.bpmn"))]
SELDOM = {duty.process for duty in duties()} | {"complaint"}
"""Processes that begin on a day of the year, or with a complaint: at any one time few of their steps are open."""
STEPS = sorted(step for spec in SPECS if spec.key not in SELDOM for step in spec.steps)
VERY_LATE = 21


@pytest.fixture(scope="module")
def city(sqlite_template, tmp_path_factory) -> Iterator[Runtime]:
    """The sample city, loaded once; on PostgreSQL it is the same and takes minutes."""
    with sqlite_template.copy() as url, opened(url) as database:
        files = FileStore(tmp_path_factory.mktemp("city") / "files")
        runtime = Runtime(database, files, lambda: PRESENT)
        load(runtime, "demo", lambda _line: None)
        yield runtime


@pytest.fixture
def session(city):
    """All rows of the city."""
    with city.database.read(EVERYTHING) as found:
        yield found


@pytest.fixture
def open_items(session) -> list[WorkItem]:
    """What waits for people at present."""
    return list(session.scalars(select(WorkItem).where(WorkItem.status < DONE)))


def test_somebody_has_work_in_every_step_of_every_diagram(open_items):
    waiting = {item.step for item in open_items}
    assert [step for step in STEPS if step not in waiting] == []


def test_every_duty_of_the_calendar_that_has_a_diagram_has_an_open_case(open_items):
    waiting = {item.process for item in open_items}
    assert [spec.key for spec in SPECS if spec.key in SELDOM - waiting] == []


def test_no_condition_of_a_shipped_diagram_was_asked_of_what_is_not_there(session):
    doubts = session.scalars(select(CaseEvent.body).where(CaseEvent.kind == "engine.doubt"))
    assert [data_of(body) for body in doubts] == []


def test_everybody_who_does_steps_and_has_an_account_finds_work(session, open_items):
    people = {account.login: account.password for account in accounts(session)}
    assert set(people.values()) == {PASSWORD}
    unsigned = select(Person.login).where(Person.login.in_(people), Person.password_hash.is_(None))
    assert session.scalars(unsigned).all() == []
    pools = {(item.role, item.holder_id) for item in open_items if item.assignee_id is None}
    own = {item.assignee_id for item in open_items}
    workers = {item.role for item in open_items}
    for person in session.scalars(select(Person).where(Person.login.in_(people))):
        assert person.login not in workers or person.id in own or (person.login, person.org_id) in pools


def test_a_newcomer_is_told_of_a_visit_whose_people_can_all_sign_in(session, open_items):
    found = start(session)
    assert found is not None
    unit = session.scalars(select(Organization).where(Organization.name == found.unit)).one()
    assert [item for item in open_items if item.policyholder_id == unit.id and item.role == "coordinator"]
    people = select(Person.name).where(Person.login.in_((found.contact, "expert")))
    assert found.expert in session.scalars(people).all()
    shut = select(Person.login).where(Person.password_hash.is_(None))
    assert session.scalars(shut).all() == [], "whoever the sample visits need can sign in"


def test_what_must_be_seen_in_a_city_is_there(session, open_items):
    today = legal_day(PRESENT)
    assert [item for item in open_items if item.due_on is not None and item.due_on < today]
    assert [item for item in open_items if item.provisional]
    majors = select(Hazard.state).where(Hazard.level == "major", Hazard.state.not_in(("closed", "withdrawn")))
    assert session.scalars(majors).all()
    assert session.scalars(select(Policy.number).where(Policy.surrender_effective.is_not(None))).all()
    assert conflict_on(today).is_conflict
    assert fund_choices(session) == ()


def test_units_that_were_listed_and_accidents_of_the_year_before_are_there(session):
    assert session.scalars(select(YearFact.dishonesty_number).where(YearFact.dishonesty_listing)).all()
    assert session.scalars(select(AccidentFact.injured).where(AccidentFact.injured >= 3)).all()


def test_the_authority_of_the_sample_sees_the_units_of_its_trade(city, session):
    person = session.scalars(select(Person).filter_by(login="industry_authority")).one()
    office = session.get_one(Organization, person.org_id)
    roles = frozenset({"industry_authority"})
    with city.database.read(
        Scope(person.id, roles, office.id, office.kind, industry=office.industry)
    ) as seen:
        assert set(seen.scalars(select(Policyholder.industry))) == {"hazardous_chemicals"}


def test_most_is_done_in_time_and_nothing_is_late_beyond_belief(open_items):
    today = legal_day(PRESENT)
    late = [(today - item.due_on).days for item in open_items if item.due_on is not None]
    assert max(late) <= VERY_LATE
    assert sum(days > 7 for days in late) <= 5
    assert sum(days > 0 for days in late) < len(late) / 2


def test_the_data_of_the_city_keep_every_invariant(city, session):
    assert check(session, files=city.files) == []
    assert list(check_states(session)) == []
    assert session.scalars(select(Incident.message)).all() == []
    jobs = Counter((row.kind, row.state) for row in session.execute(select(Job.kind, Job.state)))
    assert {kind for kind, state in jobs if state != "done"} <= {"render_document", "seal_package"}
    assert set(session.scalars(select(Job.last_error))) == {""}


def test_every_case_of_the_city_goes_the_same_way_when_it_is_replayed(city, session):
    for process in sorted(spec.key for spec in SPECS):
        bundle = bundle_of(session, newest_release(session, process).id)
        found = replay(session, bundle, city.still_at_work)
        assert set(found.counts) <= {Verdict.SAME}, found.as_data()


def test_no_two_photos_of_visits_look_the_same(city, session):
    photos = set(session.scalars(select(EvidenceFile.sha256).where(EvidenceFile.media_type == "image/jpeg")))
    assert len(photos) > 100
    seen = {_thumb(city, photo) for photo in photos}
    assert len(seen) > len(photos) * 0.9
    assert all(len(set(thumb)) > 3 for thumb in seen)


def test_a_unit_is_called_by_its_own_name_and_contact(session):
    contacts = {
        item.subject for item in session.scalars(select(WorkItem).where(WorkItem.role == "policyholder"))
    }
    assert len(contacts) > 20
    assert session.scalars(select(Organization.name).where(Organization.name.in_(contacts))).all()


def _thumb(city: Runtime, sha256: str) -> bytes:
    """Return a photo in 8 × 6 grey points."""
    with Image.open(city.files.path(sha256)) as photo:
        return photo.convert("L").resize((8, 6)).tobytes()
