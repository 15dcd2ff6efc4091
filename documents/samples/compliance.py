"""Sample content of the report of all duties."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Unit
from documents.papers.compliance import ComplianceReport, DutyLine, Row
from documents.samples.common import head

COMPLIANCE_REPORT = ComplianceReport(
    head=head("HG"),
    unit=Unit(""),
    day=date(2026, 11, 28),
    scope="全部机构和单位",
    standings=(("不符合", 1), ("符合", 1)),
    duties=(
        DutyLine(
            "第十四条",
            "服务次数不少于三档取大",
            "应",
            "不符合",
            117,
            119,
            "119 份保单中 2 份欠次",
            "补排上门服务",
            2,
            (Row("不符合", "瓯海区双屿汇鑫电气有限公司", "应服务 3 次，完成 2 次", date(2026, 11, 20)),),
        ),
        DutyLine(
            "第十九条", "完成后 20 个工作日内归档", "应", "符合", 214, 214, "214 次服务都按期归档", "", 0, ()
        ),
    ),
)
