"""Samples of what is printed while a unit's service is planned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from documents.papers.common import Fact
from documents.papers.scheme import (
    Complaint,
    KeyPeriod,
    ParameterRow,
    PlannedService,
    QuotaStatement,
    ServiceScheme,
    Tier,
)
from documents.samples.common import POLICY, TEAM, UNIT, at, both_signed, head

TIERS = (
    Tier("第一档　保费", 3, "签单保费 68,000.00 元，属“6 万元至 10 万元”档，不少于 3 次", decisive=True),
    Tier("第二档　行业", 2, "危险化学品属高危行业，不少于 2 次"),
    Tier("第三档　历史", 2, "上一自然年发生一次受伤 3 人的事故，不少于 2 次"),
)

SERVICE_SCHEME = ServiceScheme(
    head=head("FA", "温安服案〔2026〕0118 号"),
    unit=UNIT,
    policy=POLICY,
    version=2,
    needs="罐区与危险作业是薄弱环节，希望在检修季前排查并培训班组长。",
    risk_state="构成三级重大危险源；甲醇储罐 4 座，涉及动火、受限空间作业；风险等级橙级。",
    required=3,
    frequency=4,
    tiers=TIERS,
    items=(
        PlannedService("隐患排查", "按化工行业清单逐项检查罐区、车间、仓库，书面告知并复查", "每次上门"),
        PlannedService("安全培训", "特殊作业审批与现场监护，班组长 30 人", "2026年4月"),
        PlannedService("风险评估", "罐区泄漏与火灾情景评估，出具报告", "2026年6月"),
        PlannedService("应急演练", "3 号储罐泄漏现场处置演练并评估", "2026年9月"),
    ),
    time_limit="自 2026年3月1日 起至 2027年2月28日 止，末次服务不晚于 2027年1月29日。",
    expected_effect="重大事故隐患清零，一般隐患整改率不低于 95%，特殊作业审批合规。",
    team=TEAM,
    guarantee="每次上门不少于 2 人，其中注册安全工程师 1 人；24 小时技术咨询。",
    complaint=Complaint(
        phone="0577-88880000",
        procedure="受理次日起 10 个工作日内书面答复；需进一步核实的 30 个工作日。",
        mediation="对答复不服的，可向温州市安全生产责任保险联席会议办公室申请调处，或依法仲裁、诉讼。",
    ),
    key_periods=(
        KeyPeriod("2026年5月检修季", "停车、清罐、动火", "罐区、一车间"),
        KeyPeriod("台风季", "", "罐区、二号仓库"),
    ),
    planned_dates=(date(2026, 4, 14), date(2026, 6, 16), date(2026, 9, 15), date(2026, 11, 20)),
    baseline="达到化工行业基础清单 10 项要求，年内通过标准化三级复评。",
    signatures=both_signed(),
)

QUOTA_STATEMENT = QuotaStatement(
    head=head("PC"),
    unit=UNIT,
    policy=POLICY,
    policy_year=1,
    year_start=date(2026, 3, 1),
    year_end=date(2027, 2, 28),
    premium=Decimal(68000),
    tiers=TIERS,
    required=3,
    facts=(
        Fact("签单保费", "68,000.00 元", "保单 PZFC202633030000001234"),
        Fact("行业", "危险化学品（人工认定）", "核实单位情况 2026年3月3日"),
        Fact("一次事故受伤人数", "3 人（2025年8月12日）", "事故快报扫描件"),
    ),
    profile="温州 2020",
    parameter_rows=(
        ParameterRow("保费分档", "3 万、6 万、10 万元；1、2、3、4 次", "温安委办〔2020〕4号", "第十四条"),
        ParameterRow("高危行业次数", "2 次", "温安委办〔2020〕4号", "第十四条"),
        ParameterRow("一次受伤人数", "3 人", "温安委办〔2020〕4号", "第十四条"),
    ),
    computed_at=at(3, 3, 10, 12),
    previous_required=2,
)
