"""The declared registers: offices, contracts, small registers, libraries (第一、四至六、八、九、二十二、二十八条)."""

from collections.abc import Mapping

from documents.sheets import libraries, office_records, offices
from documents.sheets.columns import Register
from store.pages.rosters import Source
from store.tables import (
    AgencyProfile,
    Engagement,
    HazardTemplate,
    InsurerProfile,
    OfficeRecord,
    Organization,
    ProviderProfile,
    RuleSource,
)
from workflows.registers import parties
from workflows.registers.roster import Roster

_JOINT = frozenset({"joint_office"})
_OFFICES = _JOINT | {"district_office", "industry_authority"}
_PROVIDER = frozenset({"coordinator", "provider_manager", "provider_finance"})
_INSURER = frozenset({"insurer", "insurer_finance", "complaint_officer"})
_ALL = _OFFICES | _PROVIDER | _INSURER | {"policyholder", "agency_manager"}
_OFFICE_SEARCH = ("name", "uscc")
_OFFICE_LIST = ("name", "region_code")


def _small(sheet: Register, kind: str, **more: object) -> Roster:
    """Return a small register: records of one kind, written by an office."""
    given = {
        "source": Source(
            (OfficeRecord,),
            kind,
            ("title", "number", "text", "party_id"),
            until="until",
            state="state" if any(column.key == "state" for column in sheet.columns) else None,
            done="closed",
        ),
        "record_kind": "office_record",
        "readers": _ALL - {"policyholder"},
        "owners": parties.own_record,
        "keepers": parties.of_own_office,
        "lasting": ("party",) if any(column.key == "party" for column in sheet.columns) else (),
        **more,
    }
    return Roster(sheet=sheet, **given)  # type: ignore[arg-type]  # the fields of Roster, handed through


