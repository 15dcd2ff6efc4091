"""Samples about hazards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from documents.papers.common import Fact, Signature
from documents.papers.hazards import (
    ChaseLine,
    Commitments,
    DeclineNotice,
    DeliveryReceipt,
    Extension,
    HazardLine,
    HazardNotice,
    RectificationSheet,
    Round,
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

MAJOR = HazardLine(
    number="WR01-YH-2026-001902",
    place="罐区 3 号甲醇储罐",
    description=(
        "可燃气体报警器断电停用，现场无人报备；储罐高液位联锁被旁路，操作室显示“联锁解除”已超过 48 小时。"
    ),
    level="重大",
    is_major=True,
    hazard_class="现场管理 · 生产设备设施",
    suggestion="立即恢复可燃气体报警器供电并校验；恢复高液位联锁，经仪表专业人员确认后方可进料；查明旁路原因并纳入变更管理。",
    deadline=date(2026, 12, 5),
    basis="《化工和危险化学品生产经营单位重大生产安全事故隐患判定标准（试行）》第十二条",
    cause="物的不安全状态",
    accident_kind="其他爆炸",
    stop_work_advice="建议在联锁恢复前停止 3 号储罐进料作业，撤出罐区无关人员并设警戒。",
    photos=(drawn_photo(20, "报警器断电"), drawn_photo(90, "联锁旁路画面"), drawn_photo(150, "储罐全景")),
)

GENERAL = HazardLine(
    number="WR01-YH-2026-001903",
    place="一车间配电间",
    description="配电箱门缺失，电缆进线孔未封堵，箱前堆放空桶 6 只。",
    level="一般",
    is_major=False,
    hazard_class="现场管理 · 用电",
    suggestion="补装箱门，封堵孔洞，清理箱前 1 米内杂物并划线。",
    deadline=date(2026, 12, 1),
    accident_kind="触电",
    photos=(drawn_photo(200, "整改前"),),
)

ON_SPOT = HazardLine(
    number="WR01-YH-2026-001904",
    place="二号仓库东门",
    description="灭火器压力不足，指针位于红区。",
    level="一般",
    is_major=False,
    hazard_class="现场管理 · 消防",
    suggestion="更换灭火器，每月点检并签字。",
    deadline=date(2026, 11, 20),
    fixed_on_spot=True,
)

HAZARD_NOTICE = HazardNotice(
    head=head("GZ", "温安服告〔2026〕0412 号"),
    unit=UNIT,
    visit_number="WR01-FW-2026-000655",
    inspected=ON_SITE,
    inspectors=TEAM,
    hazards=(MAJOR, GENERAL, ON_SPOT),
    feedback_phone="0577-88880000",
    signatures=both_signed(),
)

DELIVERY_RECEIPT = DeliveryReceipt(
    head=head("HZ"),
    unit=UNIT,
    served_title="事故隐患告知书",
    served_number="WR01-GZ-2026-000412",
    hazards=3,
    majors=1,
    method="当面送达",
    served_at=at(11, 20, 16, 20),
    served_by="林龑",
    refused=True,
    witness="王立（社区网格员）",
    proof=("留置现场照片", "见证人说明"),
    signatures=both_signed(),
)

RECTIFICATION_SHEET = RectificationSheet(
    head=head("ZG"),
    unit=UNIT,
    notice_number="WR01-GZ-2026-000412",
    hazard=MAJOR,
    original_deadline=date(2026, 11, 30),
    plan=Commitments(
        responsible="章喆（安全负责人）",
        measures="恢复报警器供电并校验；恢复联锁；修订变更管理制度。",
        finish_by=date(2026, 12, 5),
        funds=Decimal("36500.00"),
        contingency_plan="3 号储罐泄漏现场处置方案（2026 版），已演练。",
    ),
    rounds=(
        Round(
            number=1,
            measures_done="报警器已恢复供电，联锁恢复中。",
            finished_on=date(2026, 11, 28),
            submitted_by="章喆",
            checker="林龑",
            method="现场复查",
            checked_at=at(11, 30, 10, 0),
            passed=False,
            opinion="联锁投用后未做联调试验，液位变送器示值偏差 4%。",
            new_deadline=date(2026, 12, 5),
            photos=(drawn_photo(20, "整改前"), drawn_photo(70, "第 1 次整改后")),
        ),
        Round(
            number=2,
            measures_done="完成联锁联调试验，更换液位变送器，修订变更管理制度并培训 32 人。",
            finished_on=date(2026, 12, 3),
            submitted_by="章喆",
            cost=Decimal("35800.00"),
            checker="林龑",
            method="现场复查",
            checked_at=at(12, 4, 14, 30),
            passed=True,
            opinion="联锁动作正常，报警器校验合格，可以恢复进料。",
            photos=(drawn_photo(120, "联调记录"), drawn_photo(170, "整改后")),
        ),
    ),
    treatment=(
        Fact("现状及原因", "报警器电源改造期间未恢复供电，联锁旁路未办理变更审批。"),
        Fact("危害与难易", "液位失控可致甲醇溢流、火灾爆炸；整改需停用 3 号储罐 5 天。"),
        Fact("目标任务", "恢复报警与联锁，杜绝擅自旁路。"),
        Fact("方法措施", "恢复供电、校验、联调、制度修订、培训。"),
        Fact("经费物资", "36,500.00 元，液位变送器 1 台。"),
        Fact("机构人员责任", "安全部章喆总负责，仪表班组实施。"),
        Fact("时限要求", "2026年12月5日前完成。"),
        Fact("安全措施和应急预案", "停止进料、设警戒、落实 3 号储罐泄漏现场处置方案。"),
    ),
    extensions=(
        Extension(
            date(2026, 11, 30),
            date(2026, 12, 5),
            "液位变送器到货延迟",
            "陈坚（第三方负责人）",
            at(11, 29, 16, 0),
        ),
    ),
    state="已闭环",
    signatures=(
        Signature("投保单位整改责任人", "章喆", "安全负责人", at(12, 3, 17, 0), drawn_signature()),
        Signature("复查人", "林龑", "注册安全工程师", at(12, 4, 15, 0), drawn_signature()),
    ),
)

DECLINE_NOTICE = DeclineNotice(
    head=replace(head("JB"), issuer=INSURER),
    unit=UNIT,
    policy=POLICY,
    recipient="温州市龙湾区应急管理局",
    hazards=(MAJOR,),
    refusal_basis="经两次有记录的催告，投保单位未回应也未整改，由第三方服务机构认定为拒不整改。",
    chases=(
        ChaseLine(at(12, 6, 9, 30), "电话", "章喆", "告知期限已过，请说明整改进度；对方称“暂不处理”。"),
        ChaseLine(
            at(12, 12, 10, 0), "书面（邮寄）", "法定代表人 章㛃", "第二次书面催告，邮件已签收，无回应。"
        ),
    ),
    reason="存在重大事故隐患且拒不整改，风险不可接受。",
    result="本保险期间届满后不再承保，现行保单效力不受影响。",
    decided_by="王立（承保部负责人）",
    decided_on=date(2026, 12, 18),
    channel="书面",
    copy_to="温州市安全生产责任保险联席会议办公室",
    signatures=(Signature("保险机构", seal=True), Signature("行业主管部门签收", seal=True)),
)
