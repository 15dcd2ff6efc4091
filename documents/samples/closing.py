"""Samples of what is printed on refusal, at the end of a year, when a case file is closed."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from msgspec.structs import replace

from documents.papers.closing import CaseFileCover, ComplaintReply, IndexLine, RateEvidence, RefusalNotice
from documents.papers.common import Fact, Signature
from documents.samples.common import INSURER, POLICY, UNIT, at, head

REFUSAL_NOTICE = RefusalNotice(
    head=replace(head("JJ"), issuer=INSURER),
    unit=UNIT,
    policy=POLICY,
    refused_on=date(2026, 6, 8),
    refused_by="章㛃（总经理）",
    manner="书面",
    scope="本保险期间全部线下服务",
    reason="认为已有自聘技术人员，不需要上门服务。",
    channel="书面（邮寄）",
    address=UNIT.address,
    contact_phone="0577-88880000",
    signatures=(Signature("保险机构", seal=True), Signature("投保单位签收", seal=True)),
)

COMPLAINT_REPLY = ComplaintReply(
    head=replace(head("TD"), issuer=INSURER),
    unit=UNIT,
    policy=POLICY,
    complaint_number="WR01-TS-2026-000012",
    complainant="章㛃（总经理）",
    received_on=date(2026, 6, 8),
    due=date(2026, 6, 23),
    request="反映上门时间改了三次，要求按时上门。",
    findings="三次改期属实，其中一次没有提前一天告知。",
    basis="事故预防工作方案约定的服务时限。",
    measures="要求服务机构五日内上门，并书面致歉。",
    remedy="不服本答复的，可以申请调解、仲裁，或者提起诉讼。",
    contact_phone="0577-88880000",
    signatures=(Signature("保险机构", seal=True),),
)

RATE_EVIDENCE = RateEvidence(
    head=head("FL"),
    unit=UNIT,
    policy=POLICY,
    final=True,
    required=3,
    counted=4,
    cooperation=(
        Fact("预约次数", "4 次", "服务单 4 份"),
        Fact("改期次数", "1 次", "改期记录 2026年11月10日"),
        Fact("拒绝入场", "0 次"),
        Fact("平均确认时长", "1.5 个工作日", "预约确认单"),
    ),
    rectification=(
        Fact("应整改隐患", "23 项", "告知书 4 份"),
        Fact("已整改", "22 项", "复查单 22 份"),
        Fact("逾期", "1 项", "WR01-YH-2026-001902"),
        Fact("拒不整改", "0 项"),
    ),
    risk_control=(
        Fact("风险等级", "橙级 → 黄级", "单位情况 2026年3月、2027年2月"),
        Fact("重大事故隐患", "1 项，已闭环", "复查单"),
        Fact("行业清单符合率", "80.0 % → 100.0 %", "检查清单首次与末次"),
    ),
    cooperation_score=4,
    rectification_note="重大隐患经一次延期、两次复查后闭环。",
    risk_control_note="检修季增加一次服务，动火审批合规率明显提高。",
    factors=("重大事故隐患已按期治理", "无拒绝服务与拒绝入场", "上年事故后未再发生"),
    reviewed_by="赵协",
)

CASE_FILE_COVER = CaseFileCover(
    head=head("DA"),
    unit=UNIT,
    title="温州龑堃化工有限公司 2026 年度第 4 次事故预防服务档案",
    policy=POLICY,
    insurer=INSURER,
    period_start=date(2026, 11, 5),
    period_end=date(2026, 12, 18),
    index=tuple(
        IndexLine(n, name, day, pages, sha256(name.encode()).hexdigest())
        for n, (name, day, pages) in enumerate(
            (
                ("服务预约及进场确认单", date(2026, 11, 12), 1),
                ("事故预防服务记录表", date(2026, 11, 20), 2),
                ("事故隐患告知书 温安服告〔2026〕0412 号", date(2026, 11, 20), 3),
                ("服务回访记录", date(2026, 11, 27), 1),
                ("现场照片 12 张", date(2026, 11, 20), None),
            ),
            1,
        )
    ),
    sealed_at=at(12, 18, 16, 0),
    confirmed_by="赵协（协调员）",
    retain_until=date(2032, 2, 28),
    chain_head=sha256("链头".encode()).hexdigest(),
    event_count=86,
    elements=tuple(
        Fact(name, value, source)
        for name, value, source in (
            ("时间", "2026年11月20日 09:05 至 15:40", "服务记录表"),
            ("地点", "龙湾厂区罐区、一车间、二号仓库", "服务记录表"),
            ("机构", "温州未然安全技术服务有限公司", "服务记录表"),
            ("人员", "林龑、周晓堃", "服务记录表"),
            ("内容", "隐患排查、安全培训", "服务记录表"),
            ("过程", "见服务过程", "服务记录表"),
            ("回访", "2026年11月27日，5 分", "回访记录"),
        )
    ),
    checks=(
        Fact("七要素", "齐全"),
        Fact("双方确认", "已签字", "服务记录表"),
        Fact("照片原件摘要", "一致", "12 张"),
    ),
    signatures=(Signature("归档人", "赵协", "协调员", at(12, 18, 16, 0)), Signature("复核人")),
)
