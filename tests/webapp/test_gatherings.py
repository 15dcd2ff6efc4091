"""The pages of trainings, meetings and pushes: the year against its duty, one of each (第十二、十五、二十条)."""

from sqlalchemy import select

from demo.offices import UNIT
from store.tables import Case, ExchangeMeeting, PushContent
from tests.support.world import EVERYTHING
from tests.workflows.test_meetings import call, rows
from tests.workflows.test_pushes import push
from worker.loop import drain


def test_a_training_is_begun_and_seen_by_who_it_concerns(agreed):
    coordinator = agreed.browser("coordinator")
    page = coordinator.get("/gatherings/").text
    assert "全年应办 4 次，已举办 0 次" in page
    assert "今年还没受邀的单位" in page
    assert UNIT in page
    answer = coordinator.post("/gatherings/trainings", {"key": "one"})
    assert answer.status_code == 303
    drain(agreed.web.runtime)
    agreed.world.do("plan_training")
    agreed.world.do("approve_training", decision="approve")
    agreed.world.clock.pass_by(days=7)
    drain(agreed.web.runtime)
    agreed.world.do("hold_training")
    coordinator = agreed.browser("coordinator")
    page = coordinator.get("/gatherings/").text
    assert "全年应办 4 次，已举办 1 次" in page
    assert "今年还没受邀的单位" not in page
    unit = agreed.browser("policyholder").get("/gatherings/").text
    assert "节后复工安全培训" in unit
    assert "全年应办" not in unit
    with agreed.web.runtime.database.read(EVERYTHING) as session:
        training = session.scalars(select(Case).where(Case.process == "group_training")).one()
        path = f"/gatherings/trainings/{training.variables['training_id']}"
    assert "打开办件" in coordinator.get(path).text
    seen = agreed.browser("policyholder").get(path).text
    assert "邀请 1 家，到场 1 家 2 人" in seen
    assert "打开办件" not in seen


def test_a_condition_is_tried_before_it_is_used(agreed):
    coordinator = agreed.browser("coordinator")
    tried = coordinator.get("/gatherings/audience?rule=premium+>+0").text
    assert "符合 1 家" in tried
    assert UNIT in tried
    assert "没有“size”这一项" in coordinator.get("/gatherings/audience?rule=size+>+0").text


def test_a_meeting_is_called_by_clicks_and_seen_by_those_who_were_asked_to_come(agreed):
    coordinator = agreed.browser("coordinator")
    assert 'href="/gatherings/meetings"' in coordinator.get("/gatherings/").text
    page = coordinator.get("/gatherings/meetings").text
    assert "这一年还没有协商交流会议" in page
    assert 'href="/begin/exchange_meeting/meeting_called"' in page
    call(agreed.world)
    agreed.world.do("call_meeting")
    (meeting,) = rows(agreed.world, ExchangeMeeting)
    path = f"/gatherings/meetings/{meeting.id}"
    for login in ("agency_manager", "expert"):
        browser = agreed.browser(login)
        assert path in browser.get("/gatherings/meetings").text
        seen = browser.get(path).text
        assert "有限空间检查缺气体检测仪" in seen
        assert "打开办件" not in seen
    agreed.world.do("record_meeting")
    agreed.world.clock.pass_by(days=90)
    listed = agreed.browser("coordinator").get("/gatherings/meetings").text
    assert "今年开了 1 次，宜每季度一次" in listed
    assert "逾期 1 个" in listed
    assert "逾期" in agreed.browser("joint_office").get(path).text


def test_a_unit_reads_what_is_pushed_and_the_provider_sees_that_it_did(agreed):
    coordinator = agreed.browser("coordinator").get("/gatherings/pushes").text
    assert "还差 7 类" in coordinator
    assert 'href="/begin/online_push/push_requested"' in coordinator
    assert "这一年还没有推送给你们的内容" in agreed.browser("policyholder").get("/gatherings/pushes").text
    push(agreed.world)
    (content,) = rows(agreed.world, PushContent)
    path = f"/gatherings/pushes/{content.id}"
    assert "badge-red" not in agreed.browser("coordinator").get(path).text
    unit = agreed.browser("policyholder")
    assert ">未读<" in unit.get("/gatherings/pushes").text
    read = unit.get(path).text
    assert "发现隐患及时整改" in read
    assert "打开办件" not in read
    with unit.get(f"/files/{content.files[0]}") as sent:
        assert sent.status_code == 200
    assert ">未读<" not in unit.get("/gatherings/pushes").text
    seen = agreed.browser("coordinator").get(path).text
    assert "已读" in seen
    assert UNIT in seen
    assert "还差 6 类" in agreed.browser("provider_manager").get("/gatherings/pushes").text
