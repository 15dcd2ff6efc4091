"""The drawing of a case in a real browser: marked where the case stands, the mark of bpmn.io in full view."""

import pytest

from tests.e2e.test_pages import barriers

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # a browser that goes on early leaves a file of the little test server to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ON_TOP = """() => {
  const box = document.querySelector('.bjs-powered-by').getBoundingClientRect();
  window.scrollTo(0, box.top + scrollY - innerHeight / 2);
  const seen = document.querySelector('.bjs-powered-by svg').getBoundingClientRect();
  const hit = document.elementFromPoint(seen.left + seen.width / 2, seen.top + seen.height / 2);
  return { width: seen.width, height: seen.height, isMark: hit !== null && hit.closest('.bjs-powered-by') !== null };
}"""
FILL = """(id) => getComputedStyle(document.querySelector(
  `[data-element-id="${id}"] .djs-visual > rect`)).fill"""


@pytest.fixture
def path(site) -> str:
    """The address of the service cycle's page."""
    (case,) = site.city.world.cases("service_cycle")
    return f"{site.address}/cases/{case.id}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_mark_of_the_drawing_is_whole_and_on_top(visit, path, width, theme):
    opened = visit("coordinator", width=width, theme=theme)
    opened.page.goto(path)
    opened.page.wait_for_selector(".bjs-powered-by")
    mark = opened.page.evaluate(ON_TOP)
    opened.keep_picture(f"case-{width}-{theme}")
    assert mark["isMark"]
    assert (mark["width"], mark["height"]) == (53, 21)
    assert opened.complaints == []
    assert opened.violations() == []
    assert opened.sideways() <= 0
    assert barriers(opened.page) == []


def test_the_drawing_marks_what_is_done_and_where_the_case_stands(visit, site, path):
    site.city.world.do("confirm_unit_facts", is_key=False)
    opened = visit("coordinator")
    opened.page.goto(path)
    opened.page.wait_for_selector(".diagram-pill")
    done, now, ahead = (
        opened.page.evaluate(FILL, step) for step in ("confirm_unit_facts", "draft_scheme", "approve_scheme")
    )
    assert (done, now, ahead) == ("rgb(226, 241, 239)", "rgb(15, 107, 102)", "rgb(255, 255, 255)")
    assert opened.page.inner_text(".diagram-pill").startswith("协调员")
    assert "coordinator" not in opened.page.inner_text(".diagram-canvas")


def test_buttons_zoom_the_drawing_and_the_outline_stays_at_hand(visit, path):
    opened = visit("coordinator")
    opened.page.goto(path)
    opened.page.wait_for_selector(".djs-container")
    view = "document.querySelector('.djs-container .viewport').getAttribute('transform')"
    before = opened.page.evaluate(view)
    opened.page.click("[data-zoom=in]")
    assert opened.page.evaluate(view) != before
    opened.page.click("text=按步骤看")
    assert opened.page.is_visible(".outline-step-now")


def test_the_page_tells_the_way_without_scripts(visit, path):
    opened = visit("coordinator", scripts=False)
    opened.page.goto(path)
    assert opened.page.is_visible(".outline-step-now")
    assert not opened.page.is_visible(".diagram-canvas")
    assert not opened.page.is_visible("[data-zoom=in]")


def test_answers_unfold_in_their_place(visit, site, path):
    site.city.world.do("confirm_unit_facts", is_key=False)
    opened = visit("coordinator")
    opened.page.goto(path)
    opened.page.click("text=看填了什么")
    opened.page.wait_for_selector(".timeline-answers .answers")
    assert opened.page.url == path
    assert opened.complaints == []


def test_no_other_page_loads_the_viewer(visit, site, path):
    opened = visit("coordinator")
    asked: list[str] = []
    opened.page.on("request", lambda request: asked.append(request.url))
    opened.page.goto(f"{site.address}/cases/")
    opened.page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "chunk-diagram" in url or "diagram-" in url]
    opened.page.goto(path)
    opened.page.wait_for_selector(".djs-container")
    assert [url for url in asked if "chunk-diagram" in url]


def test_g_then_b_leads_to_cases(visit, site):
    opened = visit("coordinator")
    opened.page.goto(f"{site.address}/inbox/")
    opened.page.keyboard.press("g")
    opened.page.keyboard.press("b")
    opened.page.wait_for_url("**/cases/")
