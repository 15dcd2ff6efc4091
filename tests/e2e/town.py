"""The product on a database that outlives it: founded once, served, stopped and served again."""

import re
import threading
from collections.abc import Callable
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, make_server

from demo.offices import found_library, found_offices
from store.database import Database
from store.files import FileStore
from tests.support.world import EVERYTHING, SIGNING_KEY, Clock
from webapp import create_app
from webapp.assets import init_assets
from webapp.settings import WebSettings
from worker.loop import drain
from workflows.releases import publish_shipped
from workflows.runtime import SHANGHAI, Runtime


class Town:
    """A city whose web server may end and begin again at the same address; its clock is moved by tests."""

    def __init__(self, url: str, folder: Path, settings: WebSettings) -> None:
        """Found the offices, with one account for each role and nothing to do yet."""
        self.clock = Clock()
        self._url, self._folder, self._settings = url, folder, settings
        self._port = 0
        self.runtime: Runtime
        self._server: BaseWSGIServer
        self._thread: threading.Thread
        self.start()
        with self.runtime.database.write(EVERYTHING, now=self.clock.at) as session:
            publish_shipped(session, self.clock.at)
            found_offices(session, self.clock.at)
            found_library(session)

    @property
    def address(self) -> str:
        """Return what run.py would print."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Open the database and serve, with nothing left of an earlier server."""
        self.runtime = Runtime(
            Database(self._url), FileStore(self._folder / "files"), self.clock, signing_key=SIGNING_KEY
        )
        app = create_app(self._settings, self.runtime)
        init_assets(app)
        self._server = make_server("127.0.0.1", self._port, app, threaded=True)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """End the server and close its database."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.runtime.database.close()

    def work(self) -> None:
        """Let the worker do what is due."""
        drain(self.runtime)

    def pass_by(self, **duration: float) -> None:
        """Let time pass, and the worker notice."""
        self.clock.pass_by(**duration)
        self.work()

    def moment(self, hours: float = 0) -> str:
        """Return the present of the city, or some hours later, as a person types it."""
        at = self.clock.at.astimezone(SHANGHAI).timestamp() + hours * 3600
        return type(self.clock.at).fromtimestamp(at, SHANGHAI).strftime("%Y-%m-%d %H:%M")


MARK_OLD = "document.querySelectorAll('form[data-form]').forEach((form) => { form.dataset.old = ''; })"


class Desk:
    """A person at a browser, who reads labels and presses buttons."""

    def __init__(self, page, address: str, login: str, password: str, keep: Callable[[str], None]) -> None:
        """Open the printed address and sign in."""
        self.page, self._login, self._password, self.keep = page, login, password, keep
        page.goto(address)
        self.sign_in()

    def sign_in(self) -> None:
        """Sign in where the page asks for it."""
        self.page.get_by_label("手机号或工号").fill(self._login)
        self.page.get_by_label("密码", exact=True).fill(self._password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def go(self, place: str) -> None:
        """Press an entry of the rail, and sign in again if the session has ended meanwhile."""
        self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=place).first.click()
        self.page.wait_for_load_state()
        if "/login" in self.page.url:
            self.sign_in()

    def open(self, step: str) -> None:
        """Find a task in my list or in my group's, and open it over the whole page."""
        self.go("待办")
        for view in ("我的待办", "本组待领"):
            self.page.get_by_role("navigation", name="看哪些待办").get_by_role("link", name=view).click()
            self.page.locator(".inbox-filter[aria-current]").filter(has_text=view).wait_for()
            row = self.page.locator(".inbox-row").filter(has_text=step)
            if row.count():
                self.page.evaluate(MARK_OLD)  # the first task of a list stands open beside it
                row.first.click()
                break
        else:
            self.keep(f"{self._login} has no {step}")
            raise AssertionError(f"{self._login} has no {step}")
        self.page.get_by_role("heading", level=1, name=step).wait_for()
        self.page.wait_for_selector("form[data-form-ready]:not([data-old])")

    def widen(self) -> None:
        """Show the task over the whole page."""
        self.page.get_by_role("link", name="整页").click()
        self.page.wait_for_selector(".task-page form[data-form-ready], form[data-form-ready] .task-page")

    def field(self, label: str, within=None):
        """Return the question with this label that is shown."""
        words = re.compile(rf"^\s*{re.escape(label)}\s*(选填)?\s*$")
        place = within or self.page.locator("form[data-form]")
        named = self.page.locator(".form-label, .form-box > span").filter(has_text=words)
        return place.locator(".form-field:visible").filter(has=named).first

    def fill(self, answers: dict[str, object], within=None) -> None:
        """Answer questions by their labels."""
        for label, answer in answers.items():
            self._answer(self.field(label, within), answer)

    def _answer(self, field, answer: object) -> None:
        match field.get_attribute("data-kind"):
            case "choice":
                self._choose(field, str(answer))
            case "choices":
                self._tick(field, answer)
            case "tick":
                field.locator("label.form-box").click()
            case "files":
                self._upload(field, answer)
            case "position":
                field.get_by_role("button", name="取当前位置").click()
                field.get_by_text("已取到").wait_for()
            case "signature":
                self._sign(field)
            case _:
                field.locator("input, textarea").first.fill(str(answer))

    def _choose(self, field, answer: str) -> None:
        select = field.locator("select")
        if select.count():
            wanted = select.locator("option").filter(has_text=answer).first
            select.select_option(value=wanted.get_attribute("value"))
        else:
            field.locator("label").filter(has_text=answer).first.click()

    def _tick(self, field, answers: list[str]) -> None:
        for one in answers:
            box = field.locator("label.form-box").filter(has_text=one).first
            if not box.locator("input").is_checked():
                box.click()

    def _upload(self, field, files) -> None:
        before = field.locator("[data-file]").count()
        with self.page.expect_file_chooser() as chosen:
            field.locator(".form-file-add").click()
        chosen.value.set_files(files)
        field.locator("[data-file]").nth(before + len(files) - 1).wait_for()

    def _sign(self, field) -> None:
        pad = field.locator("canvas")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        self.page.mouse.move(box["x"] + 40, box["y"] + 60)
        self.page.mouse.down()
        for x, y in ((90, 20), (120, 70), (170, 30), (230, 60)):
            self.page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
        self.page.mouse.up()
        field.get_by_text("已签名").wait_for()

    def submit(self) -> None:
        """Press the one filled button and see that it went."""
        self.page.locator("button[data-submit]").click()
        self.page.locator(".toast, [data-form-errors]").first.wait_for()
        wrong = self.page.locator("[data-form-errors]")
        assert wrong.count() == 0, wrong.inner_text()
        assert self.page.get_by_text("已提交").count()
