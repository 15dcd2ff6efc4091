"""Measures of what the service works with: money, people, and what is said against it (第六、十、二十二条)."""

from sqlalchemy import Select, case

from store.measures.model import COUNT, MEAN, YUAN, Measure, Window, counted
from store.tables import Complaint, Expert, FundEntry, Person

Rows = Select[*tuple[object, ...]]


def _complaints(window: Window) -> Rows:
    rows = counted("complaint", Complaint.id, Complaint.number, Complaint)
    return rows.where(window.owns(Complaint.org_id), window.holds_moment(Complaint.received_at))


def _spent(window: Window) -> Rows:
    amount = case((FundEntry.kind == "reversal", -FundEntry.amount), else_=FundEntry.amount)
    rows = counted(
        "fund_entry", FundEntry.id, FundEntry.number, FundEntry, part=amount, category=FundEntry.category
    )
    return rows.where(
        window.owns(FundEntry.org_id),
        FundEntry.kind.in_(("expense", "reversal")),
        window.holds(FundEntry.entry_date),
    )


def _experts(window: Window) -> Rows:
    rows = counted("person", Person.id, Person.name, Expert, part=Expert.score, whole=1)
    return rows.join_from(Expert, Person, Person.id == Expert.person_id).where(
        window.owns(Expert.org_id), Expert.status == "active", Expert.score.is_not(None)
    )


MEANS = (
    Measure("complaints", "收到投诉", "期内受理的投诉，按受理日计。", COUNT, "件", _complaints),
    Measure(
        "fund_spent",
        "费用支出",
        "期内记账的事故预防服务费用支出，红字冲销的已经减去。",
        YUAN,
        "元",
        _spent,
    ),
    Measure("expert_score_mean", "专家评分", "在库、有评分的专业技术人员评分的平均。", MEAN, "分", _experts),
)
