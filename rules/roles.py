"""The roles of the system; a lane of a diagram bears the code of one of them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class Party(StrEnum):
    """The kind of organization that a role belongs to; system = the office that runs the platform."""

    PROVIDER = "provider"
    INSURER = "insurer"
    POLICYHOLDER = "policyholder"
    JOINT_OFFICE = "joint_office"
    AGENCY = "agency"
    DISTRICT_OFFICE = "district_office"
    INDUSTRY_AUTHORITY = "industry_authority"
    SYSTEM = "system"


class Role(Struct, frozen=True):
    """A role: no person holds two `exclusive` ones; `lane` tells whether diagrams may use it."""

    code: str
    title: str
    party: Party
    exclusive: bool = False
    lane: bool = True


_ALL = (
    Role("coordinator", "协调员", Party.PROVIDER),
    Role("expert", "专家、服务人员", Party.PROVIDER),
    Role("return_visitor", "回访员", Party.PROVIDER),
    Role("provider_manager", "第三方负责人", Party.PROVIDER),
    Role("provider_finance", "第三方财务", Party.PROVIDER),
    Role("insurer", "保险机构经办", Party.INSURER),
    Role("insurer_finance", "保险机构财务", Party.INSURER),
    Role("complaint_officer", "投诉处理责任人", Party.INSURER),
    Role("policyholder", "投保单位", Party.POLICYHOLDER),
    Role("joint_office", "联席会议办公室", Party.JOINT_OFFICE),
    Role("district_office", "县区安委办", Party.DISTRICT_OFFICE, lane=False),
    Role("industry_authority", "行业主管部门", Party.INDUSTRY_AUTHORITY, lane=False),
    Role("agency_manager", "技术机构", Party.AGENCY, lane=False),
    Role("process_designer", "流程管理员", Party.SYSTEM, lane=False),
    Role("system_admin", "系统管理员", Party.SYSTEM, exclusive=True, lane=False),
    Role("security_admin", "安全管理员", Party.SYSTEM, exclusive=True, lane=False),
    Role("auditor", "审计管理员", Party.SYSTEM, exclusive=True, lane=False),
)
ROLES: Mapping[str, Role] = MappingProxyType({role.code: role for role in _ALL})


def conflicting_roles(codes: Iterable[str]) -> tuple[str, ...]:
    """Return those of the codes that one person may not hold together (三员分立); empty if all may be."""
    exclusive = tuple(code for code in sorted(set(codes)) if ROLES[code].exclusive)
    return exclusive if len(exclusive) > 1 else ()
