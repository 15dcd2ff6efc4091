"""Samples of what is printed of a group training."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Signature
from documents.papers.gatherings import Addressee, Attendance, TrainingInvitation, TrainingRecord
from tests.documents.samples.common import UNIT, head

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