_DECLARED = (
    Roster(
        sheet=offices.INSURERS,
        source=Source((Organization, InsurerProfile), "insurer", _OFFICE_SEARCH),
        record_kind="insurer",
        about="机构层级，公示的投诉渠道、程序和调处方式",
        icon="building",
        writers=_JOINT | {"insurer"},
        readers=_ALL,
        listed=(*_OFFICE_LIST, "complaint_phone", "complaint_procedure", "mediation_method"),
        owners=parties.describes_itself,
        keepers=parties.office_itself,
        founds=True,
        indexed=_OFFICE_SEARCH,
    ),
    Roster(
        sheet=offices.PROVIDERS,
        source=Source((Organization, ProviderProfile), "provider", _OFFICE_SEARCH),
        record_kind="provider",
        about="第三方的联系方式和制度文件",
        icon="building",
        writers=_JOINT | {"provider_manager"},
        readers=_ALL,
        listed=(*_OFFICE_LIST, "phone", "system_documents"),
        owners=parties.describes_itself,
        keepers=parties.office_itself,
        founds=True,
        indexed=_OFFICE_SEARCH,
    ),
    Roster(
        sheet=offices.FILINGS,
        source=Source(
            (Organization, ProviderProfile),
            "provider",
            (*_OFFICE_SEARCH, "filing_number"),
            until="filing_valid_until",
            state="filing_status",
        ),
        record_kind="provider",
        about="第三方的备案号、日期和有效期；没有备案的不得派单",
        icon="file-certificate",
        writers=_JOINT,
        readers=_ALL,
        listed=("name", "filing_status", "filing_number", "filing_date", "filing_valid_until"),
        owners=parties.nobody,
        keepers=parties.joint_offices,
        lasting=("name",),
    ),
    Roster(
        sheet=offices.AGENCIES,
        source=Source((Organization, AgencyProfile), "agency", _OFFICE_SEARCH, until="valid_until"),
        record_kind="agency",
        about="九类技术服务机构的资质和有效期",
        icon="file-certificate",
        writers=_JOINT | {"provider_manager", "agency_manager"},
        readers=_ALL - {"policyholder"},
        listed=("name", "kind", "qualification_no", "valid_until", "exited_on"),
        owners=parties.engages_it,
        keepers=parties.agency_and_who_engages_it,
        founds=True,
        indexed=_OFFICE_SEARCH,
    ),
    Roster(
        sheet=offices.CONTRACTS,
        source=Source((Engagement,), None, ("number", "party_a_id", "party_b_id"), until="end", state="kind"),
        record_kind="engagement",
        about="委托第三方、聘请技术机构和专家的合同；到期当天失去派单资格",
        icon="file-text",
        writers=frozenset({"insurer", "provider_manager"}),
        readers=_ALL - {"policyholder"},
        listed=("number", "kind", "party_b", "person", "start", "end"),
        owners=parties.contract,
        lasting=("kind", "party_b", "person"),
        keepers=parties.who_entrusts,
    ),
    _small(
        office_records.GUIDANCE,
        "guidance",
        about="联席会议办公室和安委办的指导、督办、通报",
        icon="bell",
        writers=_JOINT | {"district_office"},
        listed=("title", "number", "form", "party", "until", "state"),
    ),
    _small(
        office_records.INTERPRETATIONS,
        "interpretation",
        about="联席会议办公室对标准的解释，各方可查",
        icon="message-circle",
        writers=_JOINT,
        readers=_ALL,
        owners=parties.public_record,
        listed=("title", "number", "article", "text", "day"),
    ),
    _small(
        office_records.LIBRARY,
        "document",
        about="本机构的制度和执行的标准，按版本",
        icon="file-text",
        writers=_JOINT | {"provider_manager", "insurer"},
        owners=parties.public_if_of_the_joint_office,
        listed=("title", "version", "category", "day", "until"),
    ),
    _small(
        office_records.SUPERVISIONS,
        "supervision",
        about="对第三方服务和费用使用的监督检查",
        icon="eye",
        writers=_JOINT | {"insurer"},
        listed=("title", "number", "party", "day", "until", "state"),
    ),
    _small(
        office_records.PROMOTIONS,
        "promotion",
        about="宣传推广活动的日期、形式、受众",
        icon="users",
        writers=frozenset({"coordinator", "provider_manager", "insurer"}),
        listed=("title", "form", "audience", "people", "day"),
    ),
    _small(
        office_records.SKILLS,
        "skill_training",
        about="保险机构专职人员每年的技能培训",
        icon="id-badge-2",
        writers=frozenset({"insurer"}),
        readers=_JOINT | _INSURER,
        listed=("title", "day", "people", "attendees"),
    ),
    _small(
        office_records.SERVICES,
        "service",
        about="免费提供的服务项目，归入六大类",
        icon="list-check",
        writers=frozenset({"provider_manager"}),
        listed=("title", "item", "text", "day", "until"),
    ),
    _small(
        office_records.GRANTS,
        "inspection_grant",
        about="审计调阅业务内容的授权：对象、目的、起止",
        icon="scale",
        writers=_JOINT | {"insurer"},
        readers=_JOINT | {"insurer", "auditor"},
        listed=("title", "number", "party", "day", "until"),
    ),
    Roster(
        sheet=libraries.HAZARD_TEMPLATES,
        source=Source(
            (HazardTemplate,),
            None,
            ("code", "description", "basis_clause"),
            until="valid_to",
            state="industry",
        ),
        record_kind="hazard_template",
        about="按行业的隐患描述、依据和建议，现场一键带出",
        icon="alert-triangle",
        writers=_JOINT,
        readers=_ALL - {"policyholder"},
        listed=("code", "industry", "description", "level", "hazard_class"),
        owners=parties.nobody,
        keepers=parties.joint_offices,
        indexed=("description",),
    ),
    Roster(
        sheet=libraries.RULE_SOURCES,
        source=Source((RuleSource,), None, ("number", "name"), until="effective_to"),
        record_kind="rule_source",
        about="规则所依的文件：文号、发布和施行日期",
        icon="scale",
        writers=_JOINT,
        readers=_ALL,
        listed=("number", "name", "issued_on", "effective_from", "effective_to"),
        owners=parties.nobody,
        keepers=parties.joint_offices,
    ),
)
ROSTERS: Mapping[str, Roster] = {roster.code: roster for roster in _DECLARED}
"""By the code of the register."""
