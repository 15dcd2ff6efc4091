"""The registers of offices in the sample city: an agency with its contract, and an entry of each small register."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.offices import AGENCY, JOINT_OFFICE, Offices
from store.tables import AgencyProfile, Engagement, OfficeRecord, Organization, RuleSource


def found_rosters(session: Session, offices: Offices, now: datetime) -> None:
    """Fill the registers, so that lists show what they are for; the agency's qualification ends before its contract."""
    ids = {name: org_id for org_id, name in session.execute(select(Organization.id, Organization.name))}
    today = now.date()
    session.add(
        AgencyProfile(
            organization_id=ids[AGENCY],
            kind="safety_evaluation",
            qualification_no="APJ-（浙）-012",
            valid_until=today + timedelta(days=260),
            selected_on=today - timedelta(days=300),
        )
    )
    session.add(
        Engagement(
            kind="provider_agency",
            number="PY-2026-004",
            party_a_id=offices.provider,
            party_b_id=ids[AGENCY],
            start=today - timedelta(days=300),
            end=today + timedelta(days=420),
            pricing="按次计价，每次 1800 元",
            org_id=offices.provider,
        )
    )
    session.add(
        RuleSource(
            number="温安委办〔2020〕4号",
            name="温州市安全生产责任保险事故预防服务标准",
            effective_from=date(2020, 6, 1),
            profile="wenzhou-2020",
        )
    )
    session.add_all((*_of_the_joint_office(offices, ids[JOINT_OFFICE], now), *_of_others(offices, now)))


def _of_the_joint_office(offices: Offices, joint: UUID, now: datetime) -> tuple[OfficeRecord, OfficeRecord]:
    today = now.date()
    guidance = OfficeRecord(
        kind="guidance",
        number="温安责办〔2026〕8号",
        title="两家单位的服务档案超期",
        party_id=offices.provider,
        text="补齐回访和归档，报送整改情况",
        day=today - timedelta(days=6),
        until=today + timedelta(days=9),
        state="closed",
        result="两户均已补齐并归档",
        details={"form": "supervision"},
        org_id=joint,
    )
    answer = OfficeRecord(
        kind="interpretation",
        number="温安责释〔2026〕1号",
        title="保费三万元整按几次服务",
        text="两档重叠时取大，按两次服务",
        day=today - timedelta(days=90),
        is_public=True,
        details={"article": "第十四条"},
        org_id=joint,
    )
    return guidance, answer


def _of_others(offices: Offices, now: datetime) -> tuple[OfficeRecord, OfficeRecord]:
    today, provider = now.date(), offices.provider
    checked = OfficeRecord(
        kind="supervision",
        number="JC-2026-002",
        title="一季度事故预防费用使用",
        party_id=provider,
        text="一笔培训支出的凭证不全",
        day=today - timedelta(days=20),
        until=today - timedelta(days=5),
        state="closed",
        result="凭证已补齐",
        org_id=offices.insurer,
        insurer_id=offices.insurer,
    )
    service = OfficeRecord(
        kind="service",
        title="粉尘涉爆专项排查",
        text="对照判定标准逐项排查，当场讲解整改办法",
        day=today - timedelta(days=200),
        details={"item": "hazard_inspection", "deliverable": "隐患告知书"},
        org_id=provider,
    )
    return checked, service
