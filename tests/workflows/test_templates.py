"""Templates of papers as releases: one proposes, another publishes; a paper keeps the template of its issue."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from documents.sources import shipped_source
from store.tables import Case, Document, Notice, ReturnVisit, TemplateRelease
from tests.support.world import EVERYTHING
from workflows.advance import new_act
from workflows.errors import (
    BrokenTemplateError,
    NotAllowedError,
    NotFoundError,
    RuleRefusedError,
    StaleRecordError,
)
from workflows.handlers.papers import render_document
from workflows.handlers.templates import (
    LONGEST,
    SaveTemplate,
    begin_template,
    decline_template,
    drop_template,
    propose_template,
    publish_template,
    save_template,
)
from workflows.operations.documents import issue
from workflows.people import SYSTEM

MARK = "温州市统一样式"
NAME = "return_visit"


def only(world, **wanted):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(TemplateRelease).filter_by(**wanted)).one()


def changed(text=None):
    shipped = shipped_source(NAME).text
    return shipped + (f"\n#v(1mm)\n{MARK}\n" if text is None else text)


def drafted(world, text=None):
    author = world.actor("process_designer")
    begin_template(world.runtime, NAME, None, author)
    return save_template(world.runtime, SaveTemplate(NAME, changed(text), 1), author)


def published(world, text=None):
    seen = drafted(world, text)
    propose_template(world.runtime, NAME, seen, "加上统一样式", world.actor("process_designer"))
    row = only(world, template=NAME, state="proposed")
    return publish_template(world.runtime, row.id, row.row_version, world.actor("process_designer_2"))


def text_of(world, digest):
    pages = PdfReader(BytesIO(world.runtime.files.path(digest).read_bytes())).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def printed_anew(world, document_id):
    """Print an issued paper again as the job would, had it not been done."""
    with world.runtime.database.write(EVERYTHING) as session:
        session.get_one(Document, document_id).pdf_sha256 = None
    return text_of(world, render_document(world.runtime, document_id))


def issued(world):
    """Issue the paper of a return visit once more, and print it."""
    with world.runtime.database.write(EVERYTHING, now=world.clock()) as session:
        told = session.scalars(select(ReturnVisit)).first()
        case = session.scalars(select(Case).filter_by(visit_id=told.visit_id, process="service_visit")).one()
        paper = issue(new_act(world.runtime, session, case, SYSTEM, world.clock()), NAME, told.id).id
    digest = render_document(world.runtime, paper)
    with world.runtime.database.read(EVERYTHING) as session:
        return session.get_one(Document, paper), digest


def test_what_is_issued_later_has_the_new_template_and_what_was_issued_stays(archived):
    before, _ = issued(archived)
    published(archived)
    paper, digest = issued(archived)
    assert paper.template_sha256 == only(archived, template=NAME, number=1).sha256
    assert MARK in text_of(archived, digest)
    archived.clock.pass_by(days=1)
    published(archived, "\n第二版\n")
    assert printed_anew(archived, paper.id) == text_of(archived, digest)
    assert MARK not in printed_anew(archived, before.id)
    assert "第二版" in text_of(archived, issued(archived)[1])


def test_a_paper_without_a_release_of_the_office_has_what_its_case_pins(archived):
    with archived.runtime.database.read(EVERYTHING) as session:
        papers = session.scalars(select(Document)).all()
    assert papers
    assert all(paper.template_sha256 for paper in papers)


def test_one_does_not_publish_the_own_proposal(world):
    seen = drafted(world)
    author = world.actor("process_designer")
    assert propose_template(world.runtime, NAME, seen, "改样式", author) is False
    row = only(world, template=NAME, state="proposed")
    with pytest.raises(RuleRefusedError, match="另一位"):
        publish_template(world.runtime, row.id, row.row_version, author)
    with world.runtime.database.read(EVERYTHING) as session:
        (told,) = session.scalars(select(Notice).where(Notice.link == f"/studio/papers/{NAME}"))
    assert told.person_id == world.actor("process_designer_2").person_id
    with pytest.raises(StaleRecordError):
        publish_template(world.runtime, row.id, row.row_version - 1, world.actor("process_designer_2"))
    with pytest.raises(RuleRefusedError, match="先撤回"):
        save_template(world.runtime, SaveTemplate(NAME, "x", row.row_version), author)


def test_a_proposal_that_is_given_back_is_a_draft_with_the_reason(world):
    propose_template(world.runtime, NAME, drafted(world), "改样式", world.actor("process_designer"))
    row = only(world, template=NAME)
    decline_template(world.runtime, row.id, row.row_version, "字太小", world.actor("process_designer_2"))
    row = only(world, template=NAME, state="draft")
    assert row.answer.endswith("退回：字太小")
    assert MARK in row.source


def test_what_does_not_compile_is_kept_and_not_proposed(world):
    author, seen = world.actor("process_designer"), drafted(world, "\n#unknown\n")
    with pytest.raises(BrokenTemplateError) as caught:
        propose_template(world.runtime, NAME, seen, "改样式", author)
    assert caught.value.broken.line == changed("\n#unknown").count("\n") + 1
    with pytest.raises(RuleRefusedError, match="写明改了什么"):
        propose_template(world.runtime, NAME, seen, " ", author)
    assert only(world, template=NAME).state == "draft"


def test_two_who_save_do_not_overwrite_each_other(world):
    seen = drafted(world)
    other = world.actor("process_designer_2")
    save_template(world.runtime, SaveTemplate(NAME, "other", seen), other)
    with pytest.raises(StaleRecordError):
        save_template(world.runtime, SaveTemplate(NAME, "mine", seen), world.actor("process_designer"))
    assert only(world, template=NAME).source == "other"
    with pytest.raises(RuleRefusedError, match="已经有一份草稿"):
        begin_template(world.runtime, NAME, None, other)
    with pytest.raises(RuleRefusedError, match="太长"):
        save_template(world.runtime, SaveTemplate(NAME, "x" * (LONGEST + 1), seen + 1), other)
    drop_template(world.runtime, NAME, seen + 1, other)
    with pytest.raises(NotFoundError):
        drop_template(world.runtime, NAME, seen + 1, other)


def test_an_earlier_release_comes_back_under_a_new_number(world):
    assert published(world) == 1
    assert published(world, "\n第二版\n") == 2
    author = world.actor("process_designer")
    begin_template(world.runtime, NAME, only(world, number=1).id, author)
    propose_template(world.runtime, NAME, 1, "回到第一版", author)
    row = only(world, state="proposed")
    assert publish_template(world.runtime, row.id, row.row_version, world.actor("process_designer_2")) == 3
    assert only(world, number=3).sha256 == only(world, number=1).sha256


def test_nobody_else_touches_a_template(world):
    for role in ("coordinator", "system_admin", "joint_office"):
        with pytest.raises(NotAllowedError):
            begin_template(world.runtime, NAME, None, world.actor(role))
    with pytest.raises(NotFoundError):
        begin_template(world.runtime, "../etc", None, world.actor("process_designer"))
