"""文书: found by unit, kind and period; several as one PDF that holds every page as it was printed."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from store.tables import Document
from tests.support.world import EVERYTHING
from webapp.papers import views


def papers(city):
    with city.web.runtime.database.read(EVERYTHING) as session:
        rows = session.scalars(select(Document).where(Document.void_reason == "")).all()
    return sorted(rows, key=lambda row: (row.issued_at, row.id), reverse=True)


def pages_of(city, rows):
    texts = []
    for row in rows:
        reader = PdfReader(city.web.runtime.files.path(row.pdf_sha256))
        texts += [(page.extract_text(), page.get_contents().get_data()) for page in reader.pages]
    return texts


def test_several_papers_become_one_with_every_page_as_it_was(archived):
    chosen = papers(archived)[:4]
    browser = archived.browser("coordinator")
    answer = browser.post("/papers/print", {"document": [str(row.id) for row in chosen]})
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(answer.data))
    made = [(page.extract_text(), page.get_contents().get_data()) for page in reader.pages]
    assert made == pages_of(archived, chosen)
    assert [one.title for one in reader.outline] == [f"{row.title} {row.number}" for row in chosen]


def test_all_of_a_page_are_printed_at_once(archived):
    rows = papers(archived)
    given = {"_event": "page", "shown": [str(row.id) for row in rows]}
    reader = PdfReader(BytesIO(archived.browser("coordinator").post("/papers/print", given).data))
    assert len(reader.pages) == len(pages_of(archived, rows))


def test_papers_are_found_by_kind_number_unit_period_and_case(archived):
    browser, (newest, *_) = archived.browser("coordinator"), papers(archived)
    record = next(row for row in papers(archived) if row.template == "visit_record")
    day = archived.world.clock().date()
    assert newest.number in browser.get("/papers/").text
    assert record.number in browser.get(f"/papers/?q={record.number}").text
    only = browser.get("/papers/?template=hazard_notice&since=2026-01-01&until=2099-01-01").text
    assert record.number not in only
    assert "没有符合条件的文书" in browser.get(f"/papers/?until={day.replace(year=2000)}").text
    assert record.number in browser.get(f"/papers/?case={record.case_id}").text
    assert "/papers/?case=" in browser.get(f"/cases/{record.case_id}").text
    assert "/papers/?template=hazard_notice" in browser.get("/hazards/").text
    with browser.get(f"/papers/{record.id}.pdf") as answer:
        assert answer.data.startswith(b"%PDF")


def test_too_many_nothing_and_what_waits_is_said_in_words(archived, monkeypatch):
    browser, rows = archived.browser("coordinator"), papers(archived)
    ids = [str(row.id) for row in rows]

    def told(given):
        return browser.post("/papers/print?q=x", given, follow_redirects=True).text

    assert "先在列表里选" in told({"document": ["nonsense"]})
    with monkeypatch.context() as few:
        few.setattr(views, "MOST", 2)
        assert f"选了 {len(ids)} 份，一次最多 2 份" in told({"document": ids})
    with monkeypatch.context() as small:
        small.setattr(views, "MOST_BYTES", 10)
        assert "分几次打印" in told({"document": ids})
    with archived.web.runtime.database.write(EVERYTHING) as session:
        session.get_one(Document, rows[0].id).pdf_sha256 = None
    assert "正在印制" in told({"document": ids[:1]})
    assert 'value="x"' in told({"document": ids[:1]})
    archived.web.runtime.files.path(rows[1].pdf_sha256).chmod(0o600)
    archived.web.runtime.files.path(rows[1].pdf_sha256).write_bytes(b"spoiled")
    assert "读不出来" in told({"document": ids[1:2]})


@pytest.mark.parametrize("role", ["policyholder", "provider_finance"])
def test_nobody_prints_what_is_not_theirs_to_see(archived, role):
    foreign = [row for row in papers(archived) if row.template == "visit_record"]
    with archived.web.runtime.database.write(EVERYTHING) as session:
        row = session.get_one(Document, foreign[0].id)
        row.policyholder_id = row.org_id
    browser = archived.browser(role)
    assert browser.post("/papers/print", {"document": [str(foreign[0].id)]}).status_code == 404
    assert foreign[0].number not in browser.get("/papers/").text
    assert browser.get(f"/papers/?case={foreign[0].id}").status_code == 404
