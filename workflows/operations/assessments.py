"""The yearly assessment: its object and set, materials, two scorings, the total (第二十四、二十五条)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from rules.assessment import Breach as Ground
from rules.assessment import Indicator as Leaf
from rules.assessment import Score, base_points, deduction, missing_evidence, total_score
from store.tables import Assessment, AssessmentScore, Indicator, IndicatorSet, Organization
from workflows.acts import Act
from workflows.assessed import ScoreLine, breaches_of, evidence_count, lines_of, measures_now
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.subjects import existing

NO_EVIDENCE: Final = "没有佐证材料，不能判“满足”（第二十五条：不满足指标要求不得分）。请改为“不满足”"
SAME_SCORER: Final = "另一份分已经由你打了。两份要由两个人各自打，请退回本组，让办公室另一位来打"


@operation("开考核", inputs=("period",), outputs=("assessment_id", "object_kind", "has_indicators"))
def begin_assessment(act: Act, inputs: Inputs) -> Outputs:
    """Begin the assessment by the newest published set of the year; without one there is nothing to assess by."""
    year = int(str(inputs["period"]))
    assessed = existing(act.session, Organization, act.case.insurer_id or act.case.org_id)
    kind: Outputs = {"object_kind": assessed.kind}
    found = act.session.scalar(
        select(IndicatorSet)
        .where(
            IndicatorSet.year == year,
            IndicatorSet.object_kind == assessed.kind,
            IndicatorSet.state == "published",
        )
        .order_by(IndicatorSet.version.desc())
        .limit(1)
    )
    if found is None:
        return {**kind, "assessment_id": None, "has_indicators": False}
    assessment = Assessment(
        year=year,
        object_id=assessed.id,
        object_kind=assessed.kind,
        set_id=found.id,
        case_id=act.case.id,
        **act.owners(),
    )
    act.session.add(assessment)
    act.session.flush()
    for indicator in act.session.scalars(select(Indicator).where(Indicator.set_id == found.id)):
        act.session.add(
            AssessmentScore(assessment_id=assessment.id, indicator_id=indicator.id, **act.owners())
        )
    act.say("assessment.opened", f"按 {year} 年指标集第 {found.version} 版考核{assessed.name}")
    return {**kind, "assessment_id": str(assessment.id), "has_indicators": True}


def assessment_of(act: Act, inputs: Inputs) -> Assessment:
    """Return the assessment that an operation is about. Raises: NotFoundError."""
    return existing(act.session, Assessment, inputs["assessment_id"])


@operation("收考核材料", inputs=("assessment_id",))
def record_materials(act: Act, inputs: Inputs) -> Outputs:
    """Keep what is said and shown for each indicator, and freeze the system's figures."""
    assessment = assessment_of(act, inputs)
    told = {row.text("item"): row for row in Answers(inputs).rows("materials")}
    shown = 0
    for score, indicator in lines_of(act.session, assessment):
        row = told[str(indicator.id)]
        score.statement, score.evidence = row.text("statement"), row.many("evidence")
        shown += len(score.evidence)
    assessment.measures = [list(pair) for pair in measures_now(act, assessment).items()]
    assessment.state = "scoring"
    act.say("assessment.materials", f"提交考核材料，佐证 {shown} 件")
    return {}


@operation("打考核分", inputs=("assessment_id", "place"))
def record_scores(act: Act, inputs: Inputs) -> Outputs:
    """Keep one person's verdicts, another gives the others; nothing is met without evidence (第二十五条)."""
    assessment, place = assessment_of(act, inputs), str(inputs["place"])
    other = assessment.second_scorer_id if place == "first" else assessment.first_scorer_id
    if other is not None and other == act.actor.person_id:
        raise AnswersRefusedError({"impartial": SAME_SCORER})
    judged = _judged(act, assessment, Answers(inputs).rows("scores"), "scores")
    for (score, _), row in judged:
        setattr(score, f"{place}_satisfied", row.tick("satisfied"))
        setattr(score, f"{place}_reason", row.text("reason"))
    setattr(assessment, f"{place}_scorer_id", act.actor.person_id)
    act.say("assessment.scored", f"{act.actor.name}独立打分，{len(judged)} 项指标")
    return {}


