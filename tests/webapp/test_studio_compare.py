"""Two releases beside each other, and releases as files, as the designer meets them."""

import io

import pytest
from sqlalchemy import func, select

from store.tables import Draft
from tests.support.world import EVERYTHING
from worker.executor import run_due_jobs
from workflows.bundles import Bundle, shipped_bundle
from workflows.handlers.replays import JOB
from workflows.release_files.writing import package_of
from workflows.releases import newest_release, release

SHIPPED = shipped_bundle("fund_reversal")
DIAGRAM = "diagrams/fund_reversal.bpmn"
RENAMED = Bundle(
    {**SHIPPED.files, DIAGRAM: SHIPPED.files[DIAGRAM].replace("审批红字冲销".encode(), "批准冲销".encode())}
)
TOLD = "环节“审批红字冲销”改名为“批准冲销”。"


def second_release(city):
    runtime = city.web.runtime
    with runtime.database.write(EVERYTHING, now=runtime.now()) as session:
        release(session, RENAMED, "studio", runtime.now())


def test_of_a_single_release_the_page_says_what_to_do(agreed):
    browser = agreed.browser("process_designer")
    assert 'href="/studio/fund_reversal/compare"' in browser.get("/studio/fund_reversal").text
    page = browser.get("/studio/fund_reversal/compare").text
    assert "这个流程只有一版" in page
    assert browser.get("/studio/fund_reversal/compare?before=1&after=9").status_code == 404
    assert browser.get("/studio/nothing/compare").status_code == 404


def test_the_newest_two_are_compared_and_drawn(agreed):
    second_release(agreed)
    browser = agreed.browser("process_designer")
    page = browser.get("/studio/fund_reversal/compare").text
    assert TOLD in page
    assert 'aria-label="改动"' in page
    sides = [page.index(f'data-diagram="/studio/fund_reversal/releases/{n}/') for n in (1, 2)]
    assert sides == sorted(sides)
    assert "批准冲销" in browser.get("/studio/fund_reversal/releases/2/diagram.bpmn").text
    assert "批准冲销" not in browser.get("/studio/fund_reversal/releases/1/diagram.bpmn").text
    assert "两边是同一版" in browser.get("/studio/fund_reversal/compare?before=2&after=2").text


def test_a_file_becomes_a_draft_that_is_compared_with_what_runs(agreed):
    browser = agreed.browser("process_designer")
    sent = {"file": (io.BytesIO(package_of(RENAMED)), "x.zip")}
    came = browser.post("/studio/import", sent, follow_redirects=True)
    assert "已成为草稿" in came.text
    assert TOLD in came.text
    with agreed.web.runtime.database.read(EVERYTHING) as session:
        assert newest_release(session, "fund_reversal").number == 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 1


@pytest.mark.parametrize("sent", [b"", b"no zip at all", package_of(SHIPPED)[:900]])
def test_what_is_no_release_comes_back_with_a_sentence(agreed, sent):
    answer = agreed.browser("process_designer").post("/studio/import", {"file": (io.BytesIO(sent), "x.zip")})
    assert answer.status_code == 422
    assert 'class="panel panel-red"' in answer.text


def test_a_release_is_handed_out_as_a_file(agreed):
    answer = agreed.browser("process_designer").get("/studio/fund_reversal/releases/1/file")
    assert answer.mimetype == "application/zip"
    assert answer.data == package_of(SHIPPED)


def test_a_replay_is_asked_for_and_told_without_naming_cases(agreed):
    browser = agreed.browser("process_designer")
    page = "/studio/service_cycle/releases/1/replay"
    assert f'href="{page}"' in browser.get("/studio/service_cycle").text
    assert "还没有回放过" in browser.get(page).text
    assert "正在回放" in browser.post(page, follow_redirects=True).text
    run_due_jobs(agreed.web.runtime, kinds={JOB})
    told = browser.get(page).text
    assert "回放了 1 件：同样的路 1 件" in told
    assert "每一件都走同样的路" in told
    assert browser.get("/studio/service_cycle/releases/9/replay").status_code == 404
