"""Declared registers: entered, changed, imported and exported by those who answer for them, and seen by nobody else."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from documents.sheets import write_listed
from store.tables import Engagement, HazardTemplate, OfficeRecord, Organization, RecordEvent
from tests.webapp.conftest import EVERYTHING
from tests.webapp.registering import correct, enter, shown, uscc
from workflows.registers import ROSTERS

A_PDF = b"%PDF-1.7\n%%EOF\n"
CONTRACT = {"number": "WT-1", "kind": "保险机构委托第三方", "start": "2026-01-01", "end": "2026-12-31"}
HAZARD = {
    "code": "JZ-001",
    "description": "临边没有防护栏杆",
    "level": "一般",
    "hazard_class": "场所环境",
    "cause": "场所的不安全因素",
}


@pytest.fixture
def office(web):
    """A browser of the joint office."""
    return web.client(web.person("joint_office"))


@pytest.fixture
def insurer(web):
    """A browser of the insurer's clerk."""
    return web.client(web.person("insurer"))


def page_of(answer):
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_provider_is_entered_filed_and_its_history_says_from_what_to_what(office):
    typed = {"name": "温州安衡安全技术服务有限公司", "uscc": uscc(7)}
    enter(office, "providers", **typed)
    filing = {**typed, "filing_status": "已备案", "filing_number": "备2026-1", "filing_date": "2026-01-05"}
    page = enter(office, "filings", **filing, filing_valid_until="2026-12-31")
    said = page_of(page)
    assert "备2026-1" in said
    said = page_of(correct(office, page, filing_valid_until="2028-12-31"))
    assert "把备案有效期至由“2026-12-31”改为“2028-12-31”" in said
    without = enter(office, "filings", **{**filing, "filing_number": ""})
    assert without.status_code == 422
    assert "已备案的，备案号必填" in without.text


def test_a_provider_neither_files_itself_nor_writes_of_another(web, office):
    manager = web.client(web.person("provider_manager"))
    assert manager.get("/registers/filings/new").status_code == 403
    other = {"name": "别家安全技术服务有限公司", "uscc": uscc(8)}
    refused = enter(manager, "providers", **other)
    assert "只能登记本机构的资料" in refused.text
    page = enter(office, "providers", **other)
    assert manager.get(page.request.path).status_code == 200
    assert manager.get(f"{page.request.path}/edit").status_code == 404


def test_a_contract_belongs_to_its_parties_and_is_hidden_from_others(web, insurer):
    provider = web.organization("provider", "瓯安安全技术服务有限公司")
    page = enter(insurer, "engagements", **CONTRACT, party_b="瓯安安全技术服务有限公司")
    assert "WT-1" in page_of(page)
    with web.runtime.database.read(EVERYTHING) as session:
        row = session.scalars(select(Engagement)).one()
        assert (row.org_id, row.party_b_id, row.insurer_id) == (provider, provider, row.party_a_id)
    party = web.client(web.person("provider_manager", organization=provider))
    assert party.get(page.request.path).status_code == 200
    assert party.get(f"{page.request.path}/edit").status_code == 404, "the insurer answers for it"
    third = web.organization("provider", "第三家")
    stranger = web.client(web.person("provider_manager", login="stranger", organization=third))
    assert stranger.get(page.request.path).status_code == 404
    assert "WT-1" not in stranger.get("/registers/engagements/?q=WT").text
    assert "WT-1" not in sheet(stranger, "engagements")


def test_a_contract_says_what_is_wrong_with_it(web, insurer):
    web.organization("provider", "瓯安安全技术服务有限公司")
    wrong = enter(insurer, "engagements", **CONTRACT, party_b="没有这家")
    assert "没有名为“没有这家”的乙方" in wrong.text
    early = enter(insurer, "engagements", **{**CONTRACT, "end": "2025-01-01"}, party_b="没有这家")
    assert "起止日期前后颠倒" in early.text
    foreign = {**CONTRACT, "kind": "第三方聘请技术服务机构"}
    assert (
        "这类合同由第三方服务机构登记"
        in enter(insurer, "engagements", **foreign, party_b="瓯安安全技术服务有限公司").text
    )


def test_a_stale_form_is_refused_and_shows_what_stands_now(office):
    page = enter(office, "rule-sources", number="温安委办〔2020〕4号", name="标准")
    address = f"{page.request.path}/edit"
    old = shown(office.get(address).text)
    office.post(address, {**old, "note": "现行"})
    late = office.post(address, {**old, "note": "作废"})
    assert late.status_code == 409
    assert "台账里现在是“现行”" in late.text


def test_a_small_register_is_told_to_whom_it_concerns_and_to_nobody_else(web, office):
    web.organization("provider", "瓯安安全技术服务有限公司")
    told = {"title": "档案超期", "number": "督1", "form": "督办", "text": "补齐", "day": "2026-11-02"}
    page = enter(office, "guidance", **told, party="瓯安安全技术服务有限公司", state="待整改")
    concerned = web.client(web.person("provider_manager"))
    with web.runtime.database.read(EVERYTHING) as session:
        row = session.scalars(select(OfficeRecord)).one()
        named = session.get(Organization, row.party_id).name
        assert (row.kind, row.details, named) == (
            "guidance",
            {"form": "supervision"},
            "瓯安安全技术服务有限公司",
        )
    home = row.party_id
    concerned = web.client(web.person("coordinator", login="concerned", organization=home))
    assert "档案超期" in concerned.get("/registers/guidance/").text
    others = web.client(web.person("insurer", login="others"))
    assert "档案超期" not in others.get("/registers/guidance/").text
    assert others.get(page.request.path).status_code == 404
    assert "待整改" in concerned.get(page.request.path).text
    assert "改指导督办" not in concerned.get(page.request.path).text


