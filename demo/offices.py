"""The offices of the sample city and one account for each role."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from demo.accounts import PASSWORD, PROVIDER, UNIT, let_in
from rules.codes import uscc_check_sign
from rules.roles import ROLES
from store.search import bigrams
from store.tables import (
    Engagement,
    Expert,
    FundPlan,
    HazardTemplate,
    InsurerProfile,
    Organization,
    ProviderProfile,
)
from workflows.accounts import add_person

LIBRARY = Path(__file__).parent / "hazard_library.json"
TWICE = ("joint_office", "process_designer", "system_admin")
"""Roles that two people hold: four eyes on diagrams and settings, two who score an assessment each for themselves."""
INSURER = "瓯江财产保险股份有限公司温州中心支公司"
JOINT_OFFICE = "温州市安责险联席会议办公室"
AUTHORITY = "温州市应急管理局"
OVERSEEN = "hazardous_chemicals"
"""The trade whose units the authority of the sample oversees; without one it would see no unit at all."""
DISTRICT = "鹿城区安全生产委员会办公室"
AGENCY = "浙南安全评价有限公司"
EXPERTS = (
    ("周安", "construction", "88.5"),
    ("叶强", "road_transport", "91.0"),
    ("温海", "fishery", "86.0"),
    ("金泰", "mining", "84.5"),
    ("吴越", "construction", "90.5"),
    ("郑和", "road_transport", "82.0"),
    ("徐来", "explosives", "87.5"),
    ("朱明", "metallurgy", "85.0"),
)
"""Name, specialty and last year's score of those who are not printed at the start."""

OF_THE_ACCOUNT = ("chemical", "94.5")
NAMES = {
    "coordinator": "林若衡",
    "expert": "陈屿",
    "return_visitor": "潘晓",
    "provider_manager": "周行知",
    "provider_finance": "叶青禾",
    "insurer": "张承保",
    "insurer_finance": "李明账",
    "complaint_officer": "吴听澜",
    "policyholder": "黄建洲",
    "joint_office": "郑督",
    "district_office": "徐鹿",
    "industry_authority": "何应",
    "agency_manager": "钱评",
    "process_designer": "孙图",
    "system_admin": "马维",
    "security_admin": "胡安",
    "auditor": "曹审",
}
_OF_PARTY = {
    "provider": ("provider", PROVIDER),
    "insurer": ("insurer", INSURER),
    "policyholder": ("policyholder", UNIT),
    "joint_office": ("joint_office", JOINT_OFFICE),
    "agency": ("agency", AGENCY),
    "district_office": ("district_office", DISTRICT),
    "industry_authority": ("industry_authority", AUTHORITY),
    "system": ("joint_office", JOINT_OFFICE),
}


class Offices(Struct, frozen=True):
    """The ids of the offices and of the people by login."""

    provider: UUID
    insurer: UUID
    unit: UUID
    people: dict[str, UUID]


def sample_uscc(number: int) -> str:
    """Return a made-up credit code with a true check character: 91330300DEM… is given to nobody."""
    body = f"91330300DEM{number:06d}".replace("I", "1").replace("O", "0")
    return body + uscc_check_sign(body)


def found_offices(session: Session, now: datetime) -> Offices:
    """Add the offices and one account for each role; those of two people twice."""
    ids: dict[str, UUID] = {}
    for number, (kind, name) in enumerate(dict.fromkeys(_OF_PARTY.values()), 1):
        row = Organization(
            kind=kind,
            name=name,
            code=f"WZ{number:02d}",
            uscc=sample_uscc(0 if name == UNIT else 900000 + number),
            region_code="330302",
            industry=OVERSEEN if kind == "industry_authority" else None,
            status="active",
            bigrams=bigrams(name),
        )
        session.add(row)
        session.flush()
        ids[name] = row.id
    people = _people(session, ids, now)
    _profiles(session, ids, people, now)
    return Offices(ids[PROVIDER], ids[INSURER], ids[UNIT], people)


