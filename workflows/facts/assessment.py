"""Facts of an assessment, and the lists that its forms ask about row by row (第二十四至二十七条)."""

from collections.abc import Mapping

from forms.context import Choice
from rules.vocabulary import label
from store.measures.assessed import title_of
from store.tables import Assessment, Breach, Organization
from workflows.acts import Act
from workflows.assessed import ScoreLine, aspect_of, breaches_of, lines_of, measures_now
from workflows.facts.groups import about
from workflows.reading import Facts, found, names_of_files

NOTHING_SHOWN = "没有佐证，只能判“不满足”"


def _assessment(act: Act) -> Assessment | None:
    return found(act, Assessment, act.case.variables.get("assessment_id"))


def _result(act: Act, assessment: Assessment) -> Facts:
    assessed = found(act, Organization, assessment.object_id)
    return {
        "assessed_name": assessed.name if assessed is not None else "",
        "assessed_kind": label("assessed_kind", assessment.object_kind),
        "assessed_year": assessment.year,
        "base_points": assessment.base,
        "bonus_points": assessment.bonus,
        "deducted_points": assessment.deducted,
        "total_points": assessment.total,
        "provisional_conclusion": assessment.conclusion,
        "appeal_reason": assessment.appeal_reason,
        "score_lines": [_line(line) for line in lines_of(act.session, assessment)],
    }


def _line(line: ScoreLine) -> Facts:
    score, indicator = line
    points = indicator.weight if score.satisfied else 0
    verdict = {True: "满足", False: "不满足", None: ""}[score.satisfied]
    return {
        "aspect": aspect_of(indicator),
        "title": indicator.title,
        "weight": indicator.weight,
        "verdict": verdict,
        "points": points,
        "reason": score.reason,
    }


ASSESSMENT_FACTS = (
    about(
        _assessment,
        _result,
        "assessed_name",
        "assessed_kind",
        "assessed_year",
        "base_points",
        "bonus_points",
        "deducted_points",
        "total_points",
        "provisional_conclusion",
        "appeal_reason",
        "score_lines",
    ),
)
"""What forms may read of an assessment."""


def assessment_indicators(act: Act) -> list[Choice]:
    """Return the indicators that the assessed organization answers, each with what it asks and its figure."""
    assessment = _assessment(act)
    if assessment is None:
        return []
    measures = measures_now(act, assessment)
    return [
        _choice(line, [f"要求：{line[1].requirement}", _figure(line, measures)])
        for line in lines_of(act.session, assessment)
    ]


def shown_indicators(act: Act) -> list[Choice]:
    """Return the indicators that are scored, each with what was said and shown for it."""
    assessment = _assessment(act)
    lines = lines_of(act.session, assessment) if assessment is not None else []
    return [_shown(act, line) for line in lines]


def disputed_indicators(act: Act) -> list[Choice]:
    """Return the indicators that two people judged differently, with the reasons of both."""
    assessment = _assessment(act)
    lines = lines_of(act.session, assessment) if assessment is not None else []
    return [
        _shown(act, line, [f"一份判满足，一份判不满足：{_reasons(line)}"])
        for line in lines
        if line[0].first_satisfied != line[0].second_satisfied
    ]


def assessment_breaches(act: Act) -> list[Choice]:
    """Return the grounds for deductions that were recorded, with the defence if it was heard."""
    assessment = _assessment(act)
    rows = breaches_of(act.session, assessment) if assessment is not None else []
    return [_breach(act, row) for row in rows]


def _choice(line: ScoreLine, notes: list[str]) -> Choice:
    indicator = line[1]
    kind = "加分 " if indicator.is_bonus else ""
    return Choice(
        str(indicator.id),
        f"{indicator.position}. {indicator.title}",
        group=aspect_of(indicator),
        note=f"{kind}{indicator.weight.normalize():f} 分",
        about="；".join(note for note in notes if note),
    )


def _shown(act: Act, line: ScoreLine, notes: list[str] | None = None) -> Choice:
    score, indicator = line
    assessment = _assessment(act)
    measures = measures_now(act, assessment) if assessment is not None else {}
    files = names_of_files(act, score.evidence)
    said = f"说明：{score.statement}" if score.statement else ""
    shown = f"佐证：{files}" if files else ""
    figure = _figure(line, measures)
    lacking = "" if shown or figure else NOTHING_SHOWN
    return _choice(line, [f"要求：{indicator.requirement}", said, shown, figure, lacking, *(notes or [])])


def _figure(line: ScoreLine, measures: Mapping[str, str]) -> str:
    name = line[1].measure
    if name not in measures:
        return ""
    return f"系统数字：{title_of(name)} {measures[name]}"


def _reasons(line: ScoreLine) -> str:
    score = line[0]
    return score.first_reason or score.second_reason or "没有写理由"


def _breach(act: Act, row: Breach) -> Choice:
    notes = [f"拟扣 {row.points.normalize():f} 分", f"证据：{names_of_files(act, row.evidence)}"]
    if row.defended_at is not None:
        notes.append(f"申辩：{row.defence or '没有申辩'}")
    if proof := names_of_files(act, row.defence_evidence):
        notes.append(f"申辩材料：{proof}")
    kind = label("breach_kind", row.kind)
    return Choice(str(row.id), f"{kind}：{row.description}", about="；".join(notes))