def test_an_answer_on_how_to_read_the_standard_is_public(web, office):
    asked = {"title": "三万元整", "number": "释1", "text": "按两次", "day": "2026-11-02"}
    page = enter(office, "interpretations", **asked)
    unit = web.client(web.person("policyholder"))
    assert "按两次" in unit.get(page.request.path).text
    assert unit.get("/registers/guidance/").status_code == 403


def test_a_library_comes_from_excel_with_the_error_of_each_row_and_goes_out_as_it_is_listed(web, office):
    rows = [HAZARD, {**HAZARD, "code": "JZ-002", "level": "不知道"}]
    looked = upload(office, "hazard_templates", rows)
    assert "不在可选范围内" in looked.text
    office.post(f"{looked.request.path}/confirm", follow_redirects=True)
    with web.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(HazardTemplate.code)).all() == ["JZ-001"]
    listed = sheet(office, "hazard-templates", q="栏杆")
    assert "临边没有防护栏杆" in listed
    assert "临边没有防护栏杆" not in sheet(office, "hazard-templates", q="电箱")
    again = upload(office, "hazard_templates", [{**HAZARD, "suggestion": "搭设栏杆"}])
    office.post(f"{again.request.path}/confirm", follow_redirects=True)
    with web.runtime.database.read(EVERYTHING) as session:
        kinds = session.scalars(select(RecordEvent.kind).order_by(RecordEvent.number)).all()
    assert [kind.rpartition(".")[2] for kind in kinds] == ["imported", "changed"]


def test_a_file_is_attached_by_who_answers_for_the_record_and_read_by_who_reads_it(web, insurer):
    provider = web.organization("provider", "瓯安安全技术服务有限公司")
    page = enter(insurer, "engagements", **CONTRACT, party_b="瓯安安全技术服务有限公司")
    file = {"file": (io.BytesIO(A_PDF), "合同.pdf")}
    answer = insurer.post(f"{page.request.path}/files", file, follow_redirects=True)
    assert "上传附件“合同.pdf”" in answer.text
    (href,) = set(re.findall(r'href="(/files/[0-9a-f-]{36})"', answer.text))
    party = web.client(web.person("coordinator", organization=provider))
    with party.get(href) as answer:
        assert answer.status_code == 200
    third = web.organization("provider", "第三家")
    stranger = web.client(web.person("coordinator", login="stranger", organization=third))
    assert stranger.get(href).status_code == 404
    unread = {"file": (io.BytesIO(A_PDF), "x.pdf")}
    assert party.post(f"{page.request.path}/files", unread).status_code == 403


def test_every_register_lists_and_says_what_to_do_when_empty(web):
    for roster in ROSTERS.values():
        role = min(roster.writers)
        browser = web.client(web.person(role, login=f"{role}-{roster.section}"))
        page = browser.get(f"/registers/{roster.section}/?q=没有的&state=over")
        assert "没有符合条件的" in page.text
        assert f"登记{roster.sheet.title}" in browser.get(f"/registers/{roster.section}/new").text


@pytest.mark.parametrize("role", ["policyholder", "auditor", "complaint_officer", "provider_finance"])
def test_a_role_opens_exactly_the_registers_declared_for_it(web, role):
    browser = web.client(web.person(role))
    shown_on_index = browser.get("/registers/").text
    for roster in ROSTERS.values():
        may_read = role in roster.readers | roster.writers
        address = f"/registers/{roster.section}/"
        assert (browser.get(address).status_code == 200) is may_read
        assert (browser.get(f"{address}listed.xlsx").status_code == 200) is may_read
        assert (f'href="{address}"' in shown_on_index) is may_read
        assert browser.get(f"{address}new").status_code == 403


def sheet(browser, section, **asked):
    """Return the words of what is exported."""
    answer = browser.get(f"/registers/{section}/listed.xlsx", query_string=asked)
    assert answer.data[:2] == b"PK", answer.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return str(book.get_sheet_by_index(1).to_python())


def upload(browser, register, rows):
    """Send rows as a file and return the page that looks at them."""
    book = io.BytesIO(write_listed(register, rows))
    return browser.post(f"/registers/{register}", {"file": (book, "台账.xlsx")}, follow_redirects=True)


def test_an_expert_is_suspended_by_who_keeps_the_pool(web):
    manager = web.client(web.person("provider_manager"))
    expert = {
        "name": "陈屿", "organization": "温州provider单位", "mobile": "13812345678", "roles": ["专家"],
        "source": "自有", "specialties": ["化工安全"], "qualification": "注册安全工程师", "qualification_no": "3301",
        "valid_until": "2028-12-31", "years": "8", "background": "安全工程",
    }  # fmt: skip
    page = enter(manager, "people", **expert)
    assert "在库" in page_of(page)
    page = correct(manager, page, status="暂停派单")
    assert "把入库状态由“在库”改为“暂停派单”" in page_of(page)
    assert "不能派单" in page_of(page)
