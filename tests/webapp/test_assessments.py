"""The pages of the yearly assessment: indicators edited and published, the ranking of the office, one's own result."""

from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select, update

from documents.sheets.indicators import COLUMNS, read_indicators
from documents.sheets.table import table
from store.tables import Assessment, CaseEvent, Indicator, IndicatorSet
from tests.support.world import EVERYTHING
from tests.webapp.conftest import city_at
from tests.workflows.test_assessments import ALL, Year


@pytest.fixture
def founded(sqlite_pasts, tmp_path):
    with city_at("founded", sqlite_pasts, tmp_path) as city:
        yield city


def rows_of(city, set_id):
    with city.web.runtime.database.read(EVERYTHING) as session:
        query = select(Indicator).where(Indicator.set_id == set_id).order_by(Indicator.position)
        return list(session.scalars(query))


def newest(city):
    with city.web.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(IndicatorSet).order_by(IndicatorSet.id.desc()).limit(1)).one()


def as_typed(city, **changes):
    """Return the form of the newest set as it is shown, the first row changed."""
    found = newest(city)
    names = ("aspect", "title", "requirement", "weight", "measure")
    rows = [{name: str(getattr(row, name)) for name in names} for row in rows_of(city, found.id)]
    rows[0] |= changes
    form = {name: [*(row[name] for row in rows), ""] for name in names}
    return f"/assessments/sets/{found.id}", {"version": str(found.row_version), **form}


def published(city, office, kind):
    office.post("/assessments/sets", {"year": "2026", "kind": kind})
    address, form = as_typed(city)
    answer = office.post(address, {**form, "publish": "1"}, follow_redirects=True)
    assert "已发布，以后不能再改" in answer.text


def test_a_draft_is_saved_told_what_is_wrong_and_published(founded):
    office = founded.browser("joint_office")
    assert "还没有指标集" in office.get("/assessments/sets").text
    office.post("/assessments/sets", {"year": "2026", "kind": "provider"})
    address, form = as_typed(founded, weight="很多")
    answer = office.post(address, form)
    assert answer.status_code == 422
    assert "分值写 0.01 到 100 的数" in answer.text
    assert 'value="很多"' in answer.text
    address, form = as_typed(founded, weight="21")
    answer = office.post(address, {**form, "publish": "1"})
    assert answer.status_code == 422
    assert "现在是 101" in answer.text
    address, form = as_typed(founded, weight="20", title="按次数做满")
    stale = {**form, "version": "1"}
    assert "别人刚刚改过" in office.post(address, stale).text
    assert (
        "已发布，以后不能再改" in office.post(address, {**form, "publish": "1"}, follow_redirects=True).text
    )
    page = office.get(address).text
    assert "按次数做满" in page
    assert 'name="publish"' not in page
    assert office.post(address, form).status_code == 409


def test_a_set_goes_out_as_excel_and_comes_back_changed(founded):
    office = founded.browser("joint_office")
    office.post("/assessments/sets", {"year": "2026", "kind": "insurer"})
    address, form = as_typed(founded)
    sheet = office.get(f"{address}.xlsx").data
    lines = read_indicators(BytesIO(sheet))
    assert [line["title"] for line in lines] == [row.title for row in rows_of(founded, newest(founded).id)]
    lines[0]["title"] = "全覆盖，一户不漏"
    changed = table("考核指标", list(COLUMNS.values()), [tuple(line.values()) for line in lines])
    sent = {"version": form["version"], "file": (BytesIO(changed), "a.xlsx")}
    answer = office.post(f"{address}/import", sent, follow_redirects=True)
    assert "已按 Excel 换上新的指标" in answer.text
    assert rows_of(founded, newest(founded).id)[0].title == "全覆盖，一户不漏"
    for body, told in (
        (table("别的", ["甲", "乙"], [("1", "2")]), "没有找到表头"),
        (b"no workbook", "不是 Excel 文件"),
    ):
        sent = {"version": form["version"], "file": (BytesIO(body), "a.xlsx")}
        assert told in office.post(f"{address}/import", sent).text
    assert "先选填好的 Excel 文件" in office.post(f"{address}/import", {"version": form["version"]}).text


def test_the_office_sees_the_ranking_and_the_assessed_their_own_result_alone(founded):
    office = founded.browser("joint_office")
    assert "还没有开始考核" in office.get("/assessments/").text
    published(founded, office, "provider")
    published(founded, office, "insurer")
    begun = office.post("/assessments/begin", {"year": "2026"}, follow_redirects=True)
    assert "已开始 2 家的考核" in begun.text
    again = office.post("/assessments/begin", {"year": "2026"}, follow_redirects=True)
    assert "每家每年只考核一次" in again.text
    with founded.web.runtime.database.write(EVERYTHING) as session:
        points = {
            "total": Decimal("86.5"),
            "base": Decimal(90),
            "bonus": Decimal(0),
            "deducted": Decimal("3.5"),
        }
        session.execute(update(Assessment).values(state="final", conclusion="有进步", **points))
        held = {row.object_kind: row.id for row in session.scalars(select(Assessment))}
    ranking = office.get("/assessments/").text
    assert ranking.count("86.5") == 2
    assert ranking.count("第 1 名") == 2
    manager = founded.browser("provider_manager")
    own = manager.get("/assessments/").text
    assert own.count("86.5") == 1
    assert "瓯江财产保险" not in own
    assert "有进步" in manager.get(f"/assessments/{held['provider']}").text
    assert manager.get(f"/assessments/{held['insurer']}").status_code == 404
    workbook = office.get("/assessments/ranking.xlsx?year=2026")
    assert workbook.mimetype.endswith("spreadsheetml.sheet")


def test_nobody_reads_verdicts_while_two_people_judge(founded):
    office = founded.browser("joint_office")
    published(founded, office, "provider")
    office.post("/assessments/begin", {"year": "2026"})
    with founded.web.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Assessment).values(state="scoring"))
        held = session.scalars(select(Assessment.id)).one()
    page = office.get(f"/assessments/{held}").text
    assert "两个人正在各自打分" in page
    assert "两份打分" not in page


def test_what_one_person_found_is_not_shown_before_the_other_has_judged_as_well(founded):
    year = Year(founded.world)
    year.hand_in(ALL)
    year.as_person(year.office, "score_indicators", scores=year.verdicts(ALL), impartial=True)
    (case,) = founded.world.cases("assessment")
    with founded.web.runtime.database.read(EVERYTHING) as session:
        given = session.scalars(select(CaseEvent).where(CaseEvent.element == "score_indicators"))
        place = next(f"{row.version}.{row.n}" for row in given if row.kind == "step.completed")
    second = founded.browser("joint_office_2")
    refused = second.get(f"/cases/{case.id}/answers/{place}")
    assert refused.status_code == 409
    assert "才看得到对方填的" in refused.text
    year.as_person(year.second, "score_again", scores=year.verdicts(ALL), impartial=True)
    assert second.get(f"/cases/{case.id}/answers/{place}").status_code == 200
