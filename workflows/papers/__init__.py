"""What each paper says, gathered from the records at the moment of its issue and frozen in its row."""

from collections.abc import Callable, Mapping

from documents.papers import PAPERS
from store.tables import Document
from workflows.acts import Act
from workflows.papers.assessment import (
    assessment_result,
    assessment_sheet,
    deduction_notice,
    transfer_letter,
)
from workflows.papers.closing import complaint_reply, rate_evidence, refusal_notice
from workflows.papers.common import head_of, unit_of
from workflows.papers.funds import annual_plan, fund_filing, fund_ledger
from workflows.papers.gatherings import meeting_minutes, training_invitation, training_record
from workflows.papers.hazards import decline_notice, delivery_receipt, hazard_notice, rectification_sheet
from workflows.papers.reports import monthly_report, self_review
from workflows.papers.scheme import service_scheme
from workflows.papers.visit import pre_contact, return_visit, visit_record
from workflows.values import json_object

__all__ = ["CODES", "compose", "titles"]

CODES: Mapping[str, tuple[str, str]] = {
    "service_scheme": ("FA", "service_scheme"),
    "pre_contact": ("YY", "visit"),
    "visit_record": ("JL", "visit"),
    "hazard_notice": ("GZ", "hazard_notice"),
    "delivery_receipt": ("HZ", "hazard_notice"),
    "rectification_sheet": ("ZG", "hazard"),
    "return_visit": ("HF", "return_visit"),
    "refusal_notice": ("JG", "refusal_notice"),
    "decline_notice": ("JB", "hazard"),
    "complaint_reply": ("TD", "complaint"),
    "rate_evidence": ("FL", "rate_evidence"),
    "monthly_report": ("TJ", "filed_report"),
    "self_review": ("PG", "filed_report"),
    "assessment_sheet": ("PF", "assessment"),
    "assessment_result": ("KT", "assessment"),
    "deduction_notice": ("KF", "assessment"),
    "transfer_letter": ("YS", "assessment"),
    "training_invitation": ("YQ", "group_training"),
    "training_record": ("PJ", "group_training"),
    "meeting_minutes": ("XJ", "exchange_meeting"),
    "annual_plan": ("NJ", "annual_plan"),
    "fund_filing": ("BA", "fund_filing"),
    "fund_ledger": ("TZ", "fund_filing"),
    "fund_statement": ("TB", "policyholder"),
    "guidance_order": ("DB", "office_record"),
    "filing_registration": ("DJ", "provider"),
    "engagement_letter": ("PS", "engagement"),
}
"""Template → the code in its number, and the kind of record that it is about."""

_COMPOSERS: Mapping[str, Callable[[Act, Document], Mapping[str, object]]] = {
    "service_scheme": service_scheme,
    "pre_contact": pre_contact,
    "visit_record": visit_record,
    "hazard_notice": hazard_notice,
    "delivery_receipt": delivery_receipt,
    "rectification_sheet": rectification_sheet,
    "return_visit": return_visit,
    "refusal_notice": refusal_notice,
    "decline_notice": decline_notice,
    "complaint_reply": complaint_reply,
    "rate_evidence": rate_evidence,
    "monthly_report": monthly_report,
    "self_review": self_review,
    "assessment_sheet": assessment_sheet,
    "assessment_result": assessment_result,
    "deduction_notice": deduction_notice,
    "transfer_letter": transfer_letter,
    "training_invitation": training_invitation,
    "training_record": training_record,
    "meeting_minutes": meeting_minutes,
    "annual_plan": annual_plan,
    "fund_filing": fund_filing,
    "fund_ledger": fund_ledger,
}


def titles(template: str) -> str:
    """Return the Chinese title of a template."""
    return PAPERS[template].title


def compose(act: Act, document: Document) -> dict[str, object]:
    """Return the content of a paper as JSON; pictures stand as ids of files until it is printed."""
    body = _COMPOSERS[document.template](act, document)
    return dict(json_object({"head": head_of(act, document), "unit": unit_of(act), **body}))
