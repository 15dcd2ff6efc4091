"""Facts that forms read by name: what a case's own records say now."""

from workflows.acts import Act
from workflows.facts.annual_plan import PLAN_FACTS
from workflows.facts.assessment import ASSESSMENT_FACTS
from workflows.facts.complaint import COMPLAINT_FACTS
from workflows.facts.fund_filing import FILING_FACTS
from workflows.facts.fund_reversal import REVERSAL_FACTS
from workflows.facts.groups import CaseFacts, Group
from workflows.facts.hazard import HAZARD_FACTS
from workflows.facts.meeting import MEETING_FACTS
from workflows.facts.policy import POLICY_FACTS
from workflows.facts.push import PUSH_FACTS
from workflows.facts.refusal import REFUSAL_FACTS
from workflows.facts.report import REPORT_FACTS
from workflows.facts.training import TRAINING_FACTS
from workflows.facts.visit import VISIT_FACTS
from workflows.reading import unit_name

__all__ = ["facts_of"]

_UNIT = Group(lambda act: {"policyholder_name": unit_name(act)}, frozenset({"policyholder_name"}))
_GROUPS = (
    _UNIT,
    *POLICY_FACTS,
    *VISIT_FACTS,
    *HAZARD_FACTS,
    *REFUSAL_FACTS,
    *REPORT_FACTS,
    *ASSESSMENT_FACTS,
    *TRAINING_FACTS,
    *COMPLAINT_FACTS,
    *MEETING_FACTS,
    *PUSH_FACTS,
    *PLAN_FACTS,
    *FILING_FACTS,
    *REVERSAL_FACTS,
)


def facts_of(act: Act) -> CaseFacts:
    """Return all facts of the case's records, by the names that forms use; read when they are asked for."""
    act.session.flush()
    return CaseFacts(act, _GROUPS)
