"""P7 and P8: frozen figures, filing, receipts, corrections; both databases."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from store.tables import CaseEvent, Deadline, Document, FiledReport, FiledReportRow, Hazard
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.commands import CorrectFiledReport
from workflows.duties import begin_duty, begin_duty_for
from workflows.errors import InvalidAnswersError, NotAllowedError
from workflows.handlers.corrections import correct_filed_report
from workflows.verification import verify_all


def begin(world, process, period, day):
    """Let the calendar begin a report for the provider."""
    world.clock.at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    begin_duty_for(world.runtime, process, period, day, world.offices.provider)
    return world.cases(process)[-1]


def reports(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return list(session.scalars(select(FiledReport).order_by(FiledReport.version)))


def rows(world, query):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(query).all()


def figures(report):
    return {figure["name"]: figure["value"] for figure in report.snapshot["figures"]}


@pytest.fixture
def told(pasts, tmp_path):
    """A city in which one hazard was told to its unit."""
    with pasts.until("told").again(tmp_path) as world:
        yield world


@pytest.fixture
def monthly(told):
    """The report about the month in which that was, as it waits for its analysis."""
    (hazard,) = rows(told, select(Hazard))
    day = hazard.notified_on
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    begin(told, "monthly_report", f"{day:%Y-%m}", following)
    return told


def test_a_month_is_frozen_analysed_approved_filed_and_received(monthly):
    (report,) = reports(monthly)
    assert figures(report)["hazards_found"] == 1
    (cell,) = report.snapshot["cells"]
    assert (cell["region_code"], cell["category"], cell["hazards_found"]) == ("330302", "electricity", 1)
    monthly.do("analyse_hazards")
    monthly.do("approve_monthly_report", decision="approve")
    monthly.do("receive_monthly_report", receipt="accept")
    (report,) = reports(monthly)
    assert report.submitted_on == report.received_on
    assert (report.receipt, report.version) == ("accept", 1)
    assert report.sections["causes"]
    (case,) = monthly.cases("monthly_report")
    assert case.end_event == "end_filed"
    (paper,) = rows(monthly, select(Document).where(Document.case_id == case.id))
    assert paper.content["cells"][0]["category"] == "用电安全"
    assert paper.pdf_sha256
    met = rows(monthly, select(Deadline.met_on).where(Deadline.case_id == case.id))
    assert len(met) == 2
    assert None not in met


def test_every_figure_is_the_sum_of_the_rows_behind_it(monthly):
    (report,) = reports(monthly)
    kept = rows(monthly, select(FiledReportRow).where(FiledReportRow.report_id == report.id))
    for figure in report.snapshot["figures"]:
        behind = [row for row in kept if row.figure == figure["name"]]
        assert sum(row.part for row in behind) == figure["part"]
        assert sum(row.whole or 0 for row in behind) == (figure["whole"] or 0)
    (found,) = [row for row in kept if row.figure == "hazards_found"]
    assert found.subject == "hazard"
    assert found.unit
    assert verify_all(monthly.runtime).first_bad is None
    added = {
        "figure": "hazards_found",
        "position": 2,
        "subject_id": uuid4(),
        "label": "x",
        "unit": "",
        "part": 1,
    }
    with monthly.runtime.database.write(EVERYTHING) as session:
        session.add(FiledReportRow(report_id=report.id, subject="hazard", **added))
    assert "隐患统计月报第 1 版" in verify_all(monthly.runtime).first_bad.what


def test_what_is_frozen_stays_when_the_records_change(monthly):
    before = reports(monthly)[0].snapshot
    with monthly.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Hazard).values(level="major", hazard_class="fire"))
    monthly.do("analyse_hazards")
    assert reports(monthly)[0].snapshot == before


def test_a_returned_report_comes_again_as_another_version_with_its_reason(monthly):
    monthly.do("analyse_hazards", trend="第一次写的趋势")
    monthly.do("approve_monthly_report", decision="approve")
    with monthly.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Hazard).values(level="major"))
    monthly.do("receive_monthly_report", receipt="return", opinion="重大隐患的数字不对")
    first, second = reports(monthly)
    assert (first.receipt, first.receipt_opinion) == ("return", "重大隐患的数字不对")
    assert (second.version, second.reason_of_correction) == (2, "重大隐患的数字不对")
    assert (figures(first)["major_count"], figures(second)["major_count"]) == (0, 1)
    assert second.sections["trend"] == "第一次写的趋势"
    assert second.submitted_on is None
    monthly.do("analyse_hazards")
    monthly.do("approve_monthly_report", decision="approve")
    monthly.do("receive_monthly_report", receipt="accept")
    assert [report.receipt for report in reports(monthly)] == ["return", "accept"]
    papers = rows(monthly, select(Document.number).where(Document.template == "monthly_report"))
    assert len(set(papers)) == 2


def test_an_accepted_report_is_corrected_by_another_version_in_a_case_of_its_own(monthly):
    monthly.do("analyse_hazards")
    monthly.do("approve_monthly_report", decision="approve")
    (report,) = reports(monthly)
    actor, given = monthly.actor("coordinator"), ("漏报一项隐患", "correct-1")
    with pytest.raises(InvalidAnswersError):
        correct_filed_report(monthly.runtime, CorrectFiledReport(report.id, *given), actor)
    monthly.do("receive_monthly_report", receipt="accept")
    with pytest.raises(NotAllowedError):
        correct_filed_report(
            monthly.runtime, CorrectFiledReport(report.id, *given), monthly.actor("joint_office")
        )
    with pytest.raises(InvalidAnswersError):
        correct_filed_report(monthly.runtime, CorrectFiledReport(report.id, "漏", "correct-0"), actor)
    for _ in range(2):
        case_id = correct_filed_report(monthly.runtime, CorrectFiledReport(report.id, *given), actor)
    _, second = reports(monthly)
    assert (second.version, second.reason_of_correction) == (2, "漏报一项隐患")
    assert (second.case_id, second.sections) == (case_id, report.sections)
    assert [case.title.endswith("（更正）") for case in monthly.cases("monthly_report")] == [False, True]
    with pytest.raises(InvalidAnswersError):
        correct_filed_report(
            monthly.runtime, CorrectFiledReport(report.id, "再来一次更正", "correct-2"), actor
        )


def test_a_report_is_returned_only_with_a_reason(monthly):
    monthly.do("analyse_hazards")
    with pytest.raises(InvalidAnswersError) as refused:
        monthly.do("approve_monthly_report", decision="return", opinion="")
    assert "opinion" in refused.value.errors
    monthly.do("approve_monthly_report", decision="return", opinion="写明原因")
    assert monthly.steps().count("analyse_hazards") == 1


def test_a_month_without_hazards_is_reported_as_zero(told):
    begin(told, "monthly_report", "2025-12", date(2026, 1, 1))
    (report,) = reports(told)
    assert set(figures(report).values()) == {0, None}
    assert report.snapshot["cells"] == []
    told.walker.complete(told.item("analyse_hazards"))
    told.do("approve_monthly_report", decision="approve")
    told.do("receive_monthly_report", receipt="accept")
    assert reports(told)[0].receipt == "accept"


FILED = {"sections": {"trend": "改过"}, "submitted_on": date(2030, 1, 1)}
FROZEN = {"snapshot": {}, "sha256": "0", "period": "2020-01", "version": 9, "reason_of_correction": "另一个"}
RECEIVED = {"receipt": "return", "receipt_opinion": "改过"}


def test_after_filing_nothing_changes_a_report(monthly):
    monthly.do("analyse_hazards")
    monthly.do("approve_monthly_report", decision="approve")
    monthly.do("receive_monthly_report", receipt="accept")
    for name, value in (FILED | FROZEN | RECEIVED).items():
        with pytest.raises(IntegrityError), monthly.runtime.database.write(EVERYTHING) as session:
            session.execute(update(FiledReport).values({name: value}))
    for removal in (delete(FiledReport), delete(FiledReportRow), update(FiledReportRow).values(part=5)):
        with pytest.raises(IntegrityError), monthly.runtime.database.write(EVERYTHING) as session:
            session.execute(removal)


def test_a_half_year_is_reviewed_filed_and_followed_up(told):
    begin(told, "self_review", "2026-H1", date(2026, 7, 1))
    (report,) = reports(told)
    found = figures(report)
    assert (found["visits_done"], found["hazards_found"]) == (1, 1)
    told.do("draft_self_review")
    told.do("review_self_review", decision="approve")
    told.do("receive_self_review", receipt="accept")
    due = told.item("track_improvements").due_on
    assert due == date(2027, 1, 31), "until the next review is due"
    told.do("track_improvements")
    (report,) = reports(told)
    assert [row["result"] for row in report.progress] == ["已落实，见凭证"] * 2
    (case,) = told.cases("self_review")
    assert case.end_event == "end_improved"
    (paper,) = rows(told, select(Document).where(Document.case_id == case.id))
    assert len(paper.content["improvements"]) == 2


def test_a_review_may_come_back_from_the_manager_and_from_the_office(told):
    begin(told, "self_review", "2026-H1", date(2026, 7, 1))
    told.do("draft_self_review", problems="第一次写的问题")
    told.do("review_self_review", decision="return", opinion="写具体")
    told.do("draft_self_review", problems="第二次写的问题")
    told.do("review_self_review", decision="approve")
    told.do("receive_self_review", receipt="return", opinion="补充培训情况")
    first, second = reports(told)
    assert first.sections["problems"] == second.sections["problems"] == "第二次写的问题"
    assert second.reason_of_correction == "补充培训情况"
    assert told.item("draft_self_review").due_on == date(2026, 7, 31)


def test_a_review_that_lacks_one_of_the_four_parts_is_not_accepted(told):
    begin(told, "self_review", "2026-H1", date(2026, 7, 1))
    for part, empty in {"scheme_results": "", "competence": "", "problems": "", "improvements": []}.items():
        with pytest.raises(InvalidAnswersError) as refused:
            told.do("draft_self_review", **{part: empty})
        assert any(name.startswith(part) for name in refused.value.errors)


def test_the_calendar_begins_the_report_of_each_provider_itself(told):
    told.clock.at = datetime(2026, 4, 1, 1, tzinfo=UTC)
    begin_duty(told.runtime, "monthly_report", "2026-03", date(2026, 4, 1))
    drain(told.runtime)
    (case,) = told.cases("monthly_report")
    assert case.title.endswith("2026年3月 月度隐患统计")
    assert rows(told, select(CaseEvent.kind).where(CaseEvent.case_id == case.id)).count("report.frozen") == 1
