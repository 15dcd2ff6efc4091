"""Samples of what is printed in a yearly assessment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from documents.papers.assessment import (
    AssessmentResult,
    AssessmentSheet,
    DeductionNotice,
    Ground,
    Points,
    ScoredLine,
    TransferLetter,
)
from documents.papers.common import Fact, Signature, Unit
from documents.samples.common import PROVIDER, head

OFFICE = "温州市安责险联席会议办公室"
ASSESSED = Unit(name=PROVIDER, uscc="91330300DEM0009018")
SEAL = (Signature("联席会议办公室", seal=True),)
POINTS = Points(Decimal("80.00"), Decimal("10.00"), Decimal("3.50"), Decimal("86.5"))
GROUND = Ground(
    kind="不履行服务承诺",
    description="2025 年 7 月约定的 3 次服务没有去，也没有改约。",
    evidence="投诉答复书、预约确认单",
    points=Decimal("3.50"),
    defence="当时台风，已电话说明。",
    decision="认定，扣分",
    reason="没有改约记录，事后也没有补做。",
)

ASSESSMENT_SHEET = AssessmentSheet(
    head=replace(head("PF"), issuer=OFFICE),
    unit=ASSESSED,
    year=2025,
    kind="第三方服务机构",
    version=1,
    lines=(
        ScoredLine(
            "事故预防服务情况",
            "按应服务次数完成上门服务",
            Decimal(20),
            "满足",
            Decimal(20),
            "系统数字 100.0 %",
        ),
        ScoredLine(
            "安责险产品宣传与推广情况",
            "产品宣传与推广",
            Decimal(10),
            "不满足",
            Decimal(0),
            "",
            "只办了 2 场。",
        ),
    ),
    grounds=(GROUND,),
    points=POINTS,
    measures=(Fact("服务完成率", "100.0 %", "已完成的应服务次数÷应服务次数"),),
    scorers="郑喆、周㛃",
    signatures=SEAL,
)

ASSESSMENT_RESULT = AssessmentResult(
    head=replace(head("KT"), issuer=OFFICE),
    unit=ASSESSED,
    year=2025,
    kind="第三方服务机构",
    points=POINTS,
    rank=2,
    ranked=5,
    conclusion="服务次数做满，隐患闭环及时；宣传场次不足，要补上。",
    finalized_on=date(2026, 4, 28),
    appeal="维持原分。补充的材料不在考核年度内。",
    signatures=SEAL,
)

DEDUCTION_NOTICE = DeductionNotice(
    head=replace(head("KF"), issuer=OFFICE),
    unit=ASSESSED,
    year=2025,
    grounds=(replace(GROUND, defence="", decision="", reason=""),),
    defence_until=date(2026, 4, 15),
    signatures=SEAL,
)

TRANSFER_LETTER = TransferLetter(
    head=replace(head("YS"), issuer=OFFICE),
    unit=ASSESSED,
    year=2025,
    grounds=(GROUND,),
    reason="同一事由上年已经提醒过，这一年再次发生。",
    finalized_on=date(2026, 4, 28),
    signatures=SEAL,
)
