"""Rows to test with: two providers, two insurers, two units, each with a policy, a visit, a case."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from msgspec import Struct, field

from store import tables as t
from store.scope import Scope
from store.search import bigrams

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
EVERYTHING = Scope.everything("test")


class World(Struct):
    """The ids of one party's rows; `mine` and `theirs` never meet."""

    provider: UUID = field(default_factory=uuid4)
    insurer: UUID = field(default_factory=uuid4)
    unit: UUID = field(default_factory=uuid4)
    agency: UUID = field(default_factory=uuid4)
    expert: UUID = field(default_factory=uuid4)
    coordinator: UUID = field(default_factory=uuid4)
    contact: UUID = field(default_factory=uuid4)
    policy: UUID = field(default_factory=uuid4)
    visit: UUID = field(default_factory=uuid4)
    case: UUID = field(default_factory=uuid4)
    release: UUID = field(default_factory=uuid4)
    region: str = "330302"
    industry: str = "chemical"

    def owners(self):
        return {
            "org_id": self.provider,
            "insurer_id": self.insurer,
            "policyholder_id": self.unit,
            "region_code": self.region,
            "industry": self.industry,
        }

    def scope(self, role, **changes):
        """The scope of this party's person with a role."""
        places = {
            "insurer": (self.insurer, None),
            "insurer_finance": (self.insurer, None),
            "complaint_officer": (self.insurer, None),
            "policyholder": (self.unit, self.contact),
            "expert": (self.provider, self.expert),
            "agency_manager": (self.agency, None),
        }
        org, person = places.get(role, (self.provider, self.coordinator))
        regions = frozenset({self.region}) if role == "district_office" else frozenset()
        given = {
            "person_id": person or uuid4(),
            "org_id": org,
            "region_codes": regions,
            "industry": self.industry,
        }
        return Scope(roles=frozenset({role}), **(given | {"now": NOW} | changes))


def add_world(database, world, name="温州宏达化工有限公司"):
    """Write one party's rows."""
    with database.write(EVERYTHING, now=NOW) as session:
        session.add_all(_organizations(world, name))
        session.add_all(_people(world))
        session.add_all(_work(world, name))
    return world


def make_case(world, **changes):
    """A case of this party."""
    given = {
        "id": world.case,
        "process": "service_visit",
        "number": f"FW-{world.case.hex[:6]}",
        "release_id": world.release,
        "business_key": str(world.case),
        "opened_at": NOW,
        "visit_id": world.visit,
        "policy_id": world.policy,
        "version": 0,
        "head_hash": "",
        "event_count": 0,
        **world.owners(),
    }
    return t.Case(**(given | changes))


def make_item(world, **changes):
    """An open work item of this party's case, in the coordinator's pool."""
    given = {
        "case_id": world.case,
        "task_id": str(uuid4()),
        "process": "service_visit",
        "step": "dispatch_visit",
        "form_sha256": "0" * 64,
        "title": "派单",
        "subject": "温州宏达化工有限公司",
        "role": "coordinator",
        "holder_id": world.provider,
        "due_at": NOW,
        "opened_at": NOW,
        "visit_id": world.visit,
        **world.owners(),
    }
    return t.WorkItem(**(given | changes))


def _organizations(world, name):
    tag = world.provider.hex[:6]
    yield t.Organization(id=world.provider, kind="provider", name=f"服务{tag}", code=f"P{tag}")
    yield t.Organization(id=world.insurer, kind="insurer", name=f"保险{tag}", code=f"I{tag}")
    yield t.Organization(id=world.agency, kind="agency", name=f"机构{tag}", code=f"A{tag}")
    yield t.Organization(id=world.unit, kind="policyholder", name=name, bigrams=bigrams(name))
    yield t.Policyholder(
        organization_id=world.unit,
        org_id=world.provider,
        insurer_id=world.insurer,
        region_code=world.region,
        high_risk_kind=world.industry,
        mobile="13800001234",
    )


def _people(world):
    yield t.Person(id=world.expert, name="专家", org_id=world.provider, mobile="13900001234")
    yield t.Person(id=world.coordinator, name="协调", org_id=world.provider)
    yield t.Person(id=world.contact, name="单位", org_id=world.unit)
    yield t.RoleGrant(person_id=world.coordinator, role="coordinator", granted_at=NOW)
    yield t.Expert(person_id=world.expert, org_id=world.provider)


def _work(world, name):
    yield t.Policy(
        id=world.policy,
        number=f"PA{world.policy.hex[:8]}",
        written_premium=Decimal("30000.00"),
        term_start=date(2026, 1, 1),
        term_end=date(2026, 12, 31),
        **world.owners(),
    )
    definition = t.Definition(id=uuid4(), key=f"p{world.case.hex[:8]}", title="一次服务")
    yield definition
    yield t.Release(
        id=world.release,
        definition_id=definition.id,
        process="service_visit",
        number=1,
        manifest={},
        spec_json=b"{}",
        spec_sha256="",
        published_at=NOW,
    )
    yield make_case(world, title=name, bigrams=bigrams(name))
    yield t.Visit(
        id=world.visit,
        number=f"FW-{world.visit.hex[:6]}",
        policy_id=world.policy,
        case_id=world.case,
        responsible_org_id=world.provider,
        **world.owners(),
    )
    yield t.VisitMember(visit_id=world.visit, person_id=world.expert, is_lead=True, **world.owners())
    yield make_item(world)
