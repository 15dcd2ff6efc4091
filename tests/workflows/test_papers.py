"""What papers say of a visit: the items with their facts, what was agreed, and the cover of its file."""

import zipfile

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from store.tables import CaseFile, Document, PreContact, Visit
from tests.support.world import EVERYTHING, archive, arrange, arrive, open_visit, tell
from worker.loop import drain


@pytest.fixture
def archived(world):
    """A visit with one hazard, archived, its papers printed and packed."""
    open_visit(world)
    arrange(world)
    arrive(world)
    tell(world)
    archive(world)
    drain(world.runtime)
    return world


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


def test_the_package_opens_with_a_cover_that_both_sides_signed(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        (file,) = session.scalars(select(CaseFile))
        (visit,) = session.scalars(select(Visit).where(Visit.id == file.visit_id))
        titles = session.scalars(select(Document.title).where(Document.visit_id == file.visit_id)).all()
    packed = archived.runtime.files.path(file.package_sha256)
    with zipfile.ZipFile(packed) as package, package.open(f"{file.number}/data/record.pdf") as source:
        cover = "".join(page.extract_text() for page in PdfReader(source).pages)
    plain = "".join(cover.split())
    signed = [one["name"] for one in visit.signatures if one["purpose"] == "record"]
    assert len(signed) == 2
    for words in (file.number, "七要素", "卷内目录", "满意度5分", *titles, *signed):
        assert words in plain
