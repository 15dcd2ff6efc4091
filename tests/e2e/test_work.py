"""Work in the inbox: by keyboard, by mouse, without script."""

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # a browser that goes on early leaves a file of the little test server to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def fill_in(page) -> None:
    """Fill in 核实单位情况."""
    for name, value in {
        "high_risk_kind": "none",
        "is_key": "false",
        "risk_level": "yellow",
        "dishonesty_listing": "false",
        "contact_log-method": "phone",
    }.items():
        choose(page, name, value)
    for name, value in {
        "needs": "隐患排查和培训",
        "contact": "黄建洲",
        "mobile": "13800000000",
        "contact_log-contacted_at": "2026-03-02T08:30",
        "contact_log-person": "黄建洲",
        "contact_log-content": "约好了服务时间",
    }.items():
        page.locator(f'[name="{name}"]').first.fill(value)


def choose(page, name: str, value: str) -> None:
    """Choose a value of a list or of a group of buttons."""
    select = page.locator(f'select[name="{name}"]')
    if select.count():
        select.select_option(value)
    else:
        page.locator(f'input[name="{name}"][value="{value}"]').focus()
        page.keyboard.press("Space")


def test_a_step_is_done_with_the_keyboard_alone(visit, site):
    opened = visit("coordinator")
    page = opened.page
    page.goto(f"{site.address}/inbox/?view=pool")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-form-started]")
    fill_in(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=编方案")
    assert site.city.world.steps() == ["draft_scheme"]
    assert opened.complaints == []


def test_a_step_is_done_without_script(visit, site):
    opened = visit("coordinator", scripts=False)
    page = opened.page
    page.goto(f"{site.address}/inbox/?view=pool")
    page.click(".inbox-row")
    fill_in(page)
    page.click("button[data-submit]")
    page.wait_for_selector("text=编方案")
    assert site.city.world.steps() == ["draft_scheme"]


def test_a_row_opens_beside_the_list_and_keeps_its_place(visit, site):
    opened = visit("coordinator")
    page = opened.page
    page.goto(f"{site.address}/inbox/?view=pool")
    page.evaluate("document.querySelector('.inbox-list').dataset.mark = 'same'")
    page.click(".inbox-row")
    page.wait_for_url("**/inbox/*-*")
    assert page.evaluate("document.querySelector('.inbox-list').dataset.mark") == "same"
    assert page.locator(".inbox-row[aria-current]").count() == 1


def test_what_is_typed_is_kept_on_the_server(visit, site):
    opened = visit("coordinator")
    page = opened.page
    page.goto(f"{site.address}/inbox/?view=pool")
    page.locator('[name="needs"]').fill("隐患排查")
    page.wait_for_selector("text=草稿已保存")
    page.reload()
    assert page.locator('[name="needs"]').input_value() == "隐患排查"


def test_the_sheet_of_keys_and_the_palette_open_and_close(visit, site):
    opened = visit("coordinator")
    page = opened.page
    page.goto(f"{site.address}/inbox/?view=pool")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] .keys")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator(".palette-input").fill("帮助")
    page.keyboard.press("Enter")
    page.wait_for_url("**/help")


def test_a_phone_shows_the_list_and_the_task_as_two_pages(visit, site):
    opened = visit("coordinator", width=390)
    page = opened.page
    page.goto(f"{site.address}/inbox/?view=pool")
    assert page.locator(".inbox-list").is_visible()
    assert not page.locator("#task").is_visible()
    page.click(".inbox-row")
    page.wait_for_selector("#task form")
    assert page.locator("#task").is_visible()
    assert not page.locator(".inbox-list").is_visible()
    opened.keep_picture("task-390-light")


def test_a_phone_reaches_by_its_last_tab_what_its_bar_has_no_room_for(visit, site):
    page = visit("coordinator", width=390).page
    for place in ("首页", "隐患", "监测", "帮助"):
        page.get_by_role("link", name="我的账号").click()
        page.get_by_role("navigation", name="别的页面").get_by_role("link", name=place, exact=True).click()
        page.get_by_role("heading", level=1).wait_for()
        assert "/account" not in page.url


def test_what_is_typed_before_the_scripts_have_come_is_kept_too(visit, site):
    opened = visit("coordinator")
    page, waiting = opened.page, []
    page.route("**/static/dist/*.js", lambda route: waiting.append(route))  # noqa: PLW0108  # it asks for a Python function
    page.goto(f"{site.address}/inbox/?view=pool", wait_until="commit")
    page.locator('[name="needs"]').fill("先写后到")
    for route in waiting:
        route.continue_()
    page.unroute("**/static/dist/*.js")
    page.wait_for_selector("text=草稿已保存")
    page.reload()
    assert page.locator('[name="needs"]').input_value() == "先写后到"


@pytest.mark.parametrize("scripts", [True, False])
def test_work_is_sent_back_from_a_phone_after_its_cost_was_shown(visit, site, scripts):
    world = site.city.world
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    opened = visit("provider_manager", scripts=scripts)
    page = opened.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site.address}/inbox/{site.city.item('approve_scheme').id}")
    page.click(".verbs > summary")
    page.click(".verbs .popover-item:has-text('驳回')")
    page.wait_for_selector("text=退到哪一步")
    page.check("label:has-text('编方案') input")
    page.fill("textarea[name=reason]", "次数不够")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") or not scripts
    page.click(".task-acts .button-filled")
    page.wait_for_selector("text=已驳回")
    assert world.steps() == ["draft_scheme"]
    assert opened.complaints == []
