"""Samples of what is printed of a group training, and of a meeting with agencies and experts."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Signature, Unit
from documents.papers.gatherings import (
    Addressee,
    Attendance,
    MeetingIssue,
    MeetingMinutes,
    TrainingInvitation,
    TrainingRecord,
)
from documents.samples.common import UNIT, head

TRAINING_INVITATION = TrainingInvitation(
    head=head("YQ"),
    unit=UNIT,
    topic="节后复工安全培训",
    focus="节后复工的建筑施工单位",
    held_on=date(2026, 3, 12),
    starts_at="14:00–16:30",
    mode="现场",
    place="鹿城区安全教育体验馆二楼",
    speaker="陈屿（注册安全工程师）",
    addressees=(Addressee(UNIT.name, UNIT.address, "王建国"), Addressee("温州䲜渔船舶修造有限公司")),
)

TRAINING_RECORD = TrainingRecord(
    head=head("PJ"),
    unit=UNIT,
    training_number="WR01-PX-2026-000003",
    topic="节后复工安全培训",
    audience="按行业",
    focus="节后复工的建筑施工单位",
    held_on=date(2026, 3, 12),
    starts_at="14:00–16:30",
    mode="现场",
    place="鹿城区安全教育体验馆二楼",
    speaker="陈屿（注册安全工程师）",
    invited=36,
    households=2,
    people=5,
    attendance=(Attendance(UNIT.name, 3, "站内通知"), Attendance("温州䲜渔船舶修造有限公司", 2, "邀请函")),
    materials=1,
    sheets=2,
    signatures=(Signature("讲师"), Signature("第三方服务机构", seal=True)),
)

MEETING_MINUTES = MeetingMinutes(
    head=head("XJ"),
    unit=Unit(""),
    meeting_number="WR01-XS-2026-000002",
    kind="季度协商",
    held_on=date(2026, 3, 20),
    place="公司三楼会议室",
    participants=("瓯江安全技术有限公司", "陈屿", "周行知"),
    guests="瓯江财产保险股份有限公司温州分公司 张承保",
    issue="",
    summary="逐条讨论了本季度没有了结的问题，各方同意下列方案。",
    issues=(
        MeetingIssue(
            "复查不合格",
            "两家单位整改材料交得慢",
            "送达告知书时一并约好复查日期",
            "林协调",
            date(2026, 4, 10),
        ),
        MeetingIssue("其他", "有限空间检查缺气体检测仪", "向技术机构借用两台", "周负责", date(2026, 4, 20)),
    ),
    signatures=(Signature("第三方服务机构", seal=True),),
)
