"""Samples of what is printed around one visit."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Fact, Signature, Span
from documents.papers.visit import (
    Attempt,
    ChecklistSummary,
    HazardSummary,
    Permission,
    PreContact,
    Reschedule,
    ReturnVisit,
    ServiceDone,
    VisitRecord,
)
from documents.samples.common import (
    INSURER,
    ON_SITE,
    POLICY,
    TEAM,
    UNIT,
    at,
    both_signed,
    drawn_photo,
    drawn_signature,
    head,
)
from documents.samples.hazards import GENERAL, MAJOR, ON_SPOT

VISIT_NUMBER = "WR01-FW-2026-000655"

PRE_CONTACT = PreContact(
    head=head("YY"),
    unit=UNIT,
    visit_number=VISIT_NUMBER,
    contacted_at=at(11, 12, 10, 20),
    method="电话",
    service_time=Span(at(11, 20, 9, 0), at(11, 20, 16, 0)),
    content="罐区、一车间、二号仓库隐患排查；特殊作业审批抽查；班组长座谈。",
    technical_measures="便携式气体检测、红外测温；不动用明火，不进入受限空间。",
    protective_measures="安全帽、防静电服与鞋、四合一气体检测仪；进入罐区前释放静电并交出手机。",
    visitors=TEAM,
    site_contact="章喆　19900001234",
    site_rules="遵守厂区限速与禁火规定，全程由安全部陪同。",
    confirm_time=True,
    confirm_content=True,
    confirm_measures=True,
    permission=Permission("章㛃", "总经理", "书面签字", at(11, 13, 9, 0), "签字扫描件 1 份"),
    reschedules=(
        Reschedule(at(11, 10, 15, 0), "章喆", Span(at(11, 20, 9, 0), at(11, 20, 16, 0)), "原定日停车检修"),
    ),
    signatures=(
        Signature("投保单位", "章㛃", "总经理", at(11, 13, 9, 0), drawn_signature(), seal=True),
        Signature("第三方服务机构", "林龑", "组长", at(11, 12, 11, 0), drawn_signature()),
    ),
)

VISIT_RECORD = VisitRecord(
    head=head("FW"),
    unit=UNIT,
    policy_number=POLICY.number,
    insurer=INSURER,
    days=ON_SITE,
    place="龙湾厂区罐区、一车间、二号仓库",
    team=TEAM,
    items=(
        ServiceDone("隐患排查", "按化工行业清单检查 10 项，发现隐患 3 项，其中重大 1 项。"),
        ServiceDone("安全培训", "动火作业审批与监护，班组长 12 人参加，签到表与课件已留存。"),
    ),
    process=(
        "9:05 进场并接受安全告知；先后检查罐区、一车间、二号仓库，抽查动火票 6 份；"
        "14:30 组织班组长座谈；15:40 离场。"
    ),
    measures_taken="当场更换灭火器 1 具；重大隐患当场告知并建议停止进料。",
    comment="情况属实，将按建议整改。",
    position="东经 120.8123，北纬 27.9341（距单位登记位置 60 米）",
    escort="章喆（安全负责人）",
    protective_measures="全程佩戴气体检测仪，未进入受限空间。",
    checklists=(
        ChecklistSummary("化工行业检查清单", 8, 2, 0, ("禁止带病运行、擅停报警联锁", "可燃有毒气体报警正常")),
    ),
    hazards=tuple(
        HazardSummary(z.number, z.place, z.description, z.level, z.is_major, z.deadline)
        for z in (MAJOR, GENERAL, ON_SPOT)
    ),
    notices=("温安服告〔2026〕0412 号",),
    photos=tuple(drawn_photo(hue, f"现场照片 {n}") for n, hue in enumerate((10, 60, 110, 160, 210), 1)),
    return_visit="2026年11月27日电话回访，满意度 5 分，受访人章㛃。",
    signatures=both_signed(),
)

RETURN_VISIT = ReturnVisit(
    head=head("HF"),
    unit=UNIT,
    visit_number=VISIT_NUMBER,
    completed_on=date(2026, 11, 20),
    due=date(2026, 12, 4),
    team=TEAM,
    contacted_at=at(11, 27, 10, 30),
    method="电话",
    respondent="章㛃",
    respondent_title="总经理",
    satisfaction=5,
    opinion="检查仔细，建议具体；希望培训多讲事故案例。",
    rectification_state="重大隐患整改中，一般隐患 2 项已完成。",
    caller="吴小喆",
    scores=(Fact("专业", "5"), Fact("服务", "5"), Fact("及时", "4"), Fact("安全", "5")),
    attempts=(Attempt(at(11, 25, 9, 10), "电话", "无人接听"),),
    signatures=(Signature("回访人", "吴小喆", "回访员", at(11, 27, 10, 45), drawn_signature()),),
)
