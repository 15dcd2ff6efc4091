"""Which role sees which page. What may be done there is decided by the handlers alone.

A blueprint names its roles in `AREAS`; an endpoint of its own rule stands in `ENDPOINTS`; what needs
no sign-in stands in `PUBLIC`. A route that is in none of them is refused, and a test names it.
"""

from collections.abc import Mapping

from msgspec import Struct

WORKERS = frozenset(
    {
        "coordinator",
        "expert",
        "return_visitor",
        "provider_manager",
        "provider_finance",
        "insurer",
        "insurer_finance",
        "complaint_officer",
        "policyholder",
        "joint_office",
        "industry_authority",
        "agency_manager",
    }
)
READERS = WORKERS | {"district_office", "auditor"}
OFFICES = frozenset({"joint_office", "district_office", "industry_authority"})
REGISTERS = OFFICES | {
    "coordinator",
    "provider_manager",
    "provider_finance",
    "insurer",
    "insurer_finance",
    "policyholder",
}
IMPORTERS = frozenset({"coordinator", "provider_manager", "insurer"})
ROSTERS = REGISTERS | {"complaint_officer", "agency_manager", "auditor"}
"""Who reads one or the other of the declared registers; which, says its declaration."""
ENTERERS = IMPORTERS | {"joint_office", "district_office", "agency_manager"}
"""Who enters records of one register or another; which, says `workflows.registers.IMPORTERS`."""
STAFFED = IMPORTERS | {"joint_office"}
REPORTS = OFFICES | {"coordinator", "provider_manager", "insurer"}
FILERS = frozenset({"coordinator", "provider_manager", "joint_office"})
COMPLAINTS = IMPORTERS | {"complaint_officer", "policyholder", "joint_office"}
ARCHIVES = STAFFED | {"auditor"}
CHECKLISTS = STAFFED | {"expert", "district_office", "industry_authority"}
HAZARDS = READERS - {"provider_finance", "insurer_finance", "complaint_officer", "return_visitor", "auditor"}
GATHERINGS = REGISTERS - {"insurer_finance"}
MEETINGS = frozenset({"coordinator", "provider_manager", "joint_office", "expert", "agency_manager"})
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "auditor"})
DESIGNERS = frozenset({"process_designer"})
MANAGERS = frozenset({"provider_manager"})
"""Who answers for the cases of a provider and may stop them; operations staff do so on their own pages."""
OVERSEERS = frozenset({"joint_office", "provider_manager"})
"""Who answers for cases of others and may ask why they went as they did: expressions may be tried on them."""
ASSESSED = frozenset({"joint_office", "insurer", "provider_manager"})
FUND = frozenset(
    {"joint_office", "insurer", "insurer_finance", "provider_finance", "provider_manager", "coordinator"}
)
INSPECTED = frozenset({"archives", "cases", "files", "fund", "hazards", "registers"})
"""The areas with business rows that an auditor opens; each look into them is written down while a grant is in force."""
EVERYBODY = READERS | ADMINISTRATORS | DESIGNERS

PUBLIC = frozenset(
    {"static", "account.login", "account.sign_in", "shell.favicon"}
    | {"health.healthz", "health.readyz", "metrics.metrics"}
)

AREAS: Mapping[str, frozenset[str]] = {
    "account": EVERYBODY,
    "shell": EVERYBODY,
    "notices": EVERYBODY,
    "files": EVERYBODY,
    "inbox": WORKERS,
    "cases": READERS,
    "complaints": COMPLAINTS,
    "beginnings": WORKERS,
    "registers": REGISTERS,
    "renewals": STAFFED,
    "archives": ARCHIVES,
    "checklists": CHECKLISTS,
    "hazards": HAZARDS,
    "gatherings": GATHERINGS,
    "boards": REPORTS,
    "reports": REPORTS,
    "compliance": REPORTS,
    "filed_reports": FILERS,
    "papers": READERS,
    "studio": DESIGNERS,
    "assessments": ASSESSED,
    "fund": FUND | {"policyholder"},
}

SECURITY_PAGES = [
    "organizations",
    "new_organization",
    "organization",
    "edit_organization",
    "close_organization",
    "open_organization",
    "people",
    "new_person",
    "person",
    "edit_person",
    "new_password",
    "lock",
    "unlock",
    "leave",
    "set_absence",
    "end_absence",
    "see_off",
    "take_back",
    "end_sessions",
    "end_one_session",
    "grant",
    "revoke",
]  # names are read as words
SYSTEM_PAGES = [
    "cases",
    "case",
    "intervention",
    "carry_out_intervention",
    "new_move",
    "propose_move",
    "move",
    "confirm_move",
    "decline_move",
    "letters",
    "resend_messages",
    "discard_messages",
    "discard_jobs",
    "migrations",
    "migration",
    "order_migration",
    "incidents",
    "incident",
    "retry_incident",
    "retry_incidents",
    "close_incident",
    "jobs",
    "retry_job",
    "retry_jobs",
    "discard_job",
    "running",
    "parameters",
    "calendar",
    "dictionaries",
]  # names are read as words
AUDIT_PAGES = "changes record case_events accesses verification verify".split()  # noqa: SIM905  # as above

