"""Reports to the joint office: frozen, written, filed, received, corrected by another version (第二十一、二十三条)."""

from rules.reporting import self_review_gate
from rules.vocabulary import label
from store.tables import FiledReport
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.filing import frozen, keep, newest_version
from workflows.operations.answers import Answers
from workflows.operations.deadlines import as_day
from workflows.subjects import existing

GATES = {"self_review": self_review_gate}
"""What a kind of report must say before it may go on."""

RETURNED = "return"


@operation(
    "冻结统计",
    inputs=("report", "period", "period_name", "first_day", "last_day", "reason"),
    outputs=("report_id", "sha256", "version"),
)
def freeze_statistics(act: Act, inputs: Inputs) -> Outputs:
    """Freeze the figures of a report over its period, with the rows behind them; a correction gives its reason."""
    first, last = (as_day(inputs[name]) for name in ("first_day", "last_day"))
    if first is None or last is None:
        raise AnswersRefusedError({"first_day": "报告要有起止日期"})
    return _freeze(
        act,
        FiledReport(
            kind=str(inputs["report"]),
            period=str(inputs["period"]),
            period_name=str(inputs["period_name"]),
            first_day=first,
            last_day=last,
            reason_of_correction=str(inputs.get("reason") or ""),
        ),
    )


def _freeze(act: Act, report: FiledReport) -> Outputs:
    session, org_id = act.session, act.case.org_id
    found = frozen(session, report.kind, report.first_day, report.last_day, org_id)
    before = newest_version(session, org_id, report.kind, report.period)
    report.version, report.sections = (before.version + 1, before.sections) if before else (1, {})
    report.case_id, report.frozen_at = act.case.id, act.now
    report.snapshot, report.sha256 = found.snapshot, found.sha256
    report.org_id = org_id
    keep(session, report, found)
    title = label("report_kind", report.kind)
    act.say(
        "report.frozen",
        f"冻结{report.period_name}{title}第 {report.version} 版的数字，摘要 {report.sha256[:12]}",
        report_id=report.id,
        sha256=report.sha256,
    )
    return {"report_id": str(report.id), "sha256": report.sha256, "version": report.version}


def _report(act: Act, inputs: Inputs) -> FiledReport:
    return existing(act.session, FiledReport, inputs["report_id"])


@operation("写报告", inputs=("report_id",))
def write_report(act: Act, inputs: Inputs) -> Outputs:
    """Keep what was written beside the figures; the figures themselves stay as they were frozen."""
    report, written = _report(act, inputs), dict(Answers(inputs).plain())
    gate = GATES.get(report.kind)
    if gate is not None and (missing := gate(written).missing):
        raise AnswersRefusedError(dict.fromkeys(missing, "四部分缺一不可（第二十三条）"))
    report.sections = written
    return {}


@operation("报送", inputs=("report_id",), outputs=("submitted_on",))
def submit_report(act: Act, inputs: Inputs) -> Outputs:
    """File the report as it stands; from now on nothing changes it."""
    report = _report(act, inputs)
    report.submitted_on, report.submitted_by = act.today, act.actor.person_id
    title = label("report_kind", report.kind)
    act.say("report.submitted", f"报送{report.period_name}{title}第 {report.version} 版", report_id=report.id)
    act.notify(f"{act.case.title}已报送，等接收", role="joint_office")
    return {"submitted_on": report.submitted_on}


@operation("接收报告", inputs=("report_id",))
def receive_report(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether the joint office accepted the report, and what it said."""
    answers, report = Answers(inputs), _report(act, inputs)
    report.receipt, report.receipt_opinion = answers.text("receipt"), answers.text("opinion")
    report.received_on, report.received_by = act.today, act.actor.person_id
    act.say(f"report.{report.receipt}", f"{label('receipt', report.receipt)}：第 {report.version} 版")
    if report.receipt != RETURNED:
        act.notify(f"{act.case.title}已接收", role="provider_manager")
    return {}


@operation("更正报告", inputs=("report_id", "reason"), outputs=("report_id", "version"))
def correct_report(act: Act, inputs: Inputs) -> Outputs:
    """Begin the next version with its reason; its figures are frozen anew, what was written is taken along."""
    before = _report(act, inputs)
    again = FiledReport(
        kind=before.kind,
        period=before.period,
        period_name=before.period_name,
        first_day=before.first_day,
        last_day=before.last_day,
        reason_of_correction=str(inputs.get("reason") or ""),
    )
    if not again.reason_of_correction.strip():
        raise AnswersRefusedError({"reason": "更正要写明理由"})
    return _freeze(act, again)


@operation("记改进落实", inputs=("report_id",))
def record_improvements(act: Act, inputs: Inputs) -> Outputs:
    """Keep what became of each improvement that a self-review promised (第二十三条)."""
    report = _report(act, inputs)
    report.progress = [dict(row.plain()) for row in Answers(inputs).rows("progress")]
    act.say("report.improved", f"记录 {len(report.progress)} 项改进措施的落实情况", report_id=report.id)
    return {}
