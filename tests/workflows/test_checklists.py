"""Checklists of more industries: from a sheet to the visits that go by them; both databases."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from sqlalchemy import select, update

from documents.sheets import SheetError
from store.checklists import checklists_for
from store.pages.checklists import checklist_line, differences
from store.tables import ChecklistResult, IndustryChecklist, Policyholder, Visit
from tests.support.world import EVERYTHING
from workflows.errors import InvalidAnswersError, NotAllowedError, RuleRefusedError
from workflows.handlers.checklists import (
    DraftChecklist,
    discard_checklist,
    draft_checklist,
    publish_checklist,
)
from workflows.runtime import legal_day

GUARDED = (1, "临边、洞口设置防护栏杆", "场所环境")
TRAINED = (2, "特种作业人员持证上岗", "安全教育培训")
HEADINGS = ("序号", "规定原文", "隐患分类")
TITLE = "建筑施工企业安全生产基本规定"


def sheet(*rows, headings=HEADINGS):
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        written = workbook.add_worksheet("行业基本规定")
        for number, row in enumerate((headings, *rows)):
            written.write_row(number, 0, row)
    return BytesIO(out.getvalue())


def draft(world, *rows, first_day=None, login="joint_office", **changed):
    day = first_day or legal_day(world.clock.at)
    asked = {"industry": "construction", "title": TITLE, "source": "温安委办〔2026〕9号"} | changed
    asked = DraftChecklist(first_day=day.isoformat(), **asked)
    return draft_checklist(world.runtime, asked, sheet(*rows), world.actor(login))


def publish(world, *rows, **more):
    drafted = draft(world, *rows, **more)
    publish_checklist(world.runtime, drafted, world.actor("joint_office"))
    return drafted


def in_force(world, on):
    with world.runtime.database.read(EVERYTHING) as session:
        return [one.code for one in checklists_for(session, "construction", on)]


def test_a_visit_goes_by_the_version_of_its_dispatch_whatever_follows(opened):
    with opened.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Policyholder).values(high_risk_kind="construction", industry="construction"))
    today = legal_day(opened.clock.at)
    publish(opened, GUARDED, TRAINED)
    opened.do("dispatch_visit", checklists=["construction_1"])
    publish(opened, GUARDED, first_day=today + timedelta(days=1))
    assert in_force(opened, today) == ["construction_1"]
    assert in_force(opened, today + timedelta(days=1)) == ["construction_2"]
    opened.do("accept_visit", accepted="yes")
    opened.do("arrange_pre_contact")
    opened.do("policyholder_confirm_visit", answer="agree")
    opened.clock.pass_by(days=3)
    opened.do("check_in", entry_admitted=True)
    opened.clock.pass_by(hours=2)
    opened.do("record_visit")
    with opened.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Visit.checklists)).first() == ["construction_1"]
        results = session.scalars(select(ChecklistResult).order_by(ChecklistResult.item)).all()
        assert [one.item for one in results] == ["construction_1-1", "construction_1-2"]
        assert {one.checklist for one in results} == {"construction_1"}


def test_what_is_wrong_is_named_by_row_and_column_and_nothing_is_kept(world):
    with pytest.raises(InvalidAnswersError) as refused:
        draft(world, GUARDED, (1, "同一条", "场所环境"), (0, "", "没有这一类"), ("甲", "x", "场所环境"))
    said = refused.value.errors["file"].split("\n")
    assert said[0] == "第 3 行，与第 2 行重复"
    assert [line[:8] for line in said[1:]] == [
        "第 4 行，规定",
        "第 4 行，隐患",
        "第 4 行，序号",
        "第 5 行，序号",
    ]
    with pytest.raises(InvalidAnswersError) as refused:
        draft(world)
    assert "还没有规定" in refused.value.errors["file"]
    with pytest.raises(InvalidAnswersError) as refused:
        draft(world, *((n, "x", "场所环境") for n in range(1, 202)))
    assert "最多 200 条" in refused.value.errors["file"]
    asked = DraftChecklist("construction", TITLE, "x", "2026-03-02")
    with pytest.raises(SheetError):
        draft_checklist(world.runtime, asked, sheet(headings=("甲",)), world.actor("joint_office"))
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(IndustryChecklist)).all() == []


def test_the_fields_beside_the_sheet_are_asked_for(world):
    yesterday = legal_day(world.clock.at) - timedelta(days=1)
    with pytest.raises(InvalidAnswersError) as refused:
        draft(world, GUARDED, industry="none", title="", source="", first_day=yesterday)
    assert set(refused.value.errors) == {"industry", "title", "source", "first_day"}
    with pytest.raises(NotAllowedError):
        draft(world, GUARDED, login="coordinator")


def test_a_draft_says_what_it_changes_and_counts_for_nothing(world):
    today = legal_day(world.clock.at)
    publish(world, GUARDED, TRAINED)
    drafted = draft(
        world,
        (1, "临边设置防护栏杆", "场所环境"),
        (3, "脚手架验收", "场所环境"),
        first_day=today + timedelta(days=9),
    )
    with world.runtime.database.read(EVERYTHING) as session:
        line = checklist_line(session, drafted, today)
        assert line.standing == "draft"
        found = [(one.kind, one.number) for one in differences(session, line.checklist)]
    assert found == [("changed", 1), ("removed", 2), ("added", 3)]
    assert in_force(world, date(2030, 1, 1)) == ["construction_1"]
    again = draft(world, GUARDED, first_day=today + timedelta(days=9))
    with world.runtime.database.read(EVERYTHING) as session:
        assert checklist_line(session, drafted, today) is None
    discard_checklist(world.runtime, again, world.actor("joint_office"))


def test_a_published_version_stays_and_the_next_begins_later(world):
    first = publish(world, GUARDED)
    for deed in (publish_checklist, discard_checklist):
        with pytest.raises(RuleRefusedError, match="不能改"):
            deed(world.runtime, first, world.actor("joint_office"))
    second = draft(world, TRAINED)
    with pytest.raises(RuleRefusedError, match="以后的日期"):
        publish_checklist(world.runtime, second, world.actor("joint_office"))
    late = draft(world, TRAINED, title="另一份")
    world.clock.pass_by(days=2)
    with pytest.raises(RuleRefusedError, match="已经过了"):
        publish_checklist(world.runtime, late, world.actor("joint_office"))
