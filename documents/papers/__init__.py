"""The catalogue of papers: which template prints which content."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, ValidationError, convert

from documents.papers.assessment import (
    AssessmentResult,
    AssessmentSheet,
    DeductionNotice,
    TransferLetter,
)
from documents.papers.closing import CaseFileCover, ComplaintReply, RateEvidence, RefusalNotice
from documents.papers.common import Paper
from documents.papers.compliance import ComplianceReport
from documents.papers.funds import AnnualPlan, FundFiling, FundLedger
from documents.papers.gatherings import MeetingMinutes, TrainingInvitation, TrainingRecord
from documents.papers.hazards import DeclineNotice, DeliveryReceipt, HazardNotice, RectificationSheet
from documents.papers.offices import EngagementLetter, FilingRegistration, FundStatement, GuidanceOrder
from documents.papers.reports import MonthlyReport, SelfReview
from documents.papers.scheme import QuotaStatement, ServiceScheme
from documents.papers.visit import PreContact, ReturnVisit, VisitRecord

__all__ = ["PAPERS", "ContentError", "Paper", "PaperKind", "UnknownTemplateError", "content_of"]


class PaperKind(Struct, frozen=True):
    """One kind of paper: its title and the type of its content."""

    template: str
    title: str
    content: type[Paper]


PAPERS: Mapping[str, PaperKind] = {
    kind.template: kind
    for kind in (
        PaperKind("service_scheme", "事故预防工作方案", ServiceScheme),
        PaperKind("quota_statement", "服务频次计算说明", QuotaStatement),
        PaperKind("pre_contact", "服务预约及进场确认单", PreContact),
        PaperKind("visit_record", "事故预防服务记录表", VisitRecord),
        PaperKind("hazard_notice", "事故隐患告知书", HazardNotice),
        PaperKind("delivery_receipt", "送达回证", DeliveryReceipt),
        PaperKind("rectification_sheet", "隐患整改反馈与复查单", RectificationSheet),
        PaperKind("return_visit", "服务回访记录", ReturnVisit),
        PaperKind("refusal_notice", "拒绝接受事故预防服务告知书", RefusalNotice),
        PaperKind("decline_notice", "拒保告知书", DeclineNotice),
        PaperKind("complaint_reply", "投诉答复书", ComplaintReply),
        PaperKind("rate_evidence", "费率依据清单", RateEvidence),
        PaperKind("monthly_report", "月度隐患统计分析表", MonthlyReport),
        PaperKind("self_review", "半年度评估报告", SelfReview),
        PaperKind("assessment_sheet", "年度考核评分表", AssessmentSheet),
        PaperKind("assessment_result", "年度考核结果通报", AssessmentResult),
        PaperKind("deduction_notice", "考核扣分通知书", DeductionNotice),
        PaperKind("transfer_letter", "失信情况移送函", TransferLetter),
        PaperKind("training_invitation", "集中培训邀请函", TrainingInvitation),
        PaperKind("training_record", "集中培训记录", TrainingRecord),
        PaperKind("meeting_minutes", "协商交流会议纪要", MeetingMinutes),
        PaperKind("annual_plan", "年度事故预防工作计划", AnnualPlan),
        PaperKind("fund_filing", "事故预防服务费用备案表", FundFiling),
        PaperKind("fund_ledger", "事故预防服务费用台账", FundLedger),
        PaperKind("fund_statement", "事故预防服务费用通报单", FundStatement),
        PaperKind("guidance_order", "督办单", GuidanceOrder),
        PaperKind("filing_registration", "第三方服务机构备案登记表", FilingRegistration),
        PaperKind("engagement_letter", "专业技术人员聘书", EngagementLetter),
        PaperKind("case_file_cover", "事故预防服务档案", CaseFileCover),
        PaperKind("compliance_report", "逐条合规报告", ComplianceReport),
    )
}


class UnknownTemplateError(KeyError):
    """Raised for a template that the catalogue does not have."""

    def __init__(self, template: str) -> None:
        """Remember the name that was asked for."""
        super().__init__(template)
        self.template = template


class ContentError(ValueError):
    """Raised when content lacks a key, has one too many, or holds a value of the wrong kind."""

    def __init__(self, template: str, problem: str) -> None:
        """Remember where the content departs from its type, and how."""
        super().__init__(f"{template}: {problem}")
        self.template = template
        self.problem = problem


def content_of(template: str, values: Mapping[str, object] | Paper) -> Paper:
    """Return ``values`` as the typed content of a template.

    Raises:
        UnknownTemplateError: no such template.
        ContentError: the values do not fit the content type.
    """
    if template not in PAPERS:
        raise UnknownTemplateError(template)
    wanted = PAPERS[template].content
    if isinstance(values, Paper):
        if not isinstance(values, wanted):
            raise ContentError(template, f"{type(values).__name__} is not {wanted.__name__}")
        return values
    try:
        return convert(values, wanted)
    except ValidationError as error:
        raise ContentError(template, str(error)) from error
