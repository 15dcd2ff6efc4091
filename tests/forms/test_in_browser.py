"""Forms in Chromium: script shows what the server would show; rows, photos, signatures and drafts work."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forms.context import FormContext
from forms.model import Form
from forms.render import FormView
from forms.validate import check
from forms.visibility import is_hidden
from tests.support.forms import NOW, STEPS, filled, make_context, shipped
from tests.support.sources import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser
CLIENT = ROOT / "webapp" / "client"
ESBUILD = CLIENT / "node_modules" / ".bin" / "esbuild"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ORIGIN = "https://forms.test"
PIXEL = base64.b64decode("R0lGODlhAQABAAAAACw=")
POLICY = "default-src 'self'; img-src 'self' data:"
KEEP_DRAFT = """() => document.addEventListener('form:draft', (event) => {
    document.body.dataset.draft = JSON.stringify([...new FormData(event.target)]); })"""
SHOWN = """() => [...document.querySelectorAll('.form-field[data-path]')]
    .map((part) => [part.dataset.path, part.closest('[data-hide][hidden]') !== null])"""


class Site:
    """One form behind an address that exists in the browser only."""

    def __init__(self, page: "Page", bundle: Path) -> None:
        self.page = page
        self.bundle = bundle
        self.html = ""
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type == "error" else None,
        )
        page.route(f"{ORIGIN}/**", self.answer)

    def answer(self, route: "Route") -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path == "/":
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8", headers=headers)
        elif path == "/files":
            uploaded = {
                "id": "photo-9",
                "name": "a.png",
                "url": "/f",
                "thumb": "/f",
            }
            route.fulfill(body=json.dumps(uploaded), content_type="application/json", status=201)
        elif path == "/forms.css":
            route.fulfill(path=CLIENT / "styles" / "forms.css", content_type="text/css")
        elif path.endswith(".js"):
            route.fulfill(path=self.bundle / path[1:], content_type="text/javascript")
        else:
            route.fulfill(body=PIXEL, content_type="image/gif")

    def show(
        self, form: Form, context: FormContext, values: object = None, errors: dict[str, str] | None = None
    ) -> None:
        view = FormView(form, context, values, errors or {})  # type: ignore[arg-type]  # nested values
        self.html = (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
            '<meta name="csrf-token" content="x">'
            '<title>表单</title><link rel="stylesheet" href="/forms.css">'
            '<script type="module" src="/entry.js"></script></head>'
            f'<body><form method="post" data-form>{view.__html__()}</form></body></html>'
        )
        self.page.goto(f"{ORIGIN}/")
        self.page.wait_for_selector("form[data-form-ready]")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Site]:
    missing = [name for name, found in (("chromium", CHROMIUM), ("esbuild", ESBUILD.exists())) if not found]
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            f"缺少 {'、'.join(missing)}，没有检查浏览器里的表单"
        )
    bundle = tmp_path_factory.mktemp("bundle")
    entry = bundle / "entry.ts"
    entry.write_text(f'import {{ startForms }} from "{CLIENT}/src/forms/form";\nstartForms();\n')
    command = [str(ESBUILD), str(entry), "--bundle", "--format=esm", "--splitting", f"--outdir={bundle}"]
    subprocess.run([*command, "--log-level=error"], check=True, cwd=CLIENT)
    page = chromium.new_page()
    yield Site(page, bundle)
    page.close()


@pytest.mark.parametrize("step", STEPS)
def test_the_browser_shows_what_the_server_shows(site: Site, step: str) -> None:
    form = shipped(step)
    for branch, level in ((0, "major"), (1, "general")):
        context = make_context(level=level, on_behalf=branch == 1, is_key=True, recent_visit=True)
        values = filled(form, branch)
        site.show(form, context, values)
        hidden = set(check(form, values, context).hidden)
        for path, is_gone in site.page.evaluate(SHOWN):
            assert is_gone == is_hidden(path, hidden), path
    assert site.complaints == []


def test_a_choice_shows_and_hides_at_once(site: Site) -> None:
    site.show(shipped("make_return_visit"), make_context(), {})
    opinion = site.page.locator("[name=opinion]")
    assert not opinion.is_visible()
    site.page.click("label[for=f-reached-1]")
    opinion.wait_for(state="visible")
    site.page.click("label[for=f-reached-2]")
    opinion.wait_for(state="hidden")


def test_an_unmet_item_becomes_a_hazard_and_the_rest_is_met_by_one_click(site: Site) -> None:
    site.show(shipped("record_visit"), make_context(arrived_at=NOW), {})
    site.page.click("label[for=f-baseline-0-answer-2]")
    hazard = site.page.locator("#f-hazards-0")
    assert "没有建立责任制" in (hazard.locator(".form-row-title").text_content() or "")
    assert hazard.locator("[name=hazards-0-description]").input_value() == "没有建立责任制"
    assert "已带出 隐患 1" in (site.page.locator("[data-open]").first.text_content() or "")
    site.page.click("button[name=_fill]")
    assert site.page.locator("[name^=baseline][value=met]:checked").count() == 1


def test_rows_come_and_go_and_the_library_fills_them(site: Site) -> None:
    site.show(shipped("record_visit"), make_context(arrived_at=NOW), {})
    site.page.click("button[name=_add][value=hazards]")
    site.page.click("button[name=_add][value=hazards]")
    site.page.select_option("[name=hazards-1-template]", "t1")
    assert site.page.locator("[name=hazards-1-description]").input_value() == "两台检测仪已过期"
    assert site.page.locator("[name=hazards-1-level][value=general]").is_checked()
    site.page.click("button[name=_remove][value=hazards-0]")
    assert site.page.locator("[data-rows=hazards] [data-row-name]").first.text_content() == "隐患 1"


def test_a_photo_is_uploaded_when_it_is_chosen_and_a_draft_is_announced(site: Site) -> None:
    site.show(shipped("check_in"), make_context(), {})
    site.page.evaluate(KEEP_DRAFT)
    site.page.set_input_files(
        "[data-name=gate_photo] input[type=file]",
        files=[{"name": "a.png", "mimeType": "image/png", "buffer": b"x" * 1000}],
    )
    site.page.wait_for_selector("input[name=gate_photo]", state="attached")
    site.page.wait_for_selector("body[data-draft*=photo-9]")
    assert ["gate_photo", "photo-9"] in json.loads(
        site.page.locator("body").get_attribute("data-draft") or ""
    )
    site.page.click("button[name=_drop]")
    assert site.page.locator("input[name=gate_photo]").count() == 0


def test_a_signature_is_drawn_kept_and_cleared(site: Site) -> None:
    site.show(shipped("provider_sign_record"), make_context(), {})
    site.page.wait_for_selector("canvas")
    box = site.page.locator("canvas").bounding_box()
    assert box is not None
    site.page.mouse.move(box["x"] + 30, box["y"] + 30)
    site.page.mouse.down()
    site.page.mouse.move(box["x"] + 120, box["y"] + 60, steps=6)
    site.page.mouse.up()
    site.page.wait_for_selector("[data-signature-value][value='photo-9']", state="attached")
    site.page.click("text=重写")
    assert site.page.locator("[data-signature-value]").input_value() == ""


def test_the_browsers_calendar_fills_the_text(site: Site) -> None:
    site.show(shipped("plan_catch_up"), make_context(), {"dates": [{}]})
    site.page.locator(".form-date-native").first.evaluate(
        "(input) => { input.value = '2026-12-01'; input.dispatchEvent(new Event('change')); }"
    )
    assert site.page.locator("[name=dates-0-planned_on]").input_value() == "2026-12-01"


def test_a_mark_goes_when_its_answer_changes_and_the_box_counts_what_is_left(site: Site) -> None:
    errors = {"reached": "请选择“联系上了吗”", "opinion": "请填写“意见”"}
    form = shipped("make_return_visit")
    site.show(form, make_context(), {**filled(form), "reached": "true"}, errors)
    assert [path for path in errors if site.page.locator(f"#f-{path}-error").is_visible()] == list(errors)
    assert site.page.locator("[data-left]").inner_text() == "2"
    site.page.fill("[name=opinion]", "服务很细，没有意见")
    assert site.page.locator("#f-opinion-error").count() == 0
    assert site.page.locator("[name=opinion]").get_attribute("aria-invalid") is None
    assert site.page.locator("[data-left]").inner_text() == "1"
    site.page.locator("label[for=f-reached-2]").click()
    assert site.page.locator("[data-form-errors]").count() == 0
    assert not site.complaints


def test_a_text_that_is_too_long_is_kept_whole_for_its_writer_to_shorten(site: Site) -> None:
    form = shipped("make_return_visit")
    site.show(form, make_context(), {"reached": "true"})
    site.page.fill("[name=opinion]", "长" * 3000)
    assert len(site.page.input_value("[name=opinion]")) == 3000
