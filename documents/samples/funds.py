"""Samples of what is printed of plans and of the fund."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Fact, Signature
from documents.papers.funds import (
    AnnualPlan,
    CategoryUse,
    FundFiling,
    FundLedger,
    LedgerLine,
    PlannedTraining,
    Share,
)
from documents.samples.common import UNIT, head

ANNUAL_PLAN = AnnualPlan(
    head=head("NJ"),
    unit=UNIT,
    year=2026,
    version=1,
    reason="",
    insurers="瓯江财产保险股份有限公司温州中心支公司",
    prior_year=2025,
    prior_premium="6,480,000.00 元",
    tiers=(
        Fact("不满 3 万元", "251 家", "2,130,000.00 元"),
        Fact("3–6 万元", "27 家", "1,190,000.00 元"),
        Fact("10 万元以上", "11 家", "2,340,000.00 元"),
    ),
    foreseen=465,
    visits=480,
    arrangement="每季度安排四分之一的单位，高危行业排在节前和汛前。",
    online="每月推送一次，七类轮流。",
    goals="覆盖率 100%，整改率 95% 以上。",
    trainings=tuple(
        PlannedTraining(date(2026, month, 12), "节后复工安全培训", "按行业", "建筑施工单位")
        for month in (3, 6, 9, 11)
    ),
    shares=(
        Share(
            "瓯江财产保险股份有限公司温州中心支公司",
            "2,268,000.00 元",
            "隐患排查 1,800,000.00 元；培训教育 468,000.00 元",
            "温州 2020 版：不低于 2,268,000.00 元，符合\n国家 2025 版：不高于 1,360,800.00 元，多 907,200.00 元",
            "同意　张承保　2026-02-03",
        ),
    ),
    recipient="温州市安责险联席会议办公室",
    signatures=(Signature("第三方服务机构", seal=True),),
)

FUND_FILING = FundFiling(
    head=head("BA"),
    unit=UNIT,
    year=2025,
    version=2,
    reason="分项使用与台账不符",
    sha256="5f0c" * 16,
    net="6,480,000.00 元",
    collected="6,300,000.00 元",
    accrued="2,268,000.00 元",
    ratio="35.00",
    spent="1,934,200.00 元",
    balance="333,800.00 元",
    categories=tuple(
        CategoryUse(name, "252,000.00 元", "214,911.11 元")
        for name in ("培训教育", "评价评估", "隐患排查", "标准化建设", "预案演练", "科技与宣传", "信息化")
    ),
    profiles="温州 2020 版：不低于 2,268,000.00 元，符合\n国家 2025 版：不高于 1,323,000.00 元，多 945,000.00 元",
    conflict="两套规则不能同时满足：下限 2,268,000.00 元高于上限 1,323,000.00 元",
    profile="温州 2020 版",
    profile_reason="按温安委办〔2020〕4号执行，等上级明确过渡办法。",
    balance_use="结转下年，用于一季度节后复工的排查。",
    reconciled="鹿安安全服务有限公司：逐项相符（叶青禾，2026-01-12）",
    signatures=(Signature("保险机构", seal=True),),
)

FUND_LEDGER = FundLedger(
    head=head("TZ"),
    unit=UNIT,
    year=2025,
    accrued="2,268,000.00 元",
    spent="1,934,200.00 元",
    balance="333,800.00 元",
    lines=tuple(
        LedgerLine(
            f"WR01-FY-2025-{number:06d}",
            date(2025, 11, number),
            "支出",
            "隐患排查",
            "服务单 WR01-FW-2025-000412",
            "鹿安安全服务有限公司",
            "2,600.00",
        )
        for number in range(1, 28)
    ),
    count=412,
    signatures=(Signature("保险机构", seal=True),),
)
