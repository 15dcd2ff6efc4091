"""The duties of articles 24 to 27 as people break and mend them by their commands; both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from store.compliance.catalogue import Standing
from store.tables import Breach, Policy
from tests.store.compliance.test_duties import judged, standing
from tests.support.world import EVERYTHING
from tests.workflows.test_assessments import ALL, Year
from workflows.handlers.assessments import BeginAssessments, begin_assessments

BROKEN, AT_RISK, MET = Standing.BROKEN, Standing.AT_RISK, Standing.MET


@pytest.fixture
def year(pasts, tmp_path):
    """A city whose policy ran in 2025, so that its offices are assessed for 2025; the clock stands in March 2026."""
    with pasts.until("begun").again(tmp_path) as world:
        with world.runtime.database.write(EVERYTHING) as session:
            session.execute(update(Policy).values(term_start=date(2025, 3, 1), term_end=date(2025, 12, 31)))
        yield Year(world)


def put(world, day):
    world.clock.at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def test_an_office_that_nobody_assesses_breaks_article_24_until_it_is_made_good(year):
    world = year.world
    assert standing(world, "assessed_every_year") is MET
    put(world, date(2026, 4, 2))
    found = judged(world, "assessed_every_year")
    assert (found.standing, found.found.total, found.found.at_risk.count) == (AT_RISK, 2, 2)
    put(world, date(2027, 1, 2))
    late = judged(world, "assessed_every_year")
    assert (late.standing, late.found.broken.count) == (BROKEN, 2)
    assert {row.detail for row in late.found.broken.rows} == {"2025 年没有开考核"}
    year.publish("provider", "insurer")
    assert begin_assessments(world.runtime, BeginAssessments(2025), year.office) >= 2
    assert standing(world, "assessed_every_year") is MET
    assert standing(world, "assessed_every_year", date(2026, 12, 31)) is AT_RISK


def test_materials_and_result_that_are_late_break_articles_25_and_26_until_they_come(year):
    world = year.world
    year.publish("provider")
    year.begin()
    keys = ("assessment_materials", "assessment_results")
    assert [standing(world, key) for key in keys] == [MET, MET]
    put(world, date(2026, 5, 6))
    assert [standing(world, key) for key in keys] == [AT_RISK, AT_RISK]
    put(world, date(2027, 1, 2))
    assert [standing(world, key) for key in keys] == [BROKEN, BROKEN]
    world.do("submit_materials", materials=year.rows(ALL), is_true=True)
    assert [standing(world, key) for key in keys] == [MET, BROKEN]
    year.score(ALL, ALL)
    world.do("record_breach", has_breach="no")
    world.do("publish_provisional_result", conclusion="做得好")
    world.do("appeal_assessment", appeal="no")
    world.do("finalize_assessment", conclusion="全部做到", pass_on=None)
    assert [standing(world, key) for key in keys] == [MET, MET]
    assert [standing(world, key, date(2026, 6, 1)) for key in keys] == [AT_RISK, AT_RISK]


def test_a_broken_promise_that_nobody_decides_on_breaks_article_27_until_somebody_does(year):
    world = year.world
    year.hand_in(ALL)
    year.score(ALL, ALL)
    proof = world.walker.photo(world.item("record_breach"))
    told = {"kind": "broken_promise", "description": "约好的服务没有去", "points": "3.5", "evidence": [proof]}
    world.do("record_breach", has_breach="yes", breaches=[told])
    assert standing(world, "breaches_decided") is MET
    put(world, date(2026, 5, 6))
    assert standing(world, "breaches_decided") is AT_RISK
    put(world, date(2027, 1, 2))
    late = judged(world, "breaches_decided")
    assert (late.standing, [row.detail for row in late.found.broken.rows]) == (BROKEN, ["约好的服务没有去"])
    with world.runtime.database.read(EVERYTHING) as session:
        (breach,) = session.scalars(select(Breach.id))
    world.do(
        "defend_breach",
        defences=[{"item": str(breach), "defence": "当天台风", "evidence": []}],
        is_heard=True,
    )
    decided = {"item": str(breach), "decision": "upheld", "reason": "没有改约"}
    world.do("decide_breach", decisions=[decided])
    assert standing(world, "breaches_decided") is MET
