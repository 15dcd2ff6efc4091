"""Measures of money, people, claims and complaints (第六、八、十、二十二条)."""

from sqlalchemy import and_, case, exists, or_
from sqlalchemy.orm import aliased

from store.measures.insured import net_premium
from store.measures.model import COUNT, MEAN, PERCENT, YUAN, Condition, Measure, Rows, Window, counted
from store.measures.services import visits
from store.tables import Claim, Complaint, Deadline, Expert, FundEntry, Person

_OF_COMPLAINTS = ("complaint_reply", "complaint_verify", "complaint_extension")


def _complaints(window: Window, *such: Condition, part: object = 1, whole: object = None) -> Rows:
    rows = counted("complaint", Complaint.id, Complaint.number, Complaint, part=part, whole=whole)
    return rows.where(window.owns(Complaint), *such)


def _received(window: Window) -> Rows:
    return _complaints(window, window.holds_moment(Complaint.received_at))


def _replied_in_time(window: Window) -> Rows:
    late = exists().where(
        Deadline.case_id == Complaint.case_id,
        Deadline.kind.in_(_OF_COMPLAINTS),
        or_(Deadline.met_on.is_(None), Deadline.met_on > Deadline.due),
    )
    return _complaints(window, window.holds(Complaint.due), part=case((late, 0), else_=1), whole=1)


def _resolved_at_first(window: Window) -> Rows:
    at_once = and_(Complaint.accepted.is_(True), Complaint.mediation.is_(None))
    replied = window.holds_moment(Complaint.replied_at)
    return _complaints(window, replied, part=case((at_once, 1), else_=0), whole=1)


def _is_of(kind: str) -> Condition:
    """Tell whether an entry of the ledger adds to this kind, or takes an entry of it back (第六条)."""
    mistaken = aliased(FundEntry)
    taken_back = exists().where(mistaken.id == FundEntry.reverses_id, mistaken.kind == kind)
    return or_(FundEntry.kind == kind, and_(FundEntry.kind == "reversal", taken_back))


_SIGNED = case((FundEntry.kind == "reversal", -FundEntry.amount), else_=FundEntry.amount)


def _entries(window: Window, *such: Condition, part: object = _SIGNED, whole: object = None) -> Rows:
    rows = counted(
        "fund_entry",
        FundEntry.id,
        FundEntry.number,
        FundEntry,
        part=part,
        whole=whole,
        day=FundEntry.entry_date,
        category=FundEntry.category,
    )
    return rows.where(window.owns(FundEntry), *such)


def _booked(window: Window, kind: str) -> Rows:
    return _entries(window, window.holds(FundEntry.entry_date), _is_of(kind))


def _used(window: Window) -> Rows:
    spent, set_aside = (case((_is_of(kind), _SIGNED), else_=0) for kind in ("expense", "accrual"))
    return _entries(window, window.holds(FundEntry.entry_date), part=spent, whole=set_aside)


def _balance(window: Window) -> Rows:
    amount = case((_is_of("expense"), -_SIGNED), else_=_SIGNED)
    return _entries(window, FundEntry.entry_date <= window.last_day, part=amount)


def _claims(window: Window, part: object = 1) -> Rows:
    rows = counted("claim", Claim.id, Claim.number, Claim, part=part, day=Claim.reported)
    return rows.where(window.owns(Claim), window.holds(Claim.reported), Claim.state != "withdrawn")


def _claim(
    name: str, title: str, about: str, part: object = 1, unit: str = COUNT, word: str = "宗"
) -> Measure:
    told = f"期内报案、没有销案的赔案{about}，按报案日计。"
    return Measure(name, title, told, unit, word, lambda window: _claims(window, part), source="claim")


def _experts(window: Window) -> Rows:
    rows = counted("person", Person.id, Person.name, Expert, part=Expert.score, whole=1)
    return rows.join_from(Expert, Person, Person.id == Expert.person_id).where(
        window.owns(Expert), Expert.status == "active", Expert.score.is_not(None)
    )


CLAIMS = (
    _claim("claims_reported", "赔案", "，一案一宗"),
    _claim("claims_paid", "已决赔款", "已经赔付的", Claim.paid, YUAN, "元"),
    _claim("claims_outstanding", "未决赔款", "估计还要赔付的", Claim.outstanding, YUAN, "元"),
    _claim("claims_deaths", "死亡", "里死亡的", Claim.deaths, word="人"),
    _claim("claims_injured", "受伤", "里受伤的", Claim.injured, word="人"),
    Measure(
        "loss_ratio",
        "赔付率",
        "期内报案、没有销案的赔案的已决赔款÷期内签单的净保费。",
        PERCENT,
        "%",
        lambda window: _claims(window, Claim.paid),
        per=net_premium,
        source="claim",
        per_source="policy",
    ),
)
MEANS = (
    Measure("complaints", "收到投诉", "期内受理的投诉，按受理日计。", COUNT, "件", _received, by_month=False),
    Measure(
        "complaint_rate",
        "投诉率",
        "期内受理的投诉÷期内完成的线下服务。",
        PERCENT,
        "%",
        _received,
        per=visits,
        per_source="visit",
        by_month=False,
    ),
    Measure(
        "reply_on_time",
        "按期答复率",
        "答复期限在期内的投诉里，按期答复的占多少；核实、延期的按批准后的期限，没有答复的算不按期。",
        PERCENT,
        "%",
        _replied_in_time,
        by_month=False,
    ),
    Measure(
        "first_resolution",
        "一次解决率",
        "期内答复的投诉里，一次答复对方就接受的占多少；没有表示的算没接受。",
        PERCENT,
        "%",
        _resolved_at_first,
        by_month=False,
    ),
    Measure(
        "fund_spent",
        "费用支出",
        "期内记账的事故预防服务费用支出，红字冲销的已经减去。",
        YUAN,
        "元",
        lambda window: _booked(window, "expense"),
        source="fund_entry",
        category="fund_category",
    ),
    Measure(
        "fund_accrued",
        "费用提取",
        "期内记账的事故预防服务费用提取，红字冲销的已经减去。",
        YUAN,
        "元",
        lambda window: _booked(window, "accrual"),
        source="fund_entry",
        category="fund_category",
    ),
    Measure(
        "fund_accrual_ratio",
        "提取比例",
        "期内提取的费用÷期内签单的净保费；适用哪一套规则、够不够，见“适用规则”。",
        PERCENT,
        "%",
        lambda window: _booked(window, "accrual"),
        per=net_premium,
        source="fund_entry",
        per_source="policy",
    ),
    Measure(
        "fund_use_ratio",
        "使用比例",
        "期内支出÷期内提取，红字冲销的都已经减去。",
        PERCENT,
        "%",
        _used,
        source="fund_entry",
        category="fund_category",
    ),
    Measure(
        "fund_balance",
        "费用余额",
        "到期末为止的全部提取减去全部支出，红字冲销的都已经减去。",
        YUAN,
        "元",
        _balance,
        by_month=False,
        source="fund_entry",
        category="fund_category",
    ),
    Measure(
        "unit_cost",
        "每次服务费用",
        "期内支出÷期内完成的线下服务次数。",
        MEAN,
        "元/次",
        lambda window: _booked(window, "expense"),
        per=visits,
        source="fund_entry",
        per_source="visit",
    ),
    Measure(
        "expert_score_mean",
        "专家评分",
        "在库、有评分的专业技术人员评分的平均；按现在，不分期。",
        MEAN,
        "分",
        _experts,
        by_month=False,
    ),
)
