"""Visits owed and why, in the words of the page: the answer, the three tiers, what was counted."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from rules.amounts import percent
from rules.parameters import LOCAL_PROFILE, NATIONAL_PROFILE, bands, number, share, standard_day
from rules.visit_quota import PriorYear, Reason, ShortTermRule, Tier, explain
from rules.vocabulary import label
from store.pages.unit_page import VisitRow
from webapp.dates import moment
from webapp.texts import _, lazy
from workflows.standing import Standing, YearStanding

PROFILES = {LOCAL_PROFILE: lazy("温州 2020 版"), NATIONAL_PROFILE: lazy("国家 2025 版")}


class TierView(Struct, frozen=True):
    """One tier: what it says, the reasons below it, its number, whether it won."""

    name: str
    title: str
    reasons: tuple[str, ...]
    visits: str
    is_winner: bool


class YearView(Struct, frozen=True):
    """One policy year."""

    title: str
    span: str
    required: int
    counted: int
    tiers: tuple[TierView, ...]
    note: str
    is_current: bool


class CountedVisit(Struct, frozen=True):
    """A visit and whether it counts."""

    visit: VisitRow
    verdict: str
    is_counted: bool


class QuotaView(Struct, frozen=True):
    """The answer and everything behind it."""

    answer: str
    badge: str
    tone: str
    why: str
    forecast: str
    current: YearView
    years: tuple[YearView, ...]
    source: str
    rows: tuple[str, ...]
    required: int
    counted: int
    arranged: int
    shortfall: int


def quota_view(standing: Standing, today: date) -> QuotaView:
    """Return how a policy stands, in words."""
    badge, tone = _badge(standing, today)
    current = standing.year_on(today)
    years = tuple(_year(standing, year, is_current=year is current) for year in standing.years)
    return QuotaView(
        answer=_answer(standing),
        badge=badge,
        tone=tone,
        why=_("为什么是 %(n)s 次", n=current.quota.required),
        forecast=_forecast(standing, today),
        current=next(year for year in years if year.is_current),
        years=years,
        source=_source(standing),
        rows=standing.parameter_rows,
        required=standing.required,
        counted=standing.counted,
        arranged=standing.arranged,
        shortfall=standing.shortfall,
    )


def counted_visits(standing: Standing, visits: list[VisitRow]) -> list[CountedVisit]:
    """Return visits of the policy with the verdict of the counting rule (D18)."""
    found = []
    for visit in visits:
        verdict = standing.counting.get(visit.id)
        if verdict is not None:
            text = label("counting", verdict.value)
            found.append(CountedVisit(visit, text, is_counted=verdict.value == "counted"))
    return found


def _answer(standing: Standing) -> str:
    parts = [_("应服务 %(n)s 次", n=standing.required), _("已完成 %(n)s 次", n=standing.counted)]
    if standing.arranged:
        parts.append(_("已排 %(n)s 次", n=standing.arranged))
    return "，".join(parts)


def _badge(standing: Standing, today: date) -> tuple[str, str]:
    if standing.is_surrendered:
        return _("已退保，不计欠次"), ""
    if not standing.shortfall:
        return _("已做满"), "green"
    if standing.last_day < today:
        return _("欠 %(n)s 次", n=standing.shortfall), "red"
    if not standing.unplanned:
        return _("不欠次"), "green"
    return _("还有 %(n)s 次没排", n=standing.unplanned), "amber"


def _forecast(standing: Standing, today: date) -> str:
    if standing.is_surrendered:
        return _("退保后不再安排服务，已完成的照常回访、归档。")
    if not standing.shortfall:
        return _("应做的都做完了。")
    if standing.last_day < today:
        return _("保险期间已经结束，少做的次数不能再补。")
    if standing.unplanned:
        return _("按现在的安排，到期还差 %(n)s 次。", n=standing.unplanned)
    return _("按现在的安排，到期前能做满。")


def _source(standing: Standing) -> str:
    profile = PROFILES[standing.profile]
    if standing.kept_at is None:
        return _("按台账现有数据当场计算，规则：%(profile)s。服务周期开始后留存。", profile=profile)
    at = moment(standing.kept_at)
    return _("%(at)s 计算并留存，规则：%(profile)s。次数只升不降。", at=at, profile=profile)


def _year(standing: Standing, year: YearStanding, *, is_current: bool) -> YearView:
    quota = year.quota
    several = len(standing.years) > 1
    first, last = quota.year.first_day, quota.year.last_day
    return YearView(
        title=_("第 %(n)s 保单年度", n=quota.year.index) if several else _("本保单期"),
        span=_("%(first)s 至 %(last)s", first=first.isoformat(), last=last.isoformat()),
        required=quota.required,
        counted=year.progress.counted if year.progress is not None else 0,
        tiers=_tiers(standing, year),
        note=_note(standing, year),
        is_current=is_current,
    )


def _note(standing: Standing, year: YearStanding) -> str:
    quota = year.quota
    if quota.year.complete:
        return ""
    if standing.facts.short_term_rule is ShortTermRule.PRORATE_CEIL:
        return _("这一年度只有 %(days)s 天，按天折算后为 %(n)s 次。", days=quota.year.days, n=quota.required)
    return _("这一年度只有 %(days)s 天；本规则集短期不减次。", days=quota.year.days)


def _tiers(standing: Standing, year: YearStanding) -> tuple[TierView, ...]:
    reasons: Mapping[Tier, list[Reason]] = {
        tier: [r for r in year.quota.reasons if r.tier is tier] for tier in Tier
    }
    most = year.quota.full_year
    views = {
        Tier.PREMIUM: _premium(standing, reasons[Tier.PREMIUM]),
        Tier.INDUSTRY: _industry(reasons[Tier.INDUSTRY]),
        Tier.HISTORY: _history(standing, year, reasons[Tier.HISTORY]),
    }
    names = {Tier.PREMIUM: _("第一档"), Tier.INDUSTRY: _("第二档"), Tier.HISTORY: _("第三档")}
    found = []
    winner_told = False
    for tier, (title, lines) in views.items():
        visits = max((reason.visits for reason in reasons[tier]), default=0)
        is_winner = bool(visits) and visits == most and not winner_told
        winner_told = winner_told or is_winner
        shown = _("%(n)s 次", n=visits) if visits else "—"
        found.append(TierView(names[tier], title, lines, shown, is_winner))
    return tuple(found)


def _premium(standing: Standing, reasons: list[Reason]) -> tuple[str, tuple[str, ...]]:
    reason = reasons[0]
    premium = Decimal(reason.facts["premium"])
    low, high = Decimal(reason.facts["at_least"]), reason.facts.get("below")
    lines = [_band(low, Decimal(high) if high else None, reason.visits)]
    on = standard_day(standing.facts.term_start)
    above = next((b for b in bands("visit_tiers", on, standing.profile).value if b.at_least > premium), None)
    if above is not None:
        missing = f"{above.at_least - premium:,.2f}"
        lines.append(_("再加 %(missing)s 元进入 %(n)s 次档。", missing=missing, n=above.visits))
    return _("保费 %(premium)s 元", premium=f"{premium:,.2f}"), tuple(lines)


def _band(low: Decimal, high: Decimal | None, visits: int) -> str:
    """Return the band in words; its lower bound is inclusive (D3)."""
    if high is None:
        return _("满 %(low)s 元，每年不少于 %(n)s 次。", low=f"{low:,.0f}", n=visits)
    if not low:
        return _("不满 %(high)s 元，每年不少于 %(n)s 次。", high=f"{high:,.0f}", n=visits)
    return _(
        "满 %(low)s 元、不满 %(high)s 元，每年不少于 %(n)s 次。",
        low=f"{low:,.0f}",
        high=f"{high:,.0f}",
        n=visits,
    )


def _industry(reasons: list[Reason]) -> tuple[str, tuple[str, ...]]:
    if reasons:
        industry = reasons[0].facts["industry"]
        return _("属于八大高危行业：%(industry)s", industry=industry), (explain(reasons[0]),)
    return _("不属于八大高危行业"), (_("高危行业由人工认定，认定有变在单位资料里改。"),)


def _history(standing: Standing, year: YearStanding, reasons: list[Reason]) -> tuple[str, tuple[str, ...]]:
    if reasons:
        return _("触发 %(n)s 项", n=len(reasons)), tuple(explain(reason) for reason in reasons)
    return _("没有触发"), _untriggered(standing, year)


def _untriggered(standing: Standing, year: YearStanding) -> tuple[str, ...]:
    """Return what is known of the year before, with the limit that was not reached."""
    prior, before = year.prior, year.quota.year.first_day.year - 1
    on = standard_day(standing.facts.term_start)
    if prior.deaths is None:
        lines = [_("没有登记 %(year)s 年的事故和失信情况", year=before)]
    else:
        injured = prior.max_injured_in_one_accident or 0
        lines = [
            _("%(year)s 年死亡 %(n)s 人，单次受伤最多 %(m)s 人", year=before, n=prior.deaths, m=injured),
            _("未列入失信惩戒或黑名单"),
        ]
    if prior.claim_count is None:
        return (*lines, _("没有登记上一保单年度的保单，索赔和赔付率不适用"))
    limit = number("claim_count_over", on, standing.profile).value
    lines.append(_("上一保单年度索赔 %(n)s 宗（超过 %(limit)s 宗才触发）", n=prior.claim_count, limit=limit))
    return (*lines, _ratio(prior, on, standing.profile))


def _ratio(prior: PriorYear, on: date, profile: str) -> str:
    limit = f"{share('loss_ratio_over', on, profile).value * 100:.0f}"
    ratio = percent(prior.paid or Decimal(), prior.premium or Decimal())
    if ratio is None:
        return _("上一保单年度没有保费，赔付率不适用")
    return _("赔付率 %(ratio)s%%（超过 %(limit)s%% 才触发）", ratio=ratio, limit=limit)
