"""What holds on every route: headers, the gate, the token, the origin; each role sees its own pages."""

import re

import pytest

from rules.roles import ROLES
from tests.support.sources import ROOT
from webapp import access
from webapp.headers import POLICY

SAMPLE = {
    "uuid": "0192f3a4-5b6c-7d8e-9f00-112233445566",
    "string": "x",
    "path": "x",
    "integer": "1",
    "any": "units",
}
BY_REGISTER = {"registers.new", "registers.listed", "registers.roster_list"}
"""Pages of any register: which role opens which register is asked in test_rosters.py."""
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def addresses(app):
    """Return every rule as an address that can be asked for, with its methods."""
    for rule in app.url_map.iter_rules():
        kinds = {
            name: type(converter).__name__.removesuffix("Converter").lower()
            for name, converter in rule._converters.items()
        }
        url = re.sub(
            r"<(?:[^:<>]+:)?([^<>]+)>", lambda found, kinds=kinds: SAMPLE.get(kinds[found[1]], "x"), rule.rule
        )
        yield rule.endpoint, url, rule.methods


def test_every_route_declares_who_may_open_it(web):
    undeclared = [
        endpoint
        for endpoint in web.app.view_functions
        if endpoint not in access.PUBLIC and not access.roles_for(endpoint)
    ]
    assert undeclared == []


def test_every_answer_carries_the_headers(web):
    browser = web.client(web.person("coordinator"))
    for endpoint, url, methods in addresses(web.app):
        answer = browser.get(url) if "GET" in methods else browser.post(url)
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", endpoint
        assert headers["Referrer-Policy"] == "same-origin", endpoint
        policy = headers["Content-Security-Policy"]
        if endpoint == "studio.draft":  # the drawing board, and nothing else, sets styles of its own
            policy = policy.replace("style-src 'self' 'unsafe-inline'", "style-src 'self'")
        assert "unsafe" not in policy, endpoint
        assert "default-src 'none'" in policy, endpoint
        if endpoint not in {"static", "files.download", "files.rendition"}:
            assert policy == POLICY, endpoint
            assert headers["Cache-Control"] == "no-store", endpoint


def test_nothing_but_the_public_pages_opens_without_a_sign_in(web):
    anonymous = web.anonymous()
    for endpoint, url, methods in addresses(web.app):
        if endpoint in access.PUBLIC or "GET" not in methods:
            continue
        answer = anonymous.get(url)
        assert answer.status_code == 302, endpoint
        assert answer.headers["Location"].startswith("/login"), endpoint


def test_no_unsafe_request_passes_without_its_token(web):
    browsers = {}
    for endpoint, url, methods in addresses(web.app):
        allowed = access.roles_for(endpoint) or {"coordinator"}
        role = "coordinator" if "coordinator" in allowed else min(allowed)
        browser = browsers.get(role) or browsers.setdefault(role, web.client(web.person(role)))
        for method in UNSAFE & methods:
            answer = browser.client.open(url, method=method, data={"csrf_token": "forged"})
            assert answer.status_code == 400, endpoint


def test_no_unsafe_request_passes_with_the_token_of_another_session(web):
    mine, other = web.client(web.person("coordinator")), web.client(web.person("expert"))
    foreign = other.csrf()
    answer = mine.client.post("/account/theme", data={"csrf_token": foreign, "theme": "dark"})
    assert answer.status_code == 400


def test_no_unsafe_request_passes_from_another_site(web):
    browser = web.client(web.person("coordinator"))
    answer = browser.post("/account/theme", {"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_exactly_the_pages_declared_for_it(web, role):
    browser = web.client(web.person(role))
    for endpoint, url, methods in addresses(web.app):
        if endpoint in access.PUBLIC or "GET" not in methods or "<" in url or SAMPLE["uuid"] in url:
            continue
        status = browser.get(url).status_code
        allowed = access.may_open(endpoint, frozenset({role}))
        asks_further = endpoint in BY_REGISTER and status == 403
        assert asks_further or (status != 403) == allowed, (endpoint, status)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_link_of_the_frame_opens(web, role):
    browser = web.client(web.person(role))
    page = browser.get("/", follow_redirects=True).text
    links = set(re.findall(r'<a class="(?:rail-item[^"]*|rail-mark|avatar|bell)" href="([^"]+)"', page))
    assert len(links) >= 4
    for link in links:
        assert browser.get(link, follow_redirects=True).status_code == 200, link


def test_every_role_has_a_first_step_or_an_inbox(web):
    for role in ROLES:
        assert access.may_open("shell.home", frozenset({role})), role


def test_pages_hold_no_inline_script_or_style(web):
    browser = web.client(web.person("coordinator"))
    for url in ("/login", "/inbox/", "/account", "/notices/", "/help", "/account/password"):
        page = browser.get(url).text
        assert " style=" not in page, url
        assert not re.search(r"\son[a-z]+=", page), url
        assert "<style" not in page, url
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), url


def test_every_search_field_stops_before_its_address_is_too_long_to_be_read():
    templates = (path.read_text(encoding="utf-8") for path in (ROOT / "webapp").rglob("*.html"))
    fields = [
        field for text in templates for field in re.findall(r'<input[^>]*type="search".*?>(?=<|$)', text)
    ]
    assert len(fields) >= 10
    assert [field for field in fields if "maxlength=" not in field] == []