@operation("比对两份分", inputs=("assessment_id",), outputs=("score_gap",))
def compare_scores(act: Act, inputs: Inputs) -> Outputs:
    """Take over what both scorers found; the others are to be reconciled."""
    assessment = assessment_of(act, inputs)
    gap = 0
    for score, _ in lines_of(act.session, assessment):
        if score.first_satisfied == score.second_satisfied:
            score.satisfied, score.reason = score.first_satisfied, score.first_reason or score.second_reason
        else:
            gap += 1
    assessment.state = "review"
    act.say("assessment.compared", f"两份分有 {gap} 项不一致" if gap else "两份分一致")
    return {"score_gap": gap}


@operation("核定不一致的分", inputs=("assessment_id",))
def reconcile_scores(act: Act, inputs: Inputs) -> Outputs:
    """Settle the indicators that the two scorers judged differently."""
    assessment = assessment_of(act, inputs)
    for (score, _), row in _judged(act, assessment, Answers(inputs).rows("scores"), "scores"):
        score.satisfied, score.reason = row.tick("satisfied"), row.text("reason")
    act.say("assessment.reconciled", "核定两份分不一致的指标")
    return {}


@operation(
    "合计考核分", inputs=("assessment_id",), outputs=("base", "bonus_counted", "total", "missing_evidence")
)
def total_assessment(act: Act, inputs: Inputs) -> Outputs:
    """Add up: all or nothing per indicator, bonus capped, deductions, one decimal at the very end (第二十五条)."""
    assessment = assessment_of(act, inputs)
    measures = measures_now(act, assessment)
    lines = lines_of(act.session, assessment)
    base = [_leaf(line, measures) for line in lines if not line[1].is_bonus]
    bonus = [_leaf(line, measures) for line in lines if line[1].is_bonus]
    deducted = deduction(
        Ground(breach.points, len(breach.evidence))
        for breach in breaches_of(act.session, assessment)
        if breach.decision == "upheld"
    )
    score = total_score(base_points(base), base_points(bonus), deducted, act.today)
    _keep(assessment, score, deducted)
    act.say("assessment.totalled", _sum_in_words(score, deducted))
    return {
        "base": score.base,
        "bonus_counted": score.bonus_counted,
        "total": score.total,
        "missing_evidence": missing_evidence([*base, *bonus]),
    }


def _keep(assessment: Assessment, score: Score, deducted: Decimal) -> None:
    assessment.base, assessment.bonus = score.base, score.bonus_counted
    assessment.deducted, assessment.total = deducted, score.total


def _leaf(line: ScoreLine, measures: Mapping[str, str]) -> Leaf:
    score, indicator = line
    return Leaf(indicator.weight, bool(score.satisfied), evidence_count(line, measures))


def _sum_in_words(score: Score, deducted: Decimal) -> str:
    return f"得分 {score.total}：基本 {score.base:f}，加分 {score.bonus_counted:f}，扣分 {deducted:f}"


def _judged(
    act: Act, assessment: Assessment, rows: Iterable[Answers], path: str
) -> list[tuple[ScoreLine, Answers]]:
    """Pair the rows with the indicators they judge. Raises: AnswersRefusedError where one is met without evidence."""
    measures = measures_now(act, assessment)
    lines = {str(indicator.id): (score, indicator) for score, indicator in lines_of(act.session, assessment)}
    pairs = [(lines[row.text("item")], row) for row in rows]
    wrong = {
        f"{path}.{number}.satisfied": NO_EVIDENCE
        for number, (line, row) in enumerate(pairs)
        if row.tick("satisfied") and not evidence_count(line, measures)
    }
    if wrong:
        raise AnswersRefusedError(wrong)
    return pairs
