"""Papers about records that no process issues: guidance, filing, engagement, and what a unit is told of its fund."""

import re
from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import select

from store.tables import Document, Expert, Person
from tests.webapp.conftest import EVERYTHING
from tests.webapp.registering import correct, enter, uscc
from worker.loop import drain

PROVIDER = "温州安衡安全技术服务有限公司"


def issue(browser, page):
    found = re.search(r"/registers/\w+/[0-9a-f-]+/paper", page.text)
    assert found, re.findall(r"form-error[^>]*>(?:<svg.*?</svg>)?([^<]+)", page.text)
    address = found[0]
    return browser.post(address, {}, follow_redirects=True)


def text_of(browser, runtime, page):
    """Return the text of the paper that a page leads to, once it is printed."""
    drain(runtime)
    address = re.search(r"/papers/[0-9a-f-]+\.pdf", browser.get(page.request.path).text)[0]
    with browser.get(address) as answer:
        pages = PdfReader(BytesIO(answer.data)).pages
        return "".join("".join(one.extract_text() for one in pages).split())


def papers(web):
    with web.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Document).order_by(Document.number)).all()


def test_a_filing_is_registered_on_paper_and_anew_after_a_correction(web):
    office = web.client(web.person("joint_office"))
    typed = {"name": PROVIDER, "uscc": uscc(7)}
    enter(office, "providers", **typed)
    page = enter(
        office, "filings", **typed, filing_status="已备案", filing_number="备-1", filing_date="2026-01-05"
    )
    issued = issue(office, page)
    assert "正在印制" in issued.text
    text = text_of(office, web.runtime, issued)
    for words in (PROVIDER, "备-1", "2026-01-05", "第三方服务机构备案登记表"):
        assert words in text
    issue(office, correct(office, page, filing_number="备-2"))
    first, second = papers(web)
    assert (first.void_reason, second.void_reason) == (f"由 {second.number} 代替", "")
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1
    assert second.content["filing_number"] == "备-2"
    unfiled = correct(office, page, filing_status="未备案", filing_number="", filing_date="")
    assert "/paper" not in unfiled.text


def test_an_order_reaches_whom_it_is_about_and_nobody_else(web):
    office, manager = web.client(web.person("joint_office")), web.client(web.person("provider_manager"))
    elsewhere = web.organization("provider", "别处的第三方")
    stranger = web.client(web.person("provider_manager", login="stranger", organization=elsewhere))
    name = "温州provider单位"
    order = {
        "title": "服务单未按期归档",
        "number": "督-3",
        "form": "督办",
        "party": name,
        "text": "限期补齐归档",
    }
    page = enter(office, "guidance", **order, day="2026-11-02", until="2026-11-20", state="待整改")
    issued = issue(office, page)
    text = text_of(office, web.runtime, issued)
    for words in ("督-3", f"{name}：", "限期补齐归档", "督办单"):
        assert words in text
    address = re.search(r"/papers/[0-9a-f-]+\.pdf", office.get(issued.request.path).text)[0]
    with manager.get(address) as answer:
        assert answer.status_code == 200
    assert stranger.get(address).status_code == 404
    paper = re.search(r"/registers/\w+/[0-9a-f-]+", issued.request.path)[0] + "/paper"
    assert manager.post(paper, {}).status_code == 403


def test_a_professional_who_is_engaged_gets_a_letter_and_a_firm_does_not(web):
    manager = web.client(web.person("provider_manager"))
    expert = web.person("expert", login="expert")
    with web.runtime.database.write(EVERYTHING, now=web.clock()) as session:
        session.get_one(Person, expert.id).name = "陈屿"
        session.add(Expert(person_id=expert.id, org_id=expert.org_id))
    days = {"start": "2026-01-01", "end": "2026-12-31"}
    page = enter(manager, "engagements", number="PQ-1", kind="第三方聘请专业技术人员", person="陈屿", **days)
    text = text_of(manager, web.runtime, issue(manager, page))
    web.organization("agency", "温州检测所")
    firm = enter(
        manager, "engagements", number="PQ-2", kind="第三方聘请技术服务机构", party_b="温州检测所", **days
    )
    assert "PQ-2" in firm.text
    assert "/paper" not in firm.text
    for words in ("陈屿", "PQ-1", "聘书", "2026-12-31"):
        assert words in text


def test_a_unit_is_told_of_its_fund_on_paper(archived):
    unit, runtime = archived.world.offices.unit, archived.web.runtime
    insurer, told = archived.browser("insurer_finance"), archived.browser("policyholder")
    address = f"/fund/units/{unit}"
    for _ in range(2):
        issued = insurer.post(f"{address}/statement", {"year": "2026"}, follow_redirects=True)
        assert "正在印制" in issued.text
    text = text_of(told, runtime, told.get(address))
    for words in ("事故预防服务费用通报单", "2026年", "隐患排查", "1次"):
        assert words in text
    assert told.post(f"{address}/statement", {"year": "2026"}).status_code == 403
    with runtime.database.read(EVERYTHING) as session:
        found = session.scalars(select(Document).where(Document.template == "fund_statement")).all()
    assert sorted(bool(paper.void_reason) for paper in found) == [False, True]
