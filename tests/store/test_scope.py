"""Nobody sees another organization's rows; forgetting the scope shows nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import and_, delete, event, func, or_, select, text, union_all, update
from sqlalchemy.orm import Session, aliased

from rules.codes import regions, zones
from rules.roles import ROLES
from rules.working_days import LEGAL_ZONE
from store import tables as t
from store.assignments import STAYS_VISIBLE
from store.errors import MissingScopeError, UnscopedStatementError
from store.guard import ScopedSession, add_scope
from store.scope import Scope, owner_of, widened
from store.tables.base import Base, Shared
from tests.store.builders import EVERYTHING, NOW, make_item

BUSINESS = [t.Policy, t.Visit, t.Case, t.WorkItem, t.Policyholder]
SEEING = [
    "coordinator", "provider_manager", "return_visitor", "insurer", "insurer_finance", "policyholder",
    "district_office", "industry_authority", "expert",
]  # fmt: skip
BLIND = ["process_designer", "system_admin", "security_admin", "auditor"]


def ids(database, scope, statement):
    with database.read(scope) as session:
        return set(session.scalars(statement))


@pytest.mark.parametrize("role", SEEING)
def test_a_role_sees_the_own_rows_and_no_foreign_ones(database, mine, theirs, role):
    for model in BUSINESS:
        assert ids(database, mine.scope(role), select(model.org_id)) == {mine.provider}, model
        assert ids(database, EVERYTHING, select(model.org_id)) == {mine.provider, theirs.provider}


def test_an_administrator_sees_no_business_row(database, mine):
    for role in BLIND:
        for model in (t.Policy, t.Visit, t.Case, t.Policyholder):
            assert ids(database, mine.scope(role), select(model.org_id)) == set(), (role, model)


def test_the_joint_office_sees_both(database, mine, theirs):
    scope = Scope(person_id=uuid4(), roles=frozenset({"joint_office"}), org_id=uuid4())
    assert ids(database, scope, select(t.Visit.id)) == {mine.visit, theirs.visit}


def test_without_roles_nothing_of_the_business_shows(database, mine):
    scope = Scope(person_id=mine.coordinator, org_id=mine.provider)
    for model in BUSINESS:
        assert ids(database, scope, select(model.org_id)) == set()


def test_every_table_declares_who_reads_it():
    for mapper in Base.registry.mappers:
        assert mapper.class_.__scope__ is not None, mapper


def test_no_role_but_the_joint_office_sees_a_foreign_owner_in_any_table(database, mine, theirs):
    classes = [mapper.class_ for mapper in Base.registry.mappers]
    owned = [model for model in classes if {"org_id", "insurer_id"} <= set(model.__table__.columns.keys())]
    for role in sorted(set(ROLES) - {"joint_office"}):
        with database.read(mine.scope(role)) as session:
            for model in classes:
                session.execute(select(model).limit(1))
            assert all(theirs.provider not in session.scalars(select(model.org_id)) for model in owned), role


def test_a_session_without_scope_is_refused(database):
    with ScopedSession(database.engine) as session, pytest.raises(MissingScopeError):
        session.scalars(select(t.Region))


def test_every_form_of_statement_is_narrowed(database, mine, theirs):
    policy = aliased(t.Policy)
    inner = select(t.Policy.id).subquery()
    both = union_all(select(t.Policy.id), select(t.Policy.id)).subquery()
    forms = [
        select(t.Policy.id),
        select(policy.id),
        select(inner.c.id),
        select(both.c.id),
        select(select(t.Policy.id).cte().c.id),
        select(t.Visit.policy_id).where(t.Visit.policy_id.in_(select(t.Policy.id))),
        select(t.Policy.id).join(t.Visit, t.Visit.policy_id == t.Policy.id),
        select(t.Policy.id).where(select(t.Visit.id).where(t.Visit.policy_id == t.Policy.id).exists()),
    ]
    for statement in forms:
        assert ids(database, mine.scope("coordinator"), statement) == {mine.policy}, str(statement)


def test_counts_are_narrowed(database, mine, theirs):
    with database.read(mine.scope("insurer")) as session:
        assert session.scalar(select(func.count()).select_from(t.Policy)) == 1
        assert session.scalar(select(func.count(t.Policy.id))) == 1
        nested = select(func.count(t.Policy.id)).scalar_subquery()
        assert session.scalar(select(nested)) == 1


def test_a_foreign_row_is_not_got_by_its_id(database, mine, theirs):
    with database.read(mine.scope("coordinator")) as session:
        assert session.get(t.Visit, mine.visit) is not None
        assert session.get(t.Visit, theirs.visit) is None


def test_foreign_rows_are_neither_changed_nor_deleted(database, mine, theirs):
    with database.write(mine.scope("coordinator")) as session:
        session.execute(update(t.Policy).values(rate=None, number="changed"))
        session.execute(delete(t.WorkItem))
    with database.read(EVERYTHING) as session:
        assert session.get(t.Policy, theirs.policy).number != "changed"
        assert session.get(t.Policy, mine.policy).number == "changed"
        assert session.scalars(select(t.WorkItem.org_id)).all() == [theirs.provider]


def test_what_the_scope_cannot_follow_is_refused(database, mine):
    other = aliased(t.Policy)
    refused = [
        text("SELECT * FROM policy"),
        select(t.Policy.__table__),
        select(t.Policy.__table__.c.id),
        select(t.Policy.__table__.alias()),
        select(t.Region).join(t.Policy.__table__, t.Policy.__table__.c.region_code == t.Region.code),
        select(t.Policy.id).where(select(t.Visit.__table__.c.id).exists()),
        select(func.count()).where(or_(t.Policy.number == "a", t.Policy.number == "b")),
        select(func.sum(t.Policy.written_premium).filter(t.Policy.number != "a")),
        select(func.count()).where(and_(other.number == "a", other.number == "b")),
        select(
            select(func.count()).where(or_(t.Visit.number == "a", t.Visit.number == "b")).scalar_subquery()
        ),
    ]
    with database.read(mine.scope("coordinator")) as session:
        for statement in refused:
            with pytest.raises(UnscopedStatementError):
                session.execute(statement)


def test_two_scopes_in_turn_each_see_their_own(database, mine, theirs):
    for _ in range(3):
        assert ids(database, mine.scope("coordinator"), select(t.Policy.id)) == {mine.policy}
        assert ids(database, theirs.scope("coordinator"), select(t.Policy.id)) == {theirs.policy}


def test_without_the_hook_foreign_rows_would_show(database, mine, theirs):
    event.remove(ScopedSession, "do_orm_execute", add_scope)
    try:
        assert ids(database, mine.scope("coordinator"), select(t.Policy.id)) == {mine.policy, theirs.policy}
    finally:
        event.listen(ScopedSession, "do_orm_execute", add_scope)


def test_an_expert_keeps_an_archived_visit_for_thirty_days(database, mine):
    with database.write(EVERYTHING) as session:
        session.get(t.Visit, mine.visit).archived_at = NOW - STAYS_VISIBLE
    just = mine.scope("expert", now=NOW - timedelta(seconds=1))
    assert ids(database, just, select(t.Visit.id)) == {mine.visit}
    assert ids(database, mine.scope("expert"), select(t.Visit.id)) == set()
    assert ids(database, mine.scope("expert", now=None), select(t.Visit.id)) == set()


def test_an_open_task_shows_its_case_again(database, mine):
    with database.write(EVERYTHING) as session:
        session.get(t.Visit, mine.visit).archived_at = NOW - STAYS_VISIBLE * 2
        session.add(make_item(mine, assignee_id=mine.expert, status=1, role="expert"))
    assert ids(database, mine.scope("expert"), select(t.Case.id)) == {mine.case}
    assert ids(database, mine.scope("expert"), select(t.Visit.id)) == {mine.visit}


def test_an_expert_who_is_taken_off_a_visit_no_longer_sees_it(database, mine):
    with database.write(EVERYTHING) as session:
        session.execute(update(t.VisitMember).values(removed_at=NOW))
    assert ids(database, mine.scope("expert"), select(t.Visit.id)) == set()


def test_another_expert_of_the_same_provider_sees_nothing_of_it(database, mine):
    assert ids(database, mine.scope("expert", person_id=uuid4()), select(t.Visit.id)) == set()


def test_an_agency_sees_the_visits_given_to_it_through_the_last_day_of_its_contract(database, mine, theirs):
    seen = {later: mine.scope("agency_manager", now=NOW + timedelta(days=later)) for later in range(2)}
    with database.write(EVERYTHING) as session:
        session.get(t.Visit, mine.visit).agency_id = mine.agency
    assert ids(database, seen[0], select(t.Visit.id)) == set(), "there is no contract"
    today = NOW.astimezone(LEGAL_ZONE).date()
    with database.write(EVERYTHING) as session:
        parties = {"party_a_id": mine.provider, "party_b_id": mine.agency, "org_id": mine.provider}
        session.add(t.Engagement(kind="provider_agency", start=today, end=today, **parties))
    assert ids(database, seen[0], select(t.Visit.id)) == {mine.visit}
    assert ids(database, seen[0], select(t.Policyholder.organization_id)) == {mine.unit}
    assert ids(database, seen[1], select(t.Visit.id)) == set()


def test_a_coordinator_with_regions_sees_these_alone(database, mine):
    here = mine.scope("coordinator", region_codes=frozenset({mine.region}))
    elsewhere = mine.scope("coordinator", region_codes=frozenset({"330381"}))
    assert ids(database, here, select(t.Visit.id)) == {mine.visit}
    assert ids(database, elsewhere, select(t.Visit.id)) == set()


def test_the_provider_finance_sees_visits_but_no_photos(database, mine):
    with database.write(EVERYTHING) as session:
        file = t.EvidenceFile(
            sha256="0" * 64, size=1, media_type="image/jpeg", name="a.jpg", uploaded_at=NOW, **mine.owners()
        )
        session.add(file)
    finance = mine.scope("provider_finance")
    assert ids(database, finance, select(t.Visit.id)) == {mine.visit}
    assert ids(database, finance, select(t.EvidenceFile.id)) == set()
    assert len(ids(database, mine.scope("coordinator"), select(t.EvidenceFile.id))) == 1


def test_whoever_uploaded_a_file_sees_it_before_it_is_attached(database, mine, theirs):
    with database.write(EVERYTHING) as session:
        session.add(
            t.EvidenceFile(
                sha256="0" * 64,
                size=1,
                media_type="image/png",
                name="a",
                uploaded_at=NOW,
                uploaded_by=mine.contact,
            )
        )
    assert len(ids(database, mine.scope("policyholder"), select(t.EvidenceFile.id))) == 1
    assert ids(database, mine.scope("coordinator"), select(t.EvidenceFile.id)) == set()


def test_a_second_insurer_sees_a_unit_through_its_policy(database, mine, theirs):
    assert (
        ids(
            database,
            theirs.scope("insurer"),
            select(t.Organization.name).where(t.Organization.id == mine.unit),
        )
        == set()
    )
    with database.write(EVERYTHING) as session:
        session.get(t.Policy, mine.policy).insurer_id = theirs.insurer
    assert mine.unit in ids(database, theirs.scope("insurer"), select(t.Organization.id))
    assert mine.contact in ids(database, theirs.scope("insurer"), select(t.Person.id))


def test_organizations_other_than_units_are_known_to_all(database, mine, theirs):
    seen = ids(database, mine.scope("policyholder"), select(t.Organization.id))
    assert {theirs.provider, theirs.insurer, mine.unit} <= seen
    assert theirs.unit not in seen


def test_a_pool_is_seen_by_the_people_who_may_take_from_it(database, mine, theirs):
    with database.write(EVERYTHING) as session:
        item = make_item(mine, role="expert", holder_id=mine.provider, visit_id=None)
        session.add(item)
    lonely = mine.scope("expert", person_id=uuid4())
    assert ids(database, lonely, select(t.WorkItem.id)) == {item.id}
    assert item.id not in ids(database, theirs.scope("expert", person_id=uuid4()), select(t.WorkItem.id))


def test_what_one_expert_was_given_is_not_for_the_next(database, mine):
    with database.write(EVERYTHING) as session:
        item = make_item(
            mine, role="expert", holder_id=mine.provider, visit_id=None, assignee_id=mine.expert, status=1
        )
        session.add(item)
    assert item.id in ids(database, mine.scope("expert"), select(t.WorkItem.id))
    assert ids(database, mine.scope("expert", person_id=uuid4()), select(t.WorkItem.id)) == set()


def test_the_auditor_reads_events_but_not_their_cases(database, mine):
    with database.read(mine.scope("auditor")) as session:
        assert session.scalars(select(t.CaseEvent)).all() == []
        assert session.scalars(select(t.Case)).all() == []


def test_a_session_is_widened_for_a_while_only(database, mine, theirs):
    with database.read(mine.scope("coordinator")) as session:
        with widened(session, "test"):
            assert len(session.scalars(select(t.Policy.id)).all()) == 2
        assert len(session.scalars(select(t.Policy.id)).all()) == 1


def test_everything_wants_a_reason():
    with pytest.raises(ValueError, match="reason"):
        Scope.everything("")


def test_owner_columns_are_copied(database, mine):
    with database.read(EVERYTHING) as session:
        assert owner_of(session.get(t.Visit, mine.visit)) == mine.owners()


def test_new_rows_are_stamped(database, mine):
    with database.write(EVERYTHING, now=NOW, actor=mine.expert) as session:
        session.add(t.Dictionary(name="n", code="c", label="l"))
    with database.read(EVERYTHING) as session:
        word = session.scalars(select(t.Dictionary)).one()
        assert (word.created_at, word.created_by) == (NOW, mine.expert)


def test_shared_tables_may_be_read_plainly(database, mine):
    assert isinstance(t.Region.__scope__, Shared)
    with database.read(mine.scope("policyholder")) as session:
        codes = session.execute(select(t.Region.__table__.c.code)).scalars()
        assert set(codes) == {*regions(), *zones()}, "all that the migrations have written"


def test_only_the_database_makes_sessions_and_they_are_scoped(database):
    with database.read(EVERYTHING) as session:
        assert isinstance(session, ScopedSession)
    assert not event.contains(Session, "do_orm_execute", add_scope)
