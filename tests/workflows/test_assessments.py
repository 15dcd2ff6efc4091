"""The yearly assessment by people's commands, from materials to the signed result; both databases."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from demo.walk import actor_of
from rules.indicators import default_indicators
from store.tables import (
    Assessment,
    AssessmentScore,
    Breach,
    Deadline,
    Document,
    Indicator,
    IndicatorSet,
    Person,
)
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.duties import begin_duty_for
from workflows.errors import (
    InvalidAnswersError,
    NotAllowedError,
    NotFoundError,
    RuleRefusedError,
    StaleRecordError,
)
from workflows.handlers.assessments import (
    BeginAssessments,
    DraftIndicators,
    PublishIndicators,
    SaveIndicators,
    begin_assessments,
    draft_indicators,
    publish_indicators,
    save_indicators,
)
from workflows.handlers.work_items import complete_work_item

YEAR = 2025


class Year:
    """A city whose joint office has two people, and the deeds of an assessment."""

    def __init__(self, world):
        self.world, self.runtime = world, world.runtime
        self.office = world.actor("joint_office")
        self.second = world.actor("joint_office_2")

    def publish(self, *kinds):
        for kind in kinds:
            set_id = draft_indicators(self.runtime, DraftIndicators(YEAR, kind), self.office)
            publish_indicators(self.runtime, PublishIndicators(set_id, self.version(set_id)), self.office)

    def version(self, set_id):
        with self.runtime.database.read(EVERYTHING) as session:
            return session.get_one(IndicatorSet, set_id).row_version

    def begin(self):
        return begin_assessments(self.runtime, BeginAssessments(YEAR), self.office)

    def as_person(self, actor, step, **answers):
        command, _ = self.world.walker.filled(self.world.item(step), **answers)
        complete_work_item(self.runtime, command, actor)
        drain(self.runtime)

    def rows(self, evidence=("i",)):
        """Answer every indicator; those whose position is named get a file of evidence."""
        item = self.world.item("submit_materials")
        return [
            {
                "item": str(row.id),
                "statement": "按要求完成",
                "evidence": [self.world.walker.photo(item)] if row.position in evidence else [],
            }
            for row in self.indicators()
        ]

    def indicators(self):
        with self.runtime.database.read(EVERYTHING) as session:
            (held,) = session.scalars(select(Assessment))
            return list(
                session.scalars(
                    select(Indicator).where(Indicator.set_id == held.set_id).order_by(Indicator.position)
                )
            )

    def verdicts(self, met):
        return [
            {
                "item": str(row.id),
                "satisfied": "true" if row.position in met else "false",
                "reason": None if row.position in met else "没有做到",
            }
            for row in self.indicators()
        ]

    def held(self):
        with self.runtime.database.read(EVERYTHING) as session:
            return session.scalars(select(Assessment)).one()

    def titles(self):
        with self.runtime.database.read(EVERYTHING) as session:
            return sorted(session.scalars(select(Document.template)))

    def hand_in(self, evidence):
        self.publish("provider")
        self.begin()
        self.world.do("submit_materials", materials=self.rows(evidence), is_true=True)

    def score(self, first, second):
        self.as_person(self.office, "score_indicators", scores=self.verdicts(first), impartial=True)
        self.as_person(self.second, "score_again", scores=self.verdicts(second), impartial=True)


@pytest.fixture
def year(pasts, tmp_path):
    with pasts.until("founded").again(tmp_path) as world:
        yield Year(world)


ALL = tuple(range(1, 11))


def test_an_assessment_goes_from_materials_to_a_signed_result(year):
    world = year.world
    year.hand_in(ALL)
    year.score(ALL, ALL)
    assert world.steps() == ["record_breach"]
    world.do("record_breach", has_breach="no")
    assert (year.held().base, year.held().bonus) == (Decimal(100), Decimal(10))
    world.do("publish_provisional_result", conclusion="做得好")
    world.do("appeal_assessment", appeal="no")
    world.do("finalize_assessment", conclusion="全部做到", pass_on=None)
    held = year.held()
    assert (held.state, held.total, held.is_passed_on) == ("final", Decimal("110.0"), False)
    assert year.titles() == ["assessment_result", "assessment_sheet"]
    (case,) = world.cases("assessment")
    assert case.end_event == "end_final"
    with year.runtime.database.read(EVERYTHING) as session:
        result = session.scalars(select(Document).where(Document.template == "assessment_result")).one()
        deadlines = session.scalars(select(Deadline).where(Deadline.case_id == case.id)).all()
    assert result.content["head"]["issuer"] == "温州市安责险联席会议办公室"
    assert (result.content["rank"], result.content["points"]["total"]) == (1, "110.0")
    assert all(row.met_on is not None for row in deadlines)
    assert {row.kind: row.due for row in deadlines if row.kind != "appeal"} == {
        "assessment_materials": date(2026, 3, 31),
        "assessment": date(2026, 4, 30),
    }


def test_a_difference_is_reconciled_a_breach_defended_and_an_objection_heard(year):
    world = year.world
    year.hand_in((1, 2, 3, 4, 5))
    year.score((1, 2, 3, 4), (1, 2, 3))
    (fourth,) = [row for row in year.indicators() if row.position == 4]
    judged = {"item": str(fourth.id), "satisfied": "true", "reason": "材料齐全"}
    world.do("reconcile_scores", scores=[judged])
    proof = world.walker.photo(world.item("record_breach"))
    told = {"kind": "broken_promise", "description": "约好的服务没有去", "points": "3.5", "evidence": [proof]}
    world.do("record_breach", has_breach="yes", breaches=[told])
    assert year.titles() == ["deduction_notice"]
    with year.runtime.database.read(EVERYTHING) as session:
        breach = session.scalars(select(Breach)).one()
    world.do(
        "defend_breach",
        defences=[{"item": str(breach.id), "defence": "当天台风", "evidence": []}],
        is_heard=True,
    )
    decided = {"item": str(breach.id), "decision": "upheld", "reason": "没有改约"}
    world.do("decide_breach", decisions=[decided])
    before = year.held()
    earned = sum(row.weight for row in year.indicators() if row.position <= 4)
    assert (before.base, before.deducted, before.total) == (earned, Decimal("3.5"), earned - Decimal("3.5"))
    world.do("publish_provisional_result", conclusion="有不足")
    world.do("appeal_assessment", appeal="yes", reason="第五项有材料", evidence=[])
    (fifth,) = [row for row in year.indicators() if row.position == 5]
    change = {"indicator": str(fifth.id), "satisfied": "true", "reason": "补看材料，属实"}
    world.do("decide_appeal", decision="changed", changes=[change], reason="同意")
    assert year.held().total == before.total + fifth.weight
    world.do("finalize_assessment", conclusion="有不足", pass_on="yes", pass_on_reason="再次发生")
    assert year.titles() == [
        "assessment_result",
        "assessment_sheet",
        "deduction_notice",
        "transfer_letter",
    ]
    (case,) = world.cases("assessment")
    assert case.end_event == "end_passed_on"


def test_silence_about_a_breach_and_about_the_result_is_no_objection(year):
    world = year.world
    year.hand_in(ALL)
    year.score(ALL, ALL)
    proof = world.walker.photo(world.item("record_breach"))
    told = {"kind": "negative_impact", "description": "媒体曝光", "points": "2", "evidence": [proof]}
    world.do("record_breach", has_breach="yes", breaches=[told])
    world.pass_until(world.item("defend_breach").due_on.isoformat())
    assert world.steps() == ["decide_breach"]
    with year.runtime.database.read(EVERYTHING) as session:
        breach = session.scalars(select(Breach)).one()
    dropped = {"item": str(breach.id), "decision": "dropped", "reason": "与服务无关"}
    world.do("decide_breach", decisions=[dropped])
    assert year.held().deducted == 0
    world.do("publish_provisional_result", conclusion="很好")
    world.pass_until(world.item("appeal_assessment").due_on.isoformat())
    assert world.steps() == ["finalize_assessment"]
    (case,) = world.cases("assessment")
    assert case.variables["appeal"] == "no"
    with year.runtime.database.read(EVERYTHING) as session:
        rights = session.scalars(select(Deadline).where(Deadline.kind == "appeal")).all()
    assert all(row.met_on == row.due for row in rights)


def test_without_evidence_nothing_is_met_and_the_field_says_why(year):
    year.hand_in((1,))
    with pytest.raises(InvalidAnswersError) as refused:
        year.as_person(year.office, "score_indicators", scores=year.verdicts((1, 4)), impartial=True)
    (path,) = refused.value.errors
    assert path == "scores.3.satisfied"
    assert "第二十五条" in refused.value.errors[path]
    year.as_person(year.office, "score_indicators", scores=year.verdicts((1,)), impartial=True)


def test_the_figure_of_the_system_is_evidence_of_its_own(year):
    """A new city has found no hazards and spent nothing: those two figures exist, rates without denominator do not."""
    year.hand_in(())
    figures = dict(year.held().measures)
    assert figures == {"visits_done": "0 次", "hazards_found": "0 项", "fund_spent": "0.00 元"}
    spent = next(row.position for row in year.indicators() if row.measure == "fund_spent")
    year.as_person(year.office, "score_indicators", scores=year.verdicts((spent,)), impartial=True)
    with year.runtime.database.read(EVERYTHING) as session:
        met = session.scalars(select(AssessmentScore).where(AssessmentScore.first_satisfied)).all()
    assert len(met) == 1


def test_one_person_does_not_give_both_scores(year):
    year.hand_in(ALL)
    year.as_person(year.office, "score_indicators", scores=year.verdicts(ALL), impartial=True)
    with pytest.raises(InvalidAnswersError, match="impartial"):
        year.as_person(year.office, "score_again", scores=year.verdicts(ALL), impartial=True)


def test_people_of_the_assessed_organization_do_not_score_it(year):
    year.hand_in(ALL)
    with pytest.raises((NotAllowedError, NotFoundError)):
        year.as_person(
            year.world.actor("provider_manager"),
            "score_indicators",
            scores=year.verdicts(ALL),
            impartial=True,
        )


def test_each_organization_is_assessed_once_a_year_by_hand_or_by_the_calendar(year):
    with pytest.raises(RuleRefusedError, match="指标集"):
        year.begin()
    year.publish("provider", "insurer")
    begin_duty_for(year.runtime, "assessment", str(YEAR), date(2026, 1, 5), year.world.offices.insurer)
    assert year.begin() == 1
    assert year.begin() == 0
    with year.runtime.database.read(EVERYTHING) as session:
        held = {row.object_id: row for row in session.scalars(select(Assessment))}
    assert set(held) == {year.world.offices.insurer, year.world.offices.provider}
    roles = {item.role for item in year.world.items()}
    assert roles == {"insurer", "provider_manager"}
    assert held[year.world.offices.insurer].insurer_id == year.world.offices.insurer


def test_a_case_of_the_calendar_waits_until_a_set_is_published(year):
    begin_duty_for(year.runtime, "assessment", str(YEAR), date(2026, 1, 5), year.world.offices.provider)
    year.world.do("publish_indicator_set", is_published=True)
    assert year.world.steps() == ["publish_indicator_set"]
    year.publish("provider")
    year.world.do("publish_indicator_set", is_published=True)
    assert year.world.steps() == ["submit_materials"]


def test_nobody_sees_the_assessment_of_another_organization(year):
    year.publish("provider", "insurer")
    year.begin()
    for login, own in (
        ("provider_manager", year.world.offices.provider),
        ("insurer", year.world.offices.insurer),
    ):
        with year.runtime.database.read(year.world.actor(login).scope) as session:
            assert list(session.scalars(select(Assessment.object_id))) == [own]
            assert set(session.scalars(select(AssessmentScore.org_id))) == {own}
    with year.runtime.database.read(year.world.actor("policyholder").scope) as session:
        assert list(session.scalars(select(Assessment.id))) == []


def typed(kind="provider", **changes):
    """Return the shipped rows as somebody would type them, the first one changed."""
    rows = [
        {
            "aspect": row.aspect,
            "title": row.title,
            "requirement": row.requirement,
            "weight": str(row.weight),
            "measure": row.measure,
        }
        for row in default_indicators(kind)
    ]
    return [rows[0] | changes, *rows[1:]]


def test_a_draft_is_published_only_whole_and_never_edited_afterwards(year):
    set_id = draft_indicators(year.runtime, DraftIndicators(YEAR, "provider"), year.office)
    assert draft_indicators(year.runtime, DraftIndicators(YEAR, "provider"), year.office) == set_id
    seen = year.version(set_id)
    save_indicators(year.runtime, SaveIndicators(set_id, seen, typed(weight="19.99")), year.office)
    with pytest.raises(StaleRecordError):
        save_indicators(year.runtime, SaveIndicators(set_id, seen, typed()), year.office)
    with pytest.raises(InvalidAnswersError) as refused:
        publish_indicators(year.runtime, PublishIndicators(set_id, year.version(set_id)), year.office)
    assert "99.99" in refused.value.errors["set.0"]
    save_indicators(year.runtime, SaveIndicators(set_id, year.version(set_id), typed()), year.office)
    publish_indicators(year.runtime, PublishIndicators(set_id, year.version(set_id)), year.office)
    with pytest.raises(RuleRefusedError, match="不能再改"):
        save_indicators(year.runtime, SaveIndicators(set_id, year.version(set_id), typed()), year.office)
    later = draft_indicators(year.runtime, DraftIndicators(YEAR, "provider"), year.office)
    with year.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(IndicatorSet, later).version == 2


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"aspect": "乱写"}, "rows.0.aspect"),
        ({"title": ""}, "rows.0.title"),
        ({"weight": "-1"}, "rows.0.weight"),
        ({"weight": "1.005"}, "rows.0.weight"),
        ({"weight": "NaN"}, "rows.0.weight"),
        ({"measure": "天气"}, "rows.0.measure"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_at_its_field(year, change, path):
    set_id = draft_indicators(year.runtime, DraftIndicators(YEAR, "provider"), year.office)
    with pytest.raises(InvalidAnswersError) as refused:
        save_indicators(
            year.runtime, SaveIndicators(set_id, year.version(set_id), typed(**change)), year.office
        )
    assert set(refused.value.errors) == {path}


def test_only_the_joint_office_keeps_indicators_and_begins_assessments(year):
    with year.runtime.database.read(EVERYTHING) as session:
        manager = actor_of(session, session.get_one(Person, year.world.offices.people["provider_manager"]))
    for deed in (
        lambda: draft_indicators(year.runtime, DraftIndicators(YEAR, "provider"), manager),
        lambda: begin_assessments(year.runtime, BeginAssessments(YEAR), manager),
    ):
        with pytest.raises(NotAllowedError):
            deed()
    with pytest.raises(RuleRefusedError):
        draft_indicators(year.runtime, DraftIndicators(1999, "provider"), year.office)
