"""Samples of papers about records of offices."""

from __future__ import annotations

from msgspec.structs import replace

from documents.papers.common import Signature, Unit
from documents.papers.offices import (
    EngagementLetter,
    FilingRegistration,
    FundStatement,
    GuidanceOrder,
    Payment,
)
from documents.samples.common import INSURER, PROVIDER, UNIT, head

OFFICE = "温州市安责险联席会议办公室"
_PROVIDER = Unit(name=PROVIDER, uscc="91330300DEM900002K", address="浙江省温州市鹿城区堃路 8 号")

GUIDANCE_ORDER = GuidanceOrder(
    head=replace(head("DB"), issuer=OFFICE),
    unit=_PROVIDER,
    form="督办",
    order_number="温安责办督〔2026〕3 号",
    matter="服务单未按期归档",
    addressee=PROVIDER,
    demand="限期补齐回访和归档，查清原因，防止再次发生。",
    day="2026-11-02",
    until="2026-11-20",
    state="办理中",
    result="",
    signatures=(Signature("联席会议办公室", seal=True),),
)

FILING_REGISTRATION = FilingRegistration(
    head=replace(head("DJ"), issuer=OFFICE),
    unit=_PROVIDER,
    filing_number="温安责备〔2026〕12 号",
    filing_status="已备案",
    filing_date="2026-01-15",
    valid_until="2028-12-31",
    signatures=(Signature("联席会议办公室", seal=True),),
)

ENGAGEMENT_LETTER = EngagementLetter(
    head=head("PS"),
    unit=_PROVIDER,
    person="林龑",
    contract_number="2026-018",
    start="2026-01-01",
    end="2026-12-31",
    signatures=(Signature("第三方服务机构", seal=True), Signature("受聘人员")),
)

FUND_STATEMENT = FundStatement(
    head=replace(head("TB"), issuer=INSURER),
    unit=UNIT,
    year=2026,
    premium="68,000.00 元",
    accrued="23,800.00 元",
    spent="5,200.00 元",
    visits=2,
    payments=tuple(Payment(f"2026-0{n}-12", "隐患排查", PROVIDER, "2,600.00") for n in (4, 9)),
    signatures=(Signature("保险机构", seal=True),),
)
