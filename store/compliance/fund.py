"""What is set aside for prevention is what the rule set asks that was chosen for the year (第六条, D8)."""

from decimal import Decimal

from sqlalchemy.orm import Session

from store.compliance.catalogue import Asked, Duty, Finding, Trace, Traces
from store.fund_rules import fund_choice_for
from store.fund_year import FundYear, fund_years
from store.pages.register_lists import names_of


def _judge(session: Session, asked: Asked) -> Finding:
    """Judge the premiums of this year and the last; last year's are over, this year's can still be set right."""
    broken, near, total = list[Trace](), list[Trace](), 0
    for year in (asked.day.year - 1, asked.day.year):
        for fund in fund_years(session, year, asked.insurer_id, asked.provider_id):
            if fund.net <= 0:
                continue
            total += 1
            if said := _wrong(session, fund):
                (broken if year < asked.day.year else near).append(_trace(session, fund, said))
    return Finding(
        total=total,
        met=total - len(broken) - len(near),
        told=f"今年和去年有保费的保险机构与第三方 {total} 对：去年提取不合选定规则的 {len(broken)} 对，"
        f"今年还要补提或选定规则的 {len(near)} 对",
        broken=Traces(len(broken), tuple(broken[: asked.most])),
        at_risk=Traces(len(near), tuple(near[: asked.most])),
    )


def _wrong(session: Session, fund: FundYear) -> str:
    choice = fund_choice_for(session, fund.year)
    if choice is None:
        return "两套规则冲突，还没有选定适用哪一套" if not fund.verdict().is_compliant else ""
    rule = next(item for item in fund.verdict().profiles if item.profile == choice.profile)
    if rule.shortfall:
        return f"少提 {rule.shortfall:,.2f} 元"
    return f"多提 {rule.excess:,.2f} 元" if rule.excess else ""


def _trace(session: Session, fund: FundYear, said: str) -> Trace:
    names = names_of(session, [fund.insurer_id, fund.org_id])
    title = "、".join(filter(None, (names.get(fund.insurer_id, ""), names.get(fund.org_id, ""))))
    percent = fund.verdict().ratio or Decimal()
    detail = f"{fund.year} 年净保费 {fund.net:,.2f} 元，提取 {fund.accrued:,.2f} 元（{percent}%），{said}"
    return Trace("organization", fund.org_id, title, detail, None)


DUTIES = (
    Duty(
        key="fund_ratio",
        article="6",
        title="按选定的规则从保费里提取预防费用",
        unit="对",
        remedy="保险机构财务在“费用”里点“按保费提取”；两套规则冲突的，先由管理员写明理由选定适用哪一套。",
        judge=_judge,
        of_units=False,
    ),
)
