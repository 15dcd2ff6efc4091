"""By clicks from sign-in: every link leads to a page, and every page speaks Chinese."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from rules.roles import ROLES
from tests.webapp.test_every_route import SAMPLE

MOST_PAGES = 60
SPOKEN = ("title", "aria-label", "alt", "placeholder", "data-label")
CODE = re.compile(
    r"python3 run\.py \w+|(?<![\w/])/\w+|"
    r"[\w.@:/\\-]*\d[\w.@:/\\-]*|\S+@\S+|https?://\S+|[\w（）-]+\.(?:bpmn|dmn|json|xlsx|zip|pdf|py|png|jpe?g|webp)\b"
)
WORD = re.compile(r"[A-Za-z][A-Za-z_]+")
KNOWN = {
    *("Excel", "PDF", "BPMN", "DMN", "FEEL", "XES", "OCEL", "SHA", "JPG", "PNG", "WPS", "MB", "kB"),
    *("Ctrl", "Esc", "Enter", "Python", "SQLite", "PostgreSQL"),
    *ROLES,  # the login names of the demo accounts
}


def spoken(page: str) -> Iterator[str]:
    """Return what a page says: its text, and what its attributes say."""
    tree = html.fromstring(page)
    for hidden in tree.xpath("//script | //style | //code | //svg"):
        hidden.drop_tree()
    yield from tree.xpath("//text()")
    for name in SPOKEN:
        yield from tree.xpath(f"//@{name}")


def latin(text: str) -> set[str]:
    """Return the Latin words of a text that are neither a code nor known."""
    return {word for word in WORD.findall(CODE.sub(" ", text)) if word not in KNOWN}


def links(page: str, base: str) -> set[str]:
    """Return the addresses inside the product that a page leads to, without their parameters."""
    found = {urlsplit(urljoin(base, href)) for href in html.fromstring(page).xpath("//a/@href")}
    return {part.path for part in found if part.netloc in {"", "localhost"}}


def kind_of(path: str) -> str:
    """Return a path with its ids and templates left out: pages of one kind are looked at a few times only."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/studio/papers/)[a-z_]+", "*", path)


def walk(browser) -> dict[str, object]:
    """Open what is reached by clicks from the first page; return what is wrong by path."""
    waiting, seen, kinds, wrong = ["/"], {"/"}, {}, {}
    while waiting:
        path = waiting.pop(0)
        answer = browser.get(path, follow_redirects=True)
        if answer.status_code != 200:
            wrong[path] = answer.status_code
        if answer.status_code != 200 or answer.mimetype != "text/html":
            answer.close()
            continue
        if said := {word for text in spoken(answer.text) for word in latin(text)}:
            wrong[path] = said
        for link in sorted(links(answer.text, answer.request.path) - seen):
            kinds[kind_of(link)] = kinds.get(kind_of(link), 0) + 1
            if kinds[kind_of(link)] <= 3 and len(seen) < MOST_PAGES and not link.startswith("/static/"):
                seen.add(link)
                waiting.append(link)
    assert len(seen) > 3
    return wrong


@pytest.mark.slow
def test_every_click_leads_to_a_page_in_chinese(archived):
    assert {role: wrong for role in sorted(ROLES) if (wrong := walk(archived.browser(role)))} == {}


def test_an_error_page_is_in_chinese(city):
    browser = city.browser("coordinator")
    for path in ("/nowhere", f"/cases/{SAMPLE['uuid']}", f"/inbox/{SAMPLE['uuid']}", "/inbox/x"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert {word for text in spoken(answer.text) for word in latin(text)} == set(), path


def test_an_english_word_would_be_found():
    page = '<p>审签 <b>approve_scheme</b> AZX-45 服务单.pdf</p><img alt="photo">'
    assert {word for text in spoken(page) for word in latin(text)} == {"approve_scheme", "photo"}
