"""One sample content per template, for previews of templates and for tests; imported where it is used: it draws."""

from __future__ import annotations

from collections.abc import Mapping

from documents.papers import Paper
from documents.samples.assessment import (
    ASSESSMENT_RESULT,
    ASSESSMENT_SHEET,
    DEDUCTION_NOTICE,
    TRANSFER_LETTER,
)
from documents.samples.closing import CASE_FILE_COVER, COMPLAINT_REPLY, RATE_EVIDENCE, REFUSAL_NOTICE
from documents.samples.compliance import COMPLIANCE_REPORT
from documents.samples.funds import ANNUAL_PLAN, FUND_FILING, FUND_LEDGER
from documents.samples.gatherings import MEETING_MINUTES, TRAINING_INVITATION, TRAINING_RECORD
from documents.samples.hazards import (
    DECLINE_NOTICE,
    DELIVERY_RECEIPT,
    HAZARD_NOTICE,
    RECTIFICATION_SHEET,
)
from documents.samples.offices import (
    ENGAGEMENT_LETTER,
    FILING_REGISTRATION,
    FUND_STATEMENT,
    GUIDANCE_ORDER,
)
from documents.samples.planning import QUOTA_STATEMENT, SERVICE_SCHEME
from documents.samples.reports import MONTHLY_REPORT, SELF_REVIEW
from documents.samples.visits import PRE_CONTACT, RETURN_VISIT, VISIT_RECORD

SAMPLES: Mapping[str, Paper] = {
    "service_scheme": SERVICE_SCHEME,
    "quota_statement": QUOTA_STATEMENT,
    "pre_contact": PRE_CONTACT,
    "visit_record": VISIT_RECORD,
    "hazard_notice": HAZARD_NOTICE,
    "delivery_receipt": DELIVERY_RECEIPT,
    "rectification_sheet": RECTIFICATION_SHEET,
    "return_visit": RETURN_VISIT,
    "refusal_notice": REFUSAL_NOTICE,
    "decline_notice": DECLINE_NOTICE,
    "complaint_reply": COMPLAINT_REPLY,
    "rate_evidence": RATE_EVIDENCE,
    "monthly_report": MONTHLY_REPORT,
    "self_review": SELF_REVIEW,
    "assessment_sheet": ASSESSMENT_SHEET,
    "assessment_result": ASSESSMENT_RESULT,
    "deduction_notice": DEDUCTION_NOTICE,
    "transfer_letter": TRANSFER_LETTER,
    "training_invitation": TRAINING_INVITATION,
    "training_record": TRAINING_RECORD,
    "meeting_minutes": MEETING_MINUTES,
    "annual_plan": ANNUAL_PLAN,
    "fund_filing": FUND_FILING,
    "fund_ledger": FUND_LEDGER,
    "fund_statement": FUND_STATEMENT,
    "guidance_order": GUIDANCE_ORDER,
    "filing_registration": FILING_REGISTRATION,
    "engagement_letter": ENGAGEMENT_LETTER,
    "case_file_cover": CASE_FILE_COVER,
    "compliance_report": COMPLIANCE_REPORT,
}
