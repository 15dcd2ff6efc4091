"""The studio in a browser: a process is drawn, checked, published by two people, and a new case runs by it."""

from datetime import date

import pytest

from tests.e2e.test_pages import barriers
from workflows.duties import begin_duty_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # a browser that goes on early leaves a file of the little test server to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FIRST = "[data-step=analyse_hazards]"
MARK = """
() => {
  const mark = document.querySelector(".studio-canvas .bjs-powered-by").getBoundingClientRect();
  const there = document.elementFromPoint(mark.x + mark.width / 2, mark.y + mark.height / 2);
  return there !== null && there.closest(".bjs-powered-by") !== null;
}
"""


def begin(opened):
    """Come from the start page to the drawing board, by clicks alone."""
    page = opened.page
    page.click(".rail a[href='/studio/']")
    page.click("a[href='/studio/monthly_report']")
    page.click("text=开始修改")
    page.wait_for_selector("[data-studio][data-open]")
    page.wait_for_selector("[data-count]:has-text('没有要改的地方')")
    return page


def field(page, label):
    """Return the control of the panel with this label."""
    return page.get_by_label(label, exact=True)


def publish(page, second):
    """Let one person propose what is drawn, and the other one approve it."""
    page.click(".tab >> text=发布")
    page.fill("#note", "报送前多一道复核")
    page.click("button:has-text('提交发布')")
    page.wait_for_selector("text=另一位流程管理员批准")
    second.goto(page.url)
    second.click("text=批准发布")
    second.wait_for_selector("text=正在用")


def test_a_step_is_drawn_published_by_two_people_and_done_in_a_new_case(visit, site):
    opened = visit("process_designer")
    page = begin(opened)
    page.click(f"{FIRST} .studio-step-name")
    field(page, "名称").fill("汇总数字")
    page.keyboard.press("Tab")
    page.wait_for_selector(f"{FIRST}:has-text('汇总数字')")
    page.click("[data-act=undo]")
    page.wait_for_selector(f"{FIRST}:not(:has-text('汇总数字'))")
    page.click("[data-act=redo]")
    page.click(f"{FIRST} >> text=加下一步")
    page.wait_for_selector("[data-count]:has-text('1 处要改')")
    field(page, "名称").fill("复核数字")
    page.keyboard.press("Tab")
    field(page, "谁来办").select_option("provider_manager")
    field(page, "表单").select_option("analyse_hazards")
    page.wait_for_selector("[data-count]:has-text('没有要改的地方')")
    for name in ("汇总数字", "复核数字"):
        page.wait_for_selector(f".studio-canvas text:has-text('{name}')")
    page.click("[data-act=save]")
    page.wait_for_selector("[data-saved]:has-text('已存')")
    assert page.get_attribute("[data-studio]", "data-missing") == ""
    assert page.evaluate(MARK)
    publish(page, visit("process_designer_2").page)
    assert opened.complaints == opened.violations() == []
    begin_duty_for(
        site.city.world.runtime,
        "monthly_report",
        "2026-02",
        date(2026, 3, 1),
        site.city.world.offices.provider,
    )
    assert site.city.item("analyse_hazards").title == "汇总数字"
    site.city.world.do("analyse_hazards")
    assert "复核数字" in [item.title for item in site.city.world.items()]


def test_the_board_is_for_the_keyboard_and_the_phone_too_and_loses_nothing(visit):
    opened = visit("process_designer", width=390)
    page = begin(opened)
    assert opened.sideways() <= 0
    assert barriers(page) == []
    assert page.evaluate(MARK)
    page.focus(f"{FIRST} .studio-step-name")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("用键盘改的")
    page.keyboard.press("Tab")
    page.wait_for_selector(f"{FIRST}:has-text('用键盘改的')")
    elsewhere = opened.page.context.new_page()
    elsewhere.goto(page.url)
    elsewhere.wait_for_selector("[data-studio][data-open]")
    elsewhere.click(f"{FIRST} >> text=删除")
    elsewhere.click("[data-act=save]")
    elsewhere.wait_for_selector("[data-saved]:has-text('已存')")
    page.click("[data-act=save]")
    page.wait_for_selector("[data-stale]:not([hidden])")
    with page.expect_download() as kept:
        page.click("text=下载这一页画的")
    assert "用键盘改的" in kept.value.path().read_text(encoding="utf-8")
