"""Measures: a figure is its rows added up, of one provider alone; nothing is divided by nothing; both databases."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from store.measures.catalogue import MEASURES
from store.measures.model import Figure, Window
from store.measures.sums import figures as added
from store.measures.sums import rows_of
from store.measures.wording import told
from store.pages.visit_counts import missing, policy_totals, visit_counts
from store.scope import Scope
from store.tables import Hazard, Policy, Policyholder, QuotaSnapshot, Visit
from tests.support.world import EVERYTHING

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
NOTHING = Figure(Decimal(0), None)
ONE = {
    "visits_done",
    "hazards_found",
    "return_visit_on_time",
    "archive_on_time",
    "satisfaction_mean",
    "rectification_rate",
    "overdue_hazards",
}
"""What an archived visit with one hazard, which nobody rectified in this year, has one row for."""


@pytest.fixture
def archived(pasts, tmp_path):
    """A city with an archived visit, whose hazard waits for its unit."""
    with pasts.until("archived").again(tmp_path) as world:
        yield world


def figures(world, window, scope=EVERYTHING):
    """Return each figure with its rows."""
    with world.runtime.database.read(scope) as session:
        found = added(session, [(measure, window) for measure in MEASURES.values()])
        return {
            name: (found[name, window].get((), NOTHING), rows_of(session, measure, window))
            for name, measure in MEASURES.items()
        }


def own(world, *days):
    return Window(*(days or YEAR), world.offices.provider)


def test_every_figure_is_the_sum_of_its_rows(archived):
    found = figures(archived, own(archived))
    for name, (figure, rows) in found.items():
        assert sum(row.part for row in rows) == figure.part, name
        assert sum(row.whole or 0 for row in rows) == (figure.whole or 0), name
    assert {name for name, (_, rows) in found.items() if len(rows) == 1} >= ONE
    assert found["satisfaction_mean"][0].value("mean") == Decimal("5.0")
    assert found["return_visit_on_time"][0].value("percent") == Decimal("100.0")
    assert found["rectification_rate"][0].value("percent") == Decimal("0.0")
    (entry,) = found["fund_spent"][1]
    assert (entry.subject, entry.part > 0) == ("fund_entry", True)


def test_a_unit_is_covered_when_none_of_its_policies_lacks_a_visit(archived):
    day = archived.clock.at.date()
    (unit,) = figures(archived, own(archived, day, day))["coverage_rate"][1]
    assert (unit.part, unit.whole) == (0, 1), "one of two visits is done"
    with archived.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Policyholder).values(willingness="refused_filed"))
    assert figures(archived, own(archived, day, day))["coverage_rate"][1] == []


def test_what_a_policy_owes_counts_in_the_period_in_which_it_ends(archived):
    (row,) = figures(archived, own(archived, date(2027, 2, 1), date(2027, 2, 28)))["completion_rate"][1]
    assert (row.part, row.whole) == (1, 2)
    assert figures(archived, own(archived))["completion_rate"][1] == []


def test_a_hazard_is_overdue_from_the_day_after_its_deadline(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        last = session.scalars(select(Hazard.deadline)).one()
    on_the_day = own(archived, last, last)
    assert figures(archived, on_the_day)["overdue_hazards"][0].part == 0
    later = own(archived, last, last.replace(day=last.day + 1))
    assert figures(archived, later)["overdue_hazards"][0].part == 1


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        ({"state": "withdrawn"}, ("hazards_found", "overdue_hazards", "rectification_rate")),
        ({"state": "closed", "closed_on": date(2026, 3, 20)}, ("overdue_hazards",)),
    ],
)
def test_a_hazard_that_is_withdrawn_or_closed_leaves_the_figures_of_open_ones(archived, change, gone):
    with archived.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Hazard).values(**change))
    found = figures(archived, own(archived))
    assert [name for name in gone if found[name][1]] == []
    if change["state"] == "closed":
        assert found["rectification_rate"][0].value("percent") == Decimal("100.0")
        assert found["hazards_closed"][0].part == 1


def test_another_provider_has_none_of_it_by_window_and_by_scope(archived):
    people = {"expert_score_mean"}
    foreign = figures(archived, Window(*YEAR, uuid4()))
    assert [name for name, (_, rows) in foreign.items() if rows] == []
    stranger = Scope(
        person_id=uuid4(), roles=frozenset({"provider_manager"}), org_id=uuid4(), org_kind="provider"
    )
    seen = figures(archived, Window(*YEAR), stranger)
    assert [name for name, (_, rows) in seen.items() if rows and name not in people] == []


def test_whoever_sees_no_rows_gets_no_figure_alone_or_beside_others(archived):
    """A sum hides its class in a FILTER: without the class the database would add up everybody's rows."""
    stranger = Scope(person_id=uuid4(), roles=frozenset({"insurer"}), org_id=uuid4(), org_kind="insurer")
    measures = [one for name, one in MEASURES.items() if name != "expert_score_mean"]
    whole = Window(*YEAR)
    with archived.runtime.database.read(stranger) as session:
        for when in (whole, whole.a_year_before):
            for asked in ([(one, when) for one in measures], *([(one, when)] for one in measures)):
                for (name, _), places in added(session, asked).items():
                    assert not any(figure.part or figure.whole for figure in places.values()), name