ENTERING = (
    *("blank", "upload", "run", "progress", "confirm", "rejects"),
    *("new", "enter", "edit", "correct", "attach"),
)
INSPECTED_REGISTERS = ("units", "show", "policies", "policy", "claims", "claim")
REGISTER_ACTS = ("endorse", "register_endorsement", "surrender", "register_surrender")

ASSESSING = ("sets", "draft", "indicators", "save", "export", "bring_in", "begin", "ranking")
EXPRESSIONS = ("expression", "try_expression", "expression_value", "guide")

ENDPOINTS: Mapping[str, frozenset[str]] = {
    **{f"registers.{name}": IMPORTERS for name in REGISTER_ACTS},
    **{f"registers.{name}": ENTERERS for name in ENTERING},
    **{f"registers.{name}": ROSTERS for name in ("index", "listed", "roster_list", "roster")},
    **{f"registers.{name}": STAFFED for name in ("people", "person")},
    **{f"admin.{name}": frozenset({"security_admin"}) for name in SECURITY_PAGES},
    **{f"admin.{name}": frozenset({"system_admin"}) for name in SYSTEM_PAGES},
    **{f"admin.{name}": frozenset({"auditor"}) for name in AUDIT_PAGES},
    "gatherings.begin": frozenset({"coordinator"}),
    **{f"gatherings.{name}": MEETINGS for name in ("meetings", "meetings_sheet", "meeting")},
    "gatherings.audience": frozenset({"coordinator", "provider_manager"}),
    **{f"cases.{name}": MANAGERS for name in ("intervention", "carry_out_intervention")},
    **{f"studio.{name}": DESIGNERS | OVERSEERS for name in EXPRESSIONS},
    **{f"filed_reports.{name}": FILERS - OFFICES for name in ("correction", "correct")},
    **{f"assessments.{name}": frozenset({"joint_office"}) for name in ASSESSING},
    **{
        f"checklists.{name}": frozenset({"joint_office"})
        for name in ("blank", "upload", "publish", "discard")
    },
    "registers.note": frozenset({"coordinator", "provider_manager"}),
    **{f"registers.{name}": REGISTERS | {"auditor"} for name in INSPECTED_REGISTERS},
    **{f"hazards.{name}": HAZARDS | {"auditor"} for name in ("index", "show")},
    **{f"fund.{name}": FUND | {"auditor"} for name in ("ledger_page", "sheet")},
    "fund.index": FUND | {"auditor", "policyholder"},
    "archives.propose": frozenset({"insurer"}),
    "archives.hold": STAFFED - {"coordinator"},
    "archives.decide": frozenset({"provider_manager", "auditor"}),
    "fund.accrue": frozenset({"insurer_finance"}),
    "fund.issue": frozenset({"insurer", "insurer_finance"}),
    "registers.issue_paper": ENTERERS,
    "admin.index": ADMINISTRATORS,
    "admin.fund_rules": frozenset({"system_admin", "joint_office", "insurer", "provider_manager"}),
    "admin.choose_fund_rules": frozenset({"system_admin"}),
}


class Area(Struct, frozen=True):
    """An entry of the rail. `wide` entries come into the bar of a phone where others leave room.

    `also` are further blueprints whose pages lie in this area.
    """

    title: str
    icon: str
    endpoint: str
    wide: bool = False
    also: tuple[str, ...] = ()


RAIL = (
    Area("待办", "inbox", "inbox.index"),
    Area("办件", "briefcase", "cases.index", also=("papers",)),
    Area("单位", "building", "registers.index", also=("renewals", "archives", "checklists")),
    Area("排班", "calendar-event", "planning.index", wide=True),
    Area("隐患", "alert-triangle", "hazards.index"),
    Area("监测", "chart-histogram", "boards.index", wide=True, also=("reports", "filed_reports")),
    Area("考核", "scale", "assessments.index", wide=True),
    Area("培训", "users", "gatherings.index", wide=True),
    Area("费用", "report-money", "fund.index", wide=True),
    Area("合规", "file-certificate", "compliance.index", wide=True),
    Area("流程", "sitemap", "studio.index", wide=True),
    Area("管理", "settings", "admin.index"),
)
BAR_PLACES = 3


def roles_for(endpoint: str) -> frozenset[str]:
    """Return the roles that may open an endpoint; none for one that nobody declared."""
    blueprint = endpoint.rpartition(".")[0]
    return ENDPOINTS.get(endpoint) or AREAS.get(blueprint, frozenset())


def may_open(endpoint: str, roles: frozenset[str]) -> bool:
    """Tell whether a person with these roles may open an endpoint; without a role, what is everybody's."""
    allowed = roles_for(endpoint)
    return endpoint in PUBLIC or allowed == EVERYBODY or bool(allowed & roles)
