"""Registers on their pages: template, upload, look, confirm, result."""

import io
from datetime import date

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from documents.sheets import REGISTERS
from rules.codes import uscc_check_sign
from store.tables import Engagement, ImportRun, Job, Organization, Policy, YearFact
from tests.webapp.conftest import EVERYTHING
from workflows.registers import IMPORTERS, importing


def uscc(number):
    """Return a made-up credit code with a true check sign."""
    body = f"91330300DEM{number:06d}"
    return body + uscc_check_sign(body)


def unit(number, **changes):
    """Return the cells of a unit."""
    row = {
        "name": f"温州甬江{number}号机械有限公司",
        "uscc": uscc(number),
        "region_code": "瑞安市",
        "address": "塘下镇",
        "contact": "王建国",
        "mobile": "19900000001",
        "high_risk_kind": "非高危行业",
    }
    return {**row, **changes}


def policy(number, of=1, **changes):
    """Return the cells of a policy."""
    row = {
        "number": f"AZX{number:06d}",
        "policyholder_uscc": uscc(of),
        "written_premium": "7000.00",
        "term_start": "2026-11-01",
        "term_end": "2027-10-31",
    }
    return {**row, **changes}


def book(register, *rows):
    """Return a workbook with these rows."""
    target = io.BytesIO()
    columns = [column for column in REGISTERS[register].columns if column.key in rows[0]]
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet(REGISTERS[register].title)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.title)
            for line, row in enumerate(rows, 1):
                sheet.write_string(line, place, row[column.key])
    return target.getvalue()


@pytest.fixture
def manager(web):
    """A browser of a provider's manager whose office works for one insurer."""
    provider, insurer = web.organization("provider"), web.organization("insurer")
    with web.runtime.database.write(EVERYTHING, now=web.clock()) as session:
        session.add(
            Engagement(
                kind="insurer_provider",
                party_a_id=insurer,
                party_b_id=provider,
                start=date(2026, 1, 1),
                end=date(2026, 12, 31),
                org_id=provider,
            )
        )
    return web.client(web.person("provider_manager"))


def send(browser, register, content, name="台账.xlsx"):
    """Upload a file and follow to its page."""
    return browser.post(
        f"/registers/{register}", {"file": (io.BytesIO(content), name)}, follow_redirects=True
    )


def confirm(browser, answer):
    """Confirm what was looked at and follow to the result."""
    return browser.post(f"{answer.request.path}/confirm", follow_redirects=True)


def test_a_file_is_looked_at_first_and_written_when_confirmed(web, manager):
    looked = send(manager, "policyholders", book("policyholders", unit(1), unit(2)))
    assert "待确认，还没有写入" in looked.text
    assert "确认导入 2 行" in looked.text
    with web.runtime.database.read(EVERYTHING) as session:
        assert session.query(Organization).filter_by(kind="policyholder").count() == 0
    assert "已写入" in confirm(manager, looked).text
    assert "温州甬江" not in manager.get("/registers/").text
    with web.runtime.database.read(EVERYTHING) as session:
        assert session.query(Organization).filter_by(kind="policyholder").count() == 2
    again = send(manager, "policyholders", book("policyholders", unit(1), unit(2)))
    assert "这份文件与台账完全相同" in again.text


