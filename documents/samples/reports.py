"""Sample contents of the reports to the joint office."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Fact, Signature, Unit
from documents.papers.reports import Cell, Improvement, MonthlyReport, Part, SelfReview
from documents.samples.common import head

_OFFICE = (Signature("第三方服务机构", seal=True),)
_DIGEST = "5f0c" * 16

MONTHLY_REPORT = MonthlyReport(
    head=head("TJ"),
    unit=Unit(""),
    period="2026年10月",
    first_day=date(2026, 10, 1),
    last_day=date(2026, 10, 31),
    version=2,
    sha256=_DIGEST,
    reason_of_correction="请核对逾期未闭环的数字",
    figures=(
        Fact("发现隐患", "128 项", "117 项（+11 项）"),
        Fact("重大隐患", "1 项", "0 项（+1 项）"),
        Fact("整改率", "93.8 %", "—"),
    ),
    cells=(
        Cell("危险化学品", "鹿城区", "用电", 9, 0, 7, 1),
        Cell("建筑施工", "瓯海区", "消防", 14, 1, 12, 0),
    ),
    parts=(
        Part("趋势", "比上月多 11 项，多在用电和消防。\n重大隐患一项，已停用整改。"),
        Part("原因", "换季用电增多。"),
    ),
    signatures=_OFFICE,
)
SELF_REVIEW = SelfReview(
    head=head("PG"),
    unit=Unit(""),
    period="2026年上半年",
    first_day=date(2026, 1, 1),
    last_day=date(2026, 6, 30),
    version=1,
    sha256=_DIGEST,
    reason_of_correction="",
    figures=(
        Fact("完成服务", "214 次", "198 次（+16 次）"),
        Fact("费用支出", "68,400.00 元", "61,200.00 元（+7,200.00 元）"),
    ),
    parts=(
        Part("服务方案实施情况及效果", "按方案完成线下服务。"),
        Part("机构和人员的专业能力", "证书齐全。"),
        Part("存在的问题", "服务集中在季度末。"),
    ),
    improvements=(Improvement("每月初排好当月服务", "林若衡", date(2026, 9, 30)),),
    signatures=_OFFICE,
)
