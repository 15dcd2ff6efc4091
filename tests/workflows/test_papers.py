"""What papers say of a visit: the items with their facts, what was agreed, and the cover of its file."""

import csv
import zipfile
from io import BytesIO, StringIO
from uuid import UUID

from pypdf import PdfReader
from sqlalchemy import select

from store.errors import NotYetError
from store.tables import (
    CaseFile,
    CaseFileItem,
    Document,
    EvidenceFile,
    HazardNotice,
    Person,
    PreContact,
    Visit,
)
from tests.support.world import EVERYTHING, GENERAL, archive
from worker.loop import drain
from workflows.handlers.jobs import JOBS


def test_the_record_names_what_was_done_and_agreed(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        (content,) = session.scalars(select(Document.content).where(Document.template == "visit_record"))
        (agreed,) = session.scalars(select(PreContact))
        (visit,) = session.scalars(select(Visit).where(Visit.archived_at.is_not(None)))
    items = {item["name"]: item["detail"] for item in content["items"]}
    assert len(items) == len(visit.items)
    assert items["生产安全事故隐患排查"] == "查出隐患 1 项，见下"
    assert "主题：" in items["安全生产宣传教育培训"]
    assert "参加人数：" in items["安全生产宣传教育培训"]
    assert content["protective_measures"] == agreed.protective_measures != ""


def test_the_return_visit_speaks_chinese_and_its_code_leads_to_the_case(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        (paper,) = session.scalars(select(Document).where(Document.template == "return_visit"))
    assert paper.content["rectification_state"] in {"尚未整改", "正在整改", "已整改", "拒绝整改"}
    assert paper.content["head"]["check_url"] == f"http://127.0.0.1:8000/cases/{paper.case_id}"


def test_the_agreement_is_printed_to_be_signed_and_again_as_it_was_permitted(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        offered, permitted = session.scalars(
            select(Document).where(Document.template == "pre_contact").order_by(Document.number)
        )
        (agreed,) = session.scalars(select(PreContact))
    assert offered.content.get("permission") is None
    assert offered.void_reason == f"由 {permitted.number} 代替"
    assert permitted.content["confirm_measures"] is True
    assert permitted.content["permission"]["grantor"] == agreed.grantor
    assert permitted.content["signatures"][0]["image"] == f"file:{agreed.grant_proof[0]}"
    assert (permitted.void_reason, agreed.document_id) == ("", permitted.id)


def test_the_agreement_names_who_comes_with_office_and_qualification(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        paper = session.scalars(select(Document).where(Document.template == "pre_contact")).first()
    lead = paper.content["visitors"][0]
    assert lead["organization"]
    assert lead["role"] == "负责人"
    assert " " in lead["certificate"]  # the kind before the number
    assert paper.content["site_contact"]


def test_a_notice_names_its_signer_and_its_receipt_who_took_it(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        (notice,) = session.scalars(select(HazardNotice))
        papers = {paper.template: paper.content for paper in session.scalars(select(Document))}
        signer = session.get_one(Person, notice.signed_by).name
    assert papers["hazard_notice"]["signatures"][0]["name"] == signer
    receipt = papers["delivery_receipt"]
    receiver, server = receipt["signatures"]
    assert (receipt["served_number"], receipt["hazards"], receipt["majors"]) == (notice.number, 1, 0)
    assert receiver["name"] == receipt["received_by"] == notice.received_by != ""
    assert receiver["image"] == f"file:{notice.signature[0]}"
    assert server["name"] == receipt["served_by"] != ""


def test_a_receipt_names_the_witness_of_a_refusal_and_its_proof(arrived):
    found = {**GENERAL, "photos_before": [arrived.walker.photo(arrived.reach("record_visit"))]}
    arrived.do("record_visit", hazards=[found])
    arrived.do("policyholder_sign_visit")
    arrived.do("sign_notice")
    proof = arrived.walker.photo(arrived.reach("serve_hazard_notice"))
    arrived.do(
        "serve_hazard_notice",
        refused_to_sign=True,
        received_by=None,
        signature=None,
        witness="王立（网格员）",
        refusal_proof=[proof],
    )
    with arrived.runtime.database.read(EVERYTHING) as session:
        (receipt,) = session.scalars(select(Document).where(Document.template == "delivery_receipt"))
        (kept,) = session.scalars(select(EvidenceFile).where(EvidenceFile.id == UUID(proof)))
    assert (receipt.content["refused"], receipt.content["witness"]) == (True, "王立（网格员）")
    assert receipt.content["proof"] == [kept.name]
    assert receipt.content["signatures"][0]["refused"] is True


def test_the_package_opens_with_a_cover_that_both_sides_signed(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        (file,) = session.scalars(select(CaseFile))
        (visit,) = session.scalars(select(Visit).where(Visit.id == file.visit_id))
        titles = session.scalars(select(Document.title).where(Document.visit_id == file.visit_id)).all()
    packed = archived.runtime.files.path(file.package_sha256)
    with zipfile.ZipFile(packed) as package:
        inside = {name.partition("/")[2]: package.read(name) for name in package.namelist()}
    reader = PdfReader(BytesIO(inside["data/record.pdf"]))
    cover = "".join(page.extract_text() for page in reader.pages)
    plain = "".join(cover.split())
    signed = [one["name"] for one in visit.signatures if one["purpose"] == "record"]
    assert len(signed) == 2
    for words in (file.number, "七要素", "卷内目录", "满意度5分", *titles, *signed):
        assert words in plain
    catalogue = list(csv.DictReader(StringIO(inside["data/catalogue.csv"].decode("utf-8-sig"))))
    assert catalogue[0]["页数"] == str(len(reader.pages))
    for line in catalogue:
        if line["文件"].startswith("data/papers/"):
            assert line["页数"] == str(len(PdfReader(BytesIO(inside[line["文件"]])).pages)), line
        elif line["文件"].endswith((".jpg", ".png", ".webp")):
            assert line["页数"] == "1", line


def test_what_comes_after_the_sealing_is_a_supplement_however_late_the_package_is_built(told, monkeypatch):
    def not_yet(*_):
        raise NotYetError("the printer is away")

    with monkeypatch.context() as late:
        late.setitem(JOBS, "seal_package", not_yet)
        archive(told)
        told.clock.pass_by(days=1)
        told.do("plan_rectification", answer="accept")
        told.do("submit_rectification")
        told.do("recheck_hazard", result="passed")
    told.clock.pass_by(days=1)
    drain(told.runtime)
    with told.runtime.database.read(EVERYTHING) as session:
        (file,) = session.scalars(select(CaseFile))
        (sheet,) = session.scalars(select(Document).where(Document.template == "rectification_sheet"))
        (item,) = session.scalars(select(CaseFileItem).where(CaseFileItem.supplement_no == 1))
    assert item.document_id == sheet.id
    with zipfile.ZipFile(told.runtime.files.path(file.package_sha256)) as package:
        assert not [name for name in package.namelist() if sheet.number in name]
