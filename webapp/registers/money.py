"""The prevention fund of a policy under both rule sets, and the three grounds for the next rate."""

from datetime import date
from decimal import Decimal

from msgspec import Struct
from sqlalchemy.orm import Session

from rules.amounts import HUNDRED
from rules.parameters import LOCAL_PROFILE, NATIONAL_PROFILE, first_day, share
from rules.prevention_fund import CEILING, FLOOR, FundVerdict, ProfileVerdict, judge_fund, net_premium
from rules.renewal import Cooperation, RateEvidence, RectificationCounts, RiskControl
from rules.vocabulary import label
from store.fund_rules import FundChoice, fund_choice_for
from store.pages.policy_page import PolicyFacts, fund_sums
from store.pages.renewal import RenewalCounts
from store.pages.unit_page import UnitFacts
from webapp.registers.quota import PROFILES
from webapp.texts import _

_GROUNDS = {
    "cooperation": ("entry_refused",),
    "rectification": ("rectified_late", "refused_to_rectify"),
    "risk_control": ("major_hazards", "baseline_unmet"),
}


class ProfileView(Struct, frozen=True):
    """What one rule set says about the fund."""

    name: str
    rule: str
    amount: Decimal | None
    verdict: str
    tone: str


class FundView(Struct, frozen=True):
    """The fund of a policy: what it is a share of, both rule sets, what was booked."""

    written: Decimal
    refunded: Decimal
    net: Decimal
    collected: Decimal | None
    profiles: tuple[ProfileView, ...]
    is_conflict: bool
    conflict: str
    choice: str
    accrued: Decimal | None
    spent: Decimal
    balance: Decimal | None
    used_percent: int


class GroundView(Struct, frozen=True):
    """One of the three grounds of 第十九条: what the records say, and whether to look at it."""

    name: str
    text: str
    badge: str
    tone: str


def fund_view(session: Session, policy: PolicyFacts, on: date) -> FundView:
    """Return the fund of a policy, each rule set beside the other (第六条, D8)."""
    sums = fund_sums(session, policy.id)
    choice = fund_choice_for(session, on.year)
    net = net_premium(policy.written_premium, policy.refunded)
    profiles = (LOCAL_PROFILE, NATIONAL_PROFILE)
    verdict = judge_fund(net, sums.accrued, on, profiles, collected=policy.collected_premium)
    accrued = sums.accrued
    return FundView(
        written=policy.written_premium,
        refunded=policy.refunded,
        net=net,
        collected=policy.collected_premium,
        profiles=tuple(_profile(item, on) for item in verdict.profiles),
        is_conflict=verdict.is_conflict,
        conflict=_conflict(verdict),
        choice=_chosen(choice) if choice is not None else "",
        accrued=accrued,
        spent=sums.spent,
        balance=accrued - sums.spent if accrued is not None else None,
        used_percent=min(100, int(sums.spent * HUNDRED / accrued)) if accrued else 0,
    )


def ground_views(unit: UnitFacts, counts: RenewalCounts) -> tuple[GroundView, ...]:
    """Return the three grounds, each with what speaks against it (第十九条); never a rate."""
    evidence = RateEvidence(
        Cooperation(counts.visits, counts.rescheduled, counts.entry_refused, 0),
        counts.rectification,
        counts.risk_control(unit.risk_level or ""),
    )
    points = set(evidence.points())
    texts = {
        "cooperation": (_("配合服务"), _cooperation(evidence.cooperation), _badge(counts.visits)),
        "rectification": (
            _("隐患整改"),
            _rectification(evidence.rectification),
            _badge(counts.due, counts.due - counts.closed),
        ),
        "risk_control": (_("风险控制"), _risk(unit, evidence.risk_control), _badge(counts.visits)),
    }
    return tuple(
        _ground(name, text, [code for code in _GROUNDS[key] if code in points], verdict)
        for key, (name, text, verdict) in texts.items()
    )


def _badge(known: int, still_open: int = 0) -> tuple[str, str]:
    """Return word and tone where nothing speaks against a unit: good only when nothing is left to do."""
    if not known:
        return _("暂无"), ""
    return (_("进行中"), "") if still_open else (_("好"), "green")


def _ground(name: str, text: str, points: list[str], verdict: tuple[str, str]) -> GroundView:
    if points:
        return GroundView(
            name, f"{text}：{'、'.join(label('rate_point', p) for p in points)}", _("关注"), "amber"
        )
    return GroundView(name, text, *verdict)


def _cooperation(facts: Cooperation) -> str:
    if not facts.arranged:
        return _("还没有上门服务")
    return _("安排 %(n)s 次，改期 %(m)s 次", n=facts.arranged, m=facts.rescheduled)


def _rectification(facts: RectificationCounts) -> str:
    if not facts.due:
        return _("没有查出隐患")
    return _("%(n)s 项闭环 %(m)s 项，闭环率 %(p)s%%", n=facts.due, m=facts.closed, p=facts.closed_percent)


def _risk(unit: UnitFacts, facts: RiskControl) -> str:
    level = label("risk_level", unit.risk_level) if unit.risk_level else _("未定")
    if facts.baseline_percent is None:
        return _("风险等级%(level)s，重大隐患 %(n)s 项", level=level, n=facts.major_hazards)
    return _(
        "风险等级%(level)s，重大隐患 %(n)s 项，基本规定符合率 %(p)s%%",
        level=level,
        n=facts.major_hazards,
        p=facts.baseline_percent,
    )


def _profile(item: ProfileVerdict, on: date) -> ProfileView:
    amount = item.minimum if item.minimum is not None else item.maximum
    verdict, tone = _verdict(item)
    return ProfileView(str(PROFILES[item.profile]), _rule(item, on), amount, verdict, tone)


def _rule(item: ProfileVerdict, on: date) -> str:
    """Return the rule in words: which way the limit points, its share, and of what."""
    name = FLOOR if item.minimum is not None else CEILING
    first = first_day(name, item.profile) or on
    row = share(name, max(on, first), item.profile)
    rate = f"{row.value * HUNDRED:.0f}"
    if name == FLOOR:
        return _("不低于签单净保费的 %(rate)s%%", rate=rate)
    return _("不高于实收保费的 %(rate)s%%", rate=rate)


def _chosen(choice: FundChoice) -> str:
    return _(
        "管理员选定：自 %(year)s 年起按%(profile)s执行，依据 %(document)s。",
        year=choice.from_year,
        profile=PROFILES[choice.profile],
        document=choice.document,
    )


def _verdict(item: ProfileVerdict) -> tuple[str, str]:
    if item.is_compliant is None:
        return "", ""
    if item.shortfall:
        return _("少提 %(n)s 元", n=f"{item.shortfall:,.2f}"), "red"
    if item.excess:
        return _("多提 %(n)s 元", n=f"{item.excess:,.2f}"), "red"
    return _("符合"), "green"


def _conflict(verdict: FundVerdict) -> str:
    if verdict.minimum is None or verdict.maximum is None:
        return ""
    return _(
        "两套规则不能同时满足：下限 %(low)s 元高于上限 %(high)s 元。适用哪一套由管理员写明理由后选定。",
        low=f"{verdict.minimum:,.2f}",
        high=f"{verdict.maximum:,.2f}",
    )