def test_bad_rows_come_back_with_their_reasons_and_good_ones_are_kept(web, manager):
    confirm(manager, send(manager, "policyholders", book("policyholders", unit(1))))
    insured = {"insured_persons": "86"}
    rows = policy(1, **insured), policy(2, of=9, **insured), policy(3, term_end="2025-01-01", **insured)
    content = book("policies", *rows)
    looked = send(manager, "policies", content)
    assert "没有登记这家投保单位" in looked.text
    assert "保险止期早于保险起期" in looked.text
    assert '<td data-label="内容">AZX000002</td>' in looked.text
    done = confirm(manager, looked)
    assert "服务周期会陆续开始" in done.text
    back = manager.get(f"{done.request.path}/rejects.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(back.data)).get_sheet_by_name("保单").to_python()
    back.close()
    assert [row[0] for row in sheet[1:]] == ["AZX000002", "AZX000003"]
    with web.runtime.database.read(EVERYTHING) as session:
        assert session.query(Policy).count() == 1
        assert session.query(Job).filter_by(kind="register_policies").count() == 1


LISTED = {
    "policyholder_name": "温州甬江1号机械有限公司",
    "policyholder_uscc": uscc(1),
    "year": "2025",
    "dishonesty_listing": "是",
    "dishonesty_level": "县级",
    "dishonesty_number": "温应急〔2025〕1号",
    "dishonesty_from": "2025-01-01",
}
UNLISTED = dict.fromkeys(LISTED, "") | {
    "policyholder_name": "温州甬江2号机械有限公司",
    "policyholder_uscc": uscc(2),
    "year": "2025",
    "dishonesty_listing": "否",
}


@pytest.mark.parametrize("rows", [(LISTED, UNLISTED), (UNLISTED, LISTED)])
def test_each_unit_of_a_file_keeps_its_own_listing_in_whichever_order(web, manager, rows):
    confirm(manager, send(manager, "policyholders", book("policyholders", unit(1), unit(2))))
    done = confirm(manager, send(manager, "year_facts", book("year_facts", *rows)))
    assert "已写入" in done.text
    with web.runtime.database.read(EVERYTHING) as session:
        kept = session.scalars(select(YearFact).order_by(YearFact.dishonesty_listing)).all()
        assert [fact.dishonesty_number for fact in kept] == [None, "温应急〔2025〕1号"]
    assert "这份文件与台账完全相同" in send(manager, "year_facts", book("year_facts", *rows)).text


def test_what_is_reported_before_it_can_have_happened_is_refused(web, manager):
    confirm(manager, send(manager, "policyholders", book("policyholders", unit(1))))
    confirm(manager, send(manager, "policies", book("policies", policy(1))))
    days = {"occurred": "2026-11-20", "reported": "2026-11-23"}
    claim = {"number": "LP1", "policy_number": "AZX000001", "state": "立案"}
    later = {"number": "LP2", "reported": "2026-11-24"}
    looked = send(manager, "claims", book("claims", claim | days, claim | days | later))
    assert "报案日期在今天以后" in looked.text
    assert "确认导入 1 行" in looked.text
    ahead = {"accident_on": "2026-11-24", "deaths": "1"}
    year = {key: LISTED[key] for key in ("policyholder_name", "policyholder_uscc")} | {"year": "2026"}
    looked = send(manager, "year_facts", book("year_facts", year | ahead))
    assert "事故日期在今天以后" in looked.text
    assert "没有可以写入的行" in looked.text


def test_an_untouched_template_is_told_from_one_that_says_nothing_new(manager):
    looked = send(manager, "policies", manager.get("/registers/policies/template.xlsx").data)
    assert "还没有填写" in looked.text
    assert "完全相同" not in looked.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not a workbook", "这不是 Excel 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "文件设有打开密码"),
        (b"PK\x03\x04broken", "文件已损坏"),
        (book("policyholders", unit(1)), "这像是“投保单位”表"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_clear_sentence(manager, content, sentence):
    answer = send(manager, "policies", content)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "台账没有任何改动" in answer.text


def test_a_large_file_is_left_to_the_worker_and_its_page_shows_how_far_it_is(web, manager, monkeypatch):
    monkeypatch.setattr(importing, "SMALL", 0)
    waiting = send(manager, "policyholders", book("policyholders", unit(1)))
    assert "正在核对" in waiting.text
    assert manager.get(f"{waiting.request.path}/progress").json == {"ended": False, "done": 0, "total": 0}
    with web.runtime.database.read(EVERYTHING) as session:
        (job,) = session.query(Job).filter_by(kind="import_register")
    importing.carry_out(web.runtime, importing.UUID(job.args["run_id"]))
    assert manager.get(f"{waiting.request.path}/progress").json == {"ended": True, "done": 1, "total": 1}
    assert "确认导入 1 行" in manager.get(waiting.request.path).text


def test_an_import_that_breaks_off_says_so_and_may_be_repeated(web, manager, monkeypatch):
    def full(*_given):
        raise OSError(28, "disk full")

    with monkeypatch.context() as broken:
        broken.setattr(importing.runs, "note_progress", full)
        send(manager, "policyholders", book("policyholders", unit(1)))
    with web.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(ImportRun.state)).one() == "refused"
    answer = send(manager, "policyholders", book("policyholders", unit(1)))
    assert "台账.xlsx" in answer.text


def test_no_file_is_said_in_words(manager):
    assert "还没有选择文件" in manager.post("/registers/policies", follow_redirects=True).text


def test_templates_are_handed_out(manager):
    for register in REGISTERS:
        answer = manager.get(f"/registers/{register}/template.xlsx")
        if "provider_manager" in IMPORTERS[register]:
            assert answer.data[:2] == b"PK"
        else:
            assert answer.status_code == 403
    assert manager.get("/registers/unknown/template.xlsx").status_code == 404


def test_only_those_who_answer_for_people_import_them(web):
    coordinator = web.client(web.person("coordinator"))
    assert "人员与资质" in coordinator.get("/registers/").text
    assert coordinator.get("/registers/people/template.xlsx").status_code == 403
    office = web.client(web.person("joint_office"))
    assert "上传核对" not in office.get("/registers/").text
    assert office.get("/registers/policies/template.xlsx").status_code == 403


def test_another_office_does_not_see_an_import(web, manager):
    looked = send(manager, "policyholders", book("policyholders", unit(1)))
    other = web.client(
        web.person("coordinator", login="other", organization=web.organization("provider", "另一家"))
    )
    assert other.get(looked.request.path).status_code == 404
    assert other.post(f"{looked.request.path}/confirm").status_code == 404
