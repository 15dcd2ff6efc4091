"""What goes wrong at a browser: two at once, a session that ends, impatience, bad files. Nothing typed is lost."""

import pytest

from demo.accounts import PASSWORD
from tests.e2e.test_work import choose, fill_in
from tests.webapp.test_inbox import colleague

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def open_facts(opened, site):
    """Open the one task of the group."""
    opened.page.goto(f"{site.address}/inbox/?view=pool")
    opened.page.wait_for_selector("form[data-form-ready]")
    return opened.page


def test_who_submits_second_is_told_and_keeps_what_was_typed(visit, site):
    login = colleague(site.city)
    first, second = open_facts(visit("coordinator"), site), open_facts(visit(login), site)
    for page in (first, second):
        fill_in(page)
    second.locator('[name="needs"]').fill("第二个人写的需求")
    first.click("button[data-submit]")
    first.wait_for_selector("text=编方案")
    second.click("button[data-submit]")
    second.locator("[role=alert]").filter(has_text="已经办完").wait_for()
    assert second.locator('[name="needs"]').input_value() == "第二个人写的需求"
    assert second.locator("button[data-submit]").count() == 0
    assert site.city.world.steps() == ["draft_scheme"]


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(visit, site):
    page = open_facts(visit("coordinator"), site)
    fill_in(page)
    page.locator('[name="needs"]').fill("写到一半的需求")
    page.context.clear_cookies()
    page.click("button[data-submit]")
    page.get_by_label("手机号或工号").fill("coordinator")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_selector("form[data-form-ready]")
    assert page.locator('[name="needs"]').input_value() == "写到一半的需求"
    page.click("button[data-submit]")
    page.wait_for_selector("text=编方案")


def test_a_step_that_is_sent_while_the_server_is_away_stays_on_the_page(visit, site):
    page = open_facts(visit("coordinator"), site)
    fill_in(page)
    page.locator('[name="needs"]').fill("断线前写的需求")
    page.route("**/healthz", lambda route: route.abort())
    page.click("button[data-submit]")
    page.locator("[data-toast=error]").filter(has_text="连不上服务器，还没有提交").wait_for()
    assert page.locator('[name="needs"]').input_value() == "断线前写的需求"
    assert site.city.world.steps() == ["confirm_unit_facts"]
    page.unroute("**/healthz")
    page.click("button[data-submit]")
    page.wait_for_selector("text=编方案")
    assert site.city.world.steps() == ["draft_scheme"]


def test_an_impatient_double_click_does_the_step_once(visit, site):
    page = open_facts(visit("coordinator"), site)
    fill_in(page)
    page.locator("button[data-submit]").dblclick()
    page.wait_for_selector("text=编方案")
    assert site.city.world.steps() == ["draft_scheme"]


def test_going_back_to_a_step_that_is_done_says_so(visit, site):
    page = open_facts(visit("coordinator"), site)
    page.click(".inbox-row")
    page.wait_for_url("**/inbox/*-*")
    page.wait_for_selector("form[data-form-ready]")
    fill_in(page)
    page.click("button[data-submit]")
    page.wait_for_selector("h1:has-text('编方案')")
    page.go_back()
    page.get_by_text("你已经办完这一条").wait_for()
    assert site.city.world.steps() == ["draft_scheme"]


def test_a_file_of_the_wrong_kind_is_refused_at_once_and_the_right_one_still_goes(visit, site):
    page = open_facts(visit("coordinator"), site)
    choose(page, "dishonesty_listing", "true")
    field = page.locator('.form-field[data-path="dishonesty_evidence"]')
    files = field.locator("input[type=file]")
    files.set_input_files(
        [
            {"name": "病毒.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a paper"},
            {"name": "文书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"},
        ]
    )
    field.locator("[data-file]").wait_for()
    field.get_by_text("病毒.pdf").wait_for()
    assert field.locator("[data-file]").count() == 1


def test_what_is_missing_is_listed_on_top_and_leads_to_its_field(visit, site):
    page = open_facts(visit("coordinator"), site)
    page.click("button[data-submit]")
    box = page.locator("[data-form-errors]")
    box.wait_for()
    assert page.evaluate("document.activeElement.matches('[data-form-errors]')")
    box.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.closest('.form-field-wrong') !== null")
