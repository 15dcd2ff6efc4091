"""Papers of a yearly assessment, issued by the joint office (第二十四至二十七条)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from rules.vocabulary import label
from store.measures.assessed import about_of, title_of
from store.tables import Assessment, Breach, Deadline, Document, IndicatorSet
from workflows.acts import Act
from workflows.assessed import ScoreLine, aspect_of, breaches_of, lines_of
from workflows.papers.common import Content, name_of
from workflows.reading import names_of_files
from workflows.subjects import existing

OFFICE = {"party": "联席会议办公室", "seal": True}


def assessment_sheet(act: Act, document: Document) -> Content:
    """Return every indicator and deduction of an assessment, and the sum (第二十五条)."""
    assessment = existing(act.session, Assessment, document.subject_id)
    used = existing(act.session, IndicatorSet, assessment.set_id)
    figures = {str(name): str(value) for name, value in assessment.measures}
    scorers = (assessment.first_scorer_id, assessment.second_scorer_id)
    return {
        "year": assessment.year,
        "kind": label("assessed_kind", assessment.object_kind),
        "version": used.version,
        "lines": [_line(act, line, figures) for line in lines_of(act.session, assessment)],
        "grounds": _grounds(act, breaches_of(act.session, assessment)),
        "points": _points(assessment),
        "measures": [
            {
                "name": title_of(name),
                "value": value,
                "source": about_of(name),
            }
            for name, value in figures.items()
        ],
        "scorers": "、".join(filter(None, (name_of(act, person) for person in scorers))),
        "signatures": [OFFICE],
    }


def assessment_result(act: Act, document: Document) -> Content:
    """Return the total, the rank among those of its kind that are final, and the conclusion (第二十六条)."""
    assessment = existing(act.session, Assessment, document.subject_id)
    peers = select(func.count()).where(
        Assessment.year == assessment.year,
        Assessment.object_kind == assessment.object_kind,
        Assessment.state == "final",
    )
    better = act.session.scalar(peers.where(Assessment.total > assessment.total)) or 0
    decision = assessment.appeal_decision
    appeal = f"{label('appeal_decision', decision)}。{assessment.appeal_answer}" if decision else ""
    return {
        "year": assessment.year,
        "kind": label("assessed_kind", assessment.object_kind),
        "points": _points(assessment),
        "rank": better + 1,
        "ranked": act.session.scalar(peers),
        "conclusion": assessment.conclusion,
        "finalized_on": assessment.finalized_on,
        "appeal": appeal,
        "signatures": [OFFICE],
    }


def deduction_notice(act: Act, document: Document) -> Content:
    """Return what is to be deducted, on which evidence, until when a defence is heard (第二十七条)."""
    assessment = existing(act.session, Assessment, document.subject_id)
    return {
        "year": assessment.year,
        "grounds": _grounds(act, breaches_of(act.session, assessment)),
        "defence_until": _last_day(act),
        "signatures": [OFFICE],
    }


def transfer_letter(act: Act, document: Document) -> Content:
    """Return the breaches that were found, which a person decided to pass on (第二十七条)."""
    assessment = existing(act.session, Assessment, document.subject_id)
    upheld = [row for row in breaches_of(act.session, assessment) if row.decision == "upheld"]
    return {
        "year": assessment.year,
        "grounds": _grounds(act, upheld),
        "reason": assessment.passed_on_reason,
        "finalized_on": assessment.finalized_on,
        "signatures": [OFFICE],
    }


def _last_day(act: Act) -> date | None:
    """Return until when an answer is heard, as the deadline that was just set says."""
    act.session.flush()
    query = select(Deadline.due).where(Deadline.case_id == act.case.id, Deadline.kind == "appeal")
    return act.session.scalar(query.order_by(Deadline.set_at.desc()).limit(1))


def _points(assessment: Assessment) -> Content:
    return {
        "base": f"{assessment.base:f}",
        "bonus": f"{assessment.bonus:f}",
        "deducted": f"{assessment.deducted:f}",
        "total": f"{assessment.total:.1f}",
    }


def _line(act: Act, line: ScoreLine, figures: dict[str, str]) -> Content:
    score, indicator = line
    shown = [names_of_files(act, score.evidence)]
    if indicator.measure in figures:
        shown.append(f"系统数字 {figures[indicator.measure]}")
    return {
        "aspect": aspect_of(indicator),
        "title": indicator.title,
        "weight": f"{indicator.weight:f}",
        "verdict": "满足" if score.satisfied else "不满足",
        "points": f"{indicator.weight:f}" if score.satisfied else "0",
        "evidence": "；".join(filter(None, shown)),
        "reason": score.reason,
    }


def _grounds(act: Act, rows: Iterable[Breach]) -> list[Content]:
    return [
        {
            "kind": label("breach_kind", row.kind),
            "description": row.description,
            "evidence": names_of_files(act, row.evidence),
            "points": f"{row.points:f}",
            "defence": row.defence,
            "decision": label("breach_decision", row.decision) if row.decision else "",
            "reason": row.decision_reason,
        }
        for row in rows
    ]