def test_nothing_is_divided_by_nothing():
    assert Figure(Decimal(0), None).value("percent") is None
    assert Figure(Decimal(0), Decimal(0)).value("mean") is None
    assert told(None, "%") == "—"
    assert [told(Decimal(18246), "项"), told(95, "%"), told("68400", "元")] == [
        "18,246 项",
        "95.0 %",
        "68,400.00 元",
    ]


def test_every_measure_has_a_sentence_that_defines_it():
    assert [name for name, measure in MEASURES.items() if not measure.about.endswith("。")] == []


def test_what_policies_owe_together_is_what_each_owes(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        totals = policy_totals(*YEAR)
        rows = session.execute(
            select(totals.c.policy_id, totals.c.required, totals.c.counted, totals.c.met)
        ).all()
        each = visit_counts(session, [row.policy_id for row in rows])
    assert [(row.required, row.counted, row.required - row.met) for row in rows] == [
        (each[row.policy_id].required, each[row.policy_id].counted, each[row.policy_id].missing)
        for row in rows
    ]
    assert [row.counted for row in rows] == [1]


def test_a_policy_of_several_years_owes_each_year_for_itself(archived):
    with archived.runtime.database.write(EVERYTHING) as session:
        policy = session.scalars(select(Policy)).one()
        policy.term_end = date(2028, 2, 29)
        first = session.scalars(select(QuotaSnapshot)).first()
        session.add(again(first, policy_year=2, required=1))
        visit = session.scalars(select(Visit).where(Visit.completed_on.is_not(None))).one()
        for day in (date(2026, 4, 1), date(2026, 5, 4), date(2027, 4, 1), date(2027, 5, 4)):
            session.add(again(visit, number=f"F{day}", completed_on=day))
    with archived.runtime.database.read(EVERYTHING) as session:
        totals = policy_totals(date(2028, 1, 1), date(2028, 12, 31))
        row = session.execute(select(totals.c.required, totals.c.counted, totals.c.met)).one()
        assert tuple(row) == (3, 5, 3), (
            "three visits of the first year count as two, two of the second as one"
        )
        assert session.scalar(select(missing()).where(Policy.id == policy.id)) == 0


def test_figures_told_apart_add_up_to_the_figure(archived):
    window = own(archived)
    with archived.runtime.database.read(EVERYTHING) as session:
        for by in (("region_code",), ("industry", "category"), ("insurer_id",), ("month",)):
            asked = [
                (measure, window) for measure in MEASURES.values() if "month" not in by or measure.by_month
            ]
            whole, apart = added(session, asked), added(session, asked, by)
            for key, places in apart.items():
                total = whole[key].get((), NOTHING)
                assert sum(figure.part for figure in places.values()) == total.part, (key[0], by)
                assert sum(figure.whole or 0 for figure in places.values()) == (total.whole or 0), (
                    key[0],
                    by,
                )


def test_the_year_before_ends_on_the_last_of_february():
    leap = Window(date(2028, 2, 29), date(2028, 3, 1)).a_year_before
    assert (leap.first_day, leap.last_day) == (date(2027, 2, 28), date(2027, 3, 1))


def again(row, **changed):
    """Return a copy of a row, with another id and what is changed."""
    kept = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}
    return type(row)(**(kept | changed))
