"""P10: a year of the fund frozen, reconciled, prepared, filed, received, returned; both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from store.compliance.catalogue import Standing, duty_of
from store.tables import CaseEvent, Deadline, Document, FundEntry, FundFiling
from store.types import new_id
from tests.support.world import EVERYTHING
from workflows.compliance import as_of, judge
from workflows.duties import begin_duty_for
from workflows.runtime import legal_day

YEAR = 2026


def rows(world, query):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(query).all()


def filings(world):
    return rows(world, select(FundFiling).order_by(FundFiling.version))


@pytest.fixture
def begun_filing(begun):
    """The filing of the year in which the city's policy was signed; some of its fund was spent, some taken back."""
    owners = {"org_id": begun.offices.provider, "insurer_id": begun.offices.insurer}
    spent = {"kind": "expense", "category": "inspection", "voucher": ["x"], **owners}
    first = new_id()
    with begun.runtime.database.write(EVERYTHING, now=begun.clock.at) as session:
        session.add(
            FundEntry(
                number="1",
                kind="accrual",
                amount=Decimal(15750),
                category="",
                entry_date=date(YEAR, 3, 5),
                **owners,
            )
        )
        session.add(
            FundEntry(id=first, number="2", amount=Decimal(2000), entry_date=date(YEAR, 4, 1), **spent)
        )
        session.add(FundEntry(number="3", amount=Decimal(3000), entry_date=date(YEAR, 5, 1), **spent))
        session.add(
            FundEntry(
                number="4",
                amount=Decimal(2000),
                entry_date=date(YEAR, 5, 2),
                reverses_id=first,
                **spent | {"kind": "reversal"},
            )
        )
        session.add(FundEntry(number="5", amount=Decimal(9), entry_date=date(YEAR + 1, 1, 1), **spent))
    begun.clock.at = datetime(YEAR + 1, 1, 2, 1, tzinfo=UTC)
    begin_duty_for(begun.runtime, "fund_filing", str(YEAR), date(YEAR + 1, 1, 2), begun.offices.insurer)
    return begun


def test_a_year_is_frozen_reconciled_prepared_filed_and_received(begun_filing):
    (filing,) = filings(begun_filing)
    figures = {name: filing.snapshot[name] for name in ("accrued", "spent", "balance", "ratio", "net")}
    assert figures == {
        "accrued": "15750.00",
        "spent": "3000.00",
        "balance": "12750.00",
        "ratio": "35.00",
        "net": "45000.00",
    }
    begun_filing.do("reconcile_fund")
    begun_filing.do("prepare_fund_filing")
    begun_filing.do("approve_fund_filing", decision="approve")
    begun_filing.do("receive_fund_filing", receipt="accept", receipt_no="温安责费〔2027〕3号")
    (case,) = begun_filing.cases("fund_filing")
    assert (case.end_event, case.org_id) == ("end_filed", begun_filing.offices.insurer)
    (filing,) = filings(begun_filing)
    assert (filing.receipt, filing.receipt_no) == ("accept", "温安责费〔2027〕3号")
    assert [row["matched"] for row in filing.reconciled] == ["yes"]
    papers = {
        paper.template: paper
        for paper in rows(begun_filing, select(Document).where(Document.case_id == case.id))
    }
    assert papers.keys() == {"fund_filing", "fund_ledger"}
    assert "两套规则不能同时满足" in papers["fund_filing"].content["conflict"]
    assert papers["fund_ledger"].content["count"] == 4
    assert all(paper.pdf_sha256 for paper in papers.values())
    (deadline,) = rows(begun_filing, select(Deadline).where(Deadline.case_id == case.id))
    assert (deadline.due, deadline.statutory) == (date(YEAR + 1, 3, 31), True)
    assert deadline.met_on is not None


def test_a_filing_that_goes_back_comes_again_as_another_version_with_new_figures(begun_filing):
    begun_filing.do("reconcile_fund", matched="no", difference="四月一笔记错，已红字冲销")
    begun_filing.do("prepare_fund_filing")
    begun_filing.do("approve_fund_filing", decision="return", opinion="结余怎么用没写清")
    assert filings(begun_filing)[0].opinion == "结余怎么用没写清"
    begun_filing.do("prepare_fund_filing")
    begun_filing.do("approve_fund_filing", decision="approve")
    begun_filing.do("receive_fund_filing", receipt="return", opinion="分项与台账不符")
    first, second = filings(begun_filing)
    assert (first.receipt, second.version, second.reason) == ("return", 2, "分项与台账不符")
    assert (second.balance_use, second.reconciled) == (first.balance_use, first.reconciled)
    begun_filing.do("prepare_fund_filing")
    begun_filing.do("approve_fund_filing", decision="approve")
    begun_filing.do("receive_fund_filing", receipt="accept", receipt_no="3号")
    assert [filing.receipt for filing in filings(begun_filing)] == ["return", "accept"]


def test_a_filing_that_is_late_breaks_article_6_until_it_is_submitted(begun_filing):
    def standing():
        with begun_filing.runtime.database.read(EVERYTHING) as session:
            day = legal_day(begun_filing.clock.at)
            return judge(session, duty_of("fund_filings"), as_of(session, day)).standing

    begun_filing.do("reconcile_fund")
    assert standing() is Standing.MET
    begun_filing.clock.at = datetime(YEAR + 1, 4, 3, 1, tzinfo=UTC)
    assert standing() is Standing.BROKEN
    begun_filing.do("prepare_fund_filing")
    begun_filing.do("approve_fund_filing", decision="approve")
    assert standing() is Standing.MET
    (filing,) = filings(begun_filing)
    told = rows(begun_filing, select(CaseEvent).where(CaseEvent.case_id == filing.case_id))
    assert sum("逾期 3 天" in event.body.decode() for event in told) == 1
