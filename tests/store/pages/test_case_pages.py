"""What the pages of cases and hazards ask of the database, on both databases: pages, cursors, scopes."""

from uuid import UUID, uuid4

from msgspec.structs import replace

from store.pages import case, case_records, cases, hazard, hazards, trial
from store.scope import Scope
from store.tables import Region
from tests.support.world import EVERYTHING
from workflows.runtime import legal_day
from workflows.trial.surroundings import variables_of


def everything(session, visit) -> dict[str, object]:
    """Return all that the page of a visit's case shows."""
    return {
        "facts": case.case_facts(session, visit.id),
        "runs": case.step_runs(session, visit.id),
        "heard": case.heard_elements(session, visit.id),
        "deadlines": case.deadlines_of(session, visit.id),
        "papers": case_records.papers_of(session, visit.id),
        "files": case_records.files_of(session, visit.id, all_of_them=True)[0],
        "hazards": case_records.hazards_of_visit(session, visit.visit_id),
        "visit": case_records.visit_facts(session, visit.visit_id),
        "quota": case_records.quota_facts(session, visit.policy_id),
        "archive": case_records.archive_of(session, visit.id),
    }


def all_events(session, visit) -> list[tuple[int, int]]:
    """Return the numbers of all events, read page by page."""
    numbers, cursor = [], None
    while True:
        lines, cursor = case.event_page(session, visit.id, cursor)
        numbers += [(event.version, event.n) for event in lines]
        if cursor is None:
            return numbers


def test_a_whole_visit_reads_alike_on_both_databases(archived, monkeypatch):
    monkeypatch.setattr(case, "EVENTS_PAGE", 7)
    (visit,) = archived.cases("service_visit")
    with archived.runtime.database.write(EVERYTHING) as session:
        session.merge(Region(code="330302", name="鹿城区"))
    today = legal_day(archived.clock())
    with archived.runtime.database.read(EVERYTHING) as session:
        shown = everything(session, visit)
        assert [name for name, found in shown.items() if not found] == []
        numbers = all_events(session, visit)
        assert numbers == sorted(numbers, reverse=True)
        assert len(set(numbers)) == shown["facts"].event_count
        version, n = numbers[-1]
        assert case.event_of(session, visit.id, version, n).kind == "case.opened"
        listed = cases.case_page(session, cases.Asked(state=cases.State.ALL), visit.org_id)
        assert [row.process for row in listed.rows] == ["hazard_closure", "service_visit", "service_cycle"]
        rest = cases.Asked(state=cases.State.ALL, before=listed.rows[0].id)
        assert cases.case_page(session, rest, visit.org_id).rows == listed.rows[1:]
        (found,) = hazards.hazard_page(session, hazards.Asked(query="演示"), today).rows
        assert found.district == "鹿城区"
        assert hazards.districts(session) == [("330302", "鹿城区")]
        after = hazards.Asked(after=hazards.Cursor(found.deadline, found.id))
        assert hazards.hazard_page(session, after, today).rows == ()
        record = hazard.hazard_record(session, found.id)
        assert (record.visit_case.id, len(record.notices)) == (visit.id, 1)


def test_nothing_of_it_is_shown_beyond_the_scope(archived):
    (visit,) = archived.cases("service_visit")
    stranger = archived.actor("agency_manager")
    with archived.runtime.database.read(stranger.scope) as session:
        shown = everything(session, visit)
        assert [name for name, found in shown.items() if found] == []
        assert case.event_page(session, visit.id) == ([], None)
        listed = cases.case_page(session, cases.Asked(state=cases.State.ALL), UUID(int=0))
        assert listed.rows == ()
        assert hazards.hazard_page(session, hazards.Asked(), legal_day(archived.clock())).rows == ()


def test_a_case_is_tried_on_its_state_by_those_who_see_it_alone(opened):
    (visit,) = opened.cases("service_visit")
    provider = {"org_id": opened.offices.provider, "org_kind": "provider"}
    manager = Scope(person_id=uuid4(), roles=frozenset({"provider_manager"}), **provider)
    designer = Scope(
        person_id=uuid4(), roles=frozenset({"process_designer"}), org_id=uuid4(), org_kind="system"
    )
    for scope in (EVERYTHING, manager):
        with opened.runtime.database.read(scope) as session:
            kept = trial.kept_case(session, visit.id)
            assert variables_of(session, kept).variables.keys() == visit.variables.keys()
    for scope in (designer, replace(manager, org_id=uuid4())):
        with opened.runtime.database.read(scope) as session:
            assert trial.kept_case(session, visit.id) is None