def _people(session: Session, ids: dict[str, UUID], now: datetime) -> dict[str, UUID]:
    people: dict[str, UUID] = {}
    for role in ROLES.values():
        for login in (role.code, f"{role.code}_2")[: 2 if role.code in TWICE else 1]:
            name = NAMES[role.code] + ("二" if login.endswith("_2") else "")
            person = add_person(
                session,
                login=login,
                name=name,
                roles=(role.code,),
                org_id=ids[_OF_PARTY[role.party.value][1]],
                password=PASSWORD,
                now=now,
            )
            people[login] = person.id
    return people


def _profiles(session: Session, ids: dict[str, UUID], people: dict[str, UUID], now: datetime) -> None:
    today = now.date()
    session.add(
        ProviderProfile(
            organization_id=ids[PROVIDER],
            filing_number="温安责备〔2025〕3号",
            filing_date=today - timedelta(days=300),
            filing_status="filed",
            filing_valid_until=today + timedelta(days=900),
        )
    )
    session.add(
        InsurerProfile(
            organization_id=ids[INSURER],
            branch_level="city",
            code="OJ",
            complaint_phone="95500-3",
            complaint_procedure="受理、调查、10 个工作日内书面答复",
            mediation_method="协商、调处、仲裁或诉讼",
        )
    )
    add_expert(session, people["expert"], ids[PROVIDER], today)
    owners = {"org_id": ids[PROVIDER], "insurer_id": ids[INSURER]}
    _contracts(session, owners, now)


def _contracts(session: Session, owners: dict[str, UUID], now: datetime) -> None:
    """Add the engagement of the provider and the fund plans of three years."""
    session.add(
        Engagement(
            kind="insurer_provider",
            number="WT-2025-001",
            party_a_id=owners["insurer_id"],
            party_b_id=owners["org_id"],
            start=date(now.year - 1, 1, 1),
            end=date(now.year + 1, 12, 31),
            org_id=owners["org_id"],
            insurer_id=owners["insurer_id"],
        )
    )
    for year in (now.year - 1, now.year, now.year + 1):
        session.add(
            FundPlan(
                year=year,
                total=Decimal("50000000.00"),
                items=[],
                state="approved",
                approved_at=now,
                org_id=owners["org_id"],
                insurer_id=owners["insurer_id"],
            )
        )


def add_expert(session: Session, person_id: UUID, org_id: UUID, today: date, number: int = 1) -> Expert:
    """Add a person to the pool of experts with all that article 10 asks for."""
    expert = Expert(
        person_id=person_id,
        org_id=org_id,
        source="own",
        qualification="certified_safety_engineer",
        qualification_no=f"330000{number:05d}",
        valid_until=today + timedelta(days=800),
        years=8,
        background="安全工程",
        commitment_on=today - timedelta(days=100),
        commitment_until=today + timedelta(days=265),
        status="active",
    )
    session.add(expert)
    return expert


def found_experts(session: Session, offices: Offices, now: datetime) -> None:
    """Fill the pool of experts, so that visits on one day have somebody to go, for reasons that differ."""
    known = session.get_one(Expert, offices.people["expert"])
    known.specialties, known.score = [OF_THE_ACCOUNT[0]], Decimal(OF_THE_ACCOUNT[1])
    added = []
    for number, (name, specialty, score) in enumerate(EXPERTS, 2):
        person = add_person(
            session,
            login=f"expert_{number}",
            name=name,
            roles=("expert",),
            org_id=offices.provider,
            password=None,
            now=now,
        )
        expert = add_expert(session, person.id, offices.provider, now.date(), number)
        expert.specialties, expert.score = [specialty], Decimal(score)
        added.append(person)
    let_in(added, now)


def found_library(session: Session) -> None:
    """Add the item library of hazards, so that the field types less."""
    for number, row in enumerate(json.loads(LIBRARY.read_text("utf-8")), 1):
        session.add(HazardTemplate(code=f"T{number:03d}", bigrams=bigrams(row["description"]), **row))
