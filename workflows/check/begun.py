"""What a case knows the moment it is opened, by the kind of record that it is about (see where each is opened)."""

from collections.abc import Mapping
from typing import Final

_PERIOD = frozenset({"period", "period_name", "first_day", "last_day", "correction_reason"})
BEGUN_WITH: Final[Mapping[str, frozenset[str]]] = {
    "policy": frozenset({"policy_id", "signed_on", "policy_end", "willingness"}),
    "visit": frozenset(
        {"visit_id", "policy_id", "sequence", "planned_on", "policy_end", "permission_granted"}
    ),
    "hazard": frozenset(
        {
            *("hazard_id", "visit_id", "policy_id", "place", "level", "fixed_on_spot", "lead_id"),
            *("rectification_due", "rectification_provisional", "policy_end"),
        }
    ),
    "refusal": frozenset({"refusal_id", "policy_id", "policy_end"}),
    "complaint": frozenset({"complaint_id", "policy_id", "received_on", "target"}),
    "report": _PERIOD,
    "annual_plan": _PERIOD,
    "assessment": _PERIOD,
    "fund_filing": _PERIOD,
    "meeting": _PERIOD | {"kind", "issue", "issue_on"},
    "push": _PERIOD | {"category"},
    "training": frozenset({"planned"}),
    "fund_entry": frozenset(),
}
"""Of another subject nobody can say."""
