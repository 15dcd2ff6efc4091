"""表达式试算 in a browser: reached by clicks, names completed, the value on a case, errors underlined in place."""

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # a browser that goes on early leaves a file of the little test server to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

EDITOR = ".feel-editor-expression"
TEXT = f"{EDITOR} .cm-content"
OFFER = f"{EDITOR} .cm-tooltip-autocomplete li[aria-selected]"
MARKED = """
(severity) => [...document.querySelector('.feel-editor-expression').shadowRoot
  .querySelectorAll(`.cm-lintRange-${severity}`)].map((mark) => mark.textContent)
"""


def on_a_case(opened):
    """Come from the start page to the page of a case's expressions, by clicks alone."""
    page = opened.page
    page.click(".rail a[href='/cases/']")
    page.click(".case-table th a")
    page.click("text=表达式试算")
    page.wait_for_selector(TEXT)
    return page


def wait_for_answer(page, words: str) -> None:
    page.wait_for_selector(f"[data-answer]:has-text('{words}')")


def write(page, text: str) -> None:
    page.click(TEXT)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_name_is_completed_and_its_value_on_the_case_stands_below(visit):
    opened = visit("provider_manager")
    page = on_a_case(opened)
    page.click(TEXT)
    page.keyboard.type("policy_e")
    page.wait_for_selector(OFFER)
    assert page.inner_text(OFFER).startswith("policy_end")
    page.click(OFFER)
    wait_for_answer(page, '@"2027-02-28"')
    page.keyboard.type(" > tod")
    page.click(f"{OFFER}:has-text('today()')")
    wait_for_answer(page, "true")
    assert page.inner_text(TEXT).strip() == "policy_end > today()"
    assert page.evaluate(MARKED, "error") == page.evaluate(MARKED, "warning") == []
    assert opened.complaints == []
    assert opened.violations() == []


def test_an_error_is_underlined_at_its_place_and_a_misspelt_name_can_be_mended(visit):
    opened = visit("joint_office", theme="dark")
    page = on_a_case(opened)
    write(page, "policy_end ＞ today()")
    wait_for_answer(page, "请把“＞”改为半角的“>”")
    assert page.evaluate(MARKED, "error") == ["＞"]
    write(page, "polcy_end > today()")
    wait_for_answer(page, "是不是“policy_end”")
    assert page.evaluate(MARKED, "warning") == ["polcy_end"]
    page.hover(f"{EDITOR} .cm-lintRange-warning")
    page.click("text=改成“policy_end”")
    wait_for_answer(page, "true")
    assert (
        page.evaluate("document.querySelector('.feel-editor-expression').shadowRoot.querySelector('style')")
        is None
    )
    assert opened.complaints == []
    assert opened.violations() == []


def test_a_word_is_composed_over_a_selection_without_a_complaint(visit):
    opened = visit("provider_manager")
    page = on_a_case(opened)
    write(page, "policy_end > today()")
    page.keyboard.press("Control+a")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "bao fei", "selectionStart": 7, "selectionEnd": 7})
    keyboard.send("Input.insertText", {"text": "保费"})
    page.keyboard.type(" > 1")
    wait_for_answer(page, "没有这个名称：保费")
    assert page.inner_text(TEXT).strip() == "保费 > 1"
    assert opened.complaints == []
    assert opened.violations() == []


def test_keys_of_the_page_do_not_disturb_who_writes(visit):
    opened = visit("provider_manager")
    page = on_a_case(opened)
    write(page, "1 / 2")
    wait_for_answer(page, "0.5")
    page.keyboard.type(" - gd ?")
    assert page.inner_text(TEXT).strip() == "1 / 2 - gd ?"
    assert "/studio/expression" in page.url
    assert not page.is_visible("dialog")
    page.keyboard.press("Control+z")
    assert page.inner_text(TEXT).strip() != "1 / 2 - gd ?"


def test_the_designer_tries_a_cell_with_values_of_his_own(visit):
    opened = visit("process_designer", width=390)
    page = opened.page
    page.click(".rail a[href='/studio/']")
    page.click("th a >> nth=0")
    page.click("text=表达式试算")
    page.wait_for_selector(TEXT)
    page.click("label[for=mode-cell]")
    page.click(".feel-editor-given .cm-content")
    page.keyboard.type("{保费: 60000")  # the editor closes the bracket
    page.click(".feel-editor-tested .cm-content")
    page.keyboard.type("保费 + 1")
    write(page, "> 60000")
    wait_for_answer(page, "true")
    page.click("summary:has-text('文字')")
    write(page, "")
    page.click("button:has-text('starts with(')")
    assert page.inner_text(TEXT).strip() == "starts with()"
    assert opened.sideways() <= 0
    assert opened.complaints == []
    assert opened.violations() == []


def test_without_scripts_the_button_does_it(visit):
    opened = visit("provider_manager", scripts=False)
    page = opened.page
    page.click(".rail a[href='/cases/']")
    page.click(".case-table th a")
    page.click("text=表达式试算")
    page.fill("#expression", "policy_end > today()")
    page.click("text=算一下")
    assert page.inner_text("[data-answer] output") == "true"
    assert page.input_value("#expression") == "policy_end > today()"


def test_only_this_page_loads_the_editor(visit, site):
    opened = visit("process_designer")
    asked: list[str] = []
    opened.page.on("request", lambda request: asked.append(request.url))
    opened.page.goto(f"{site.address}/studio/feel")
    opened.page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "chunk-editor" in url]
    opened.page.goto(f"{site.address}/studio/expression")
    opened.page.wait_for_selector(TEXT)
    assert [url for url in asked if "chunk-editor" in url]
