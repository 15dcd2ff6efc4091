"""What the settings do to cookies, hosts, proxies and limits."""

from types import SimpleNamespace

import pytest

from tests.webapp.conftest import web_settings
from webapp import create_app


def app_with(web, **settings):
    app = create_app(web_settings(**settings), web.runtime)
    app.jinja_env.globals["asset"] = "/static/dist/{}".format
    return app


@pytest.mark.parametrize(
    ("public_url", "cookie", "secure"),
    [
        (None, "weiran", False),
        ("http://127.0.0.1:8000", "weiran", False),
        ("https://weiran.example", "__Host-weiran", True),
    ],
)
def test_cookies_are_bound_to_https_where_there_is_https(web, public_url, cookie, secure):
    app = app_with(web, public_url=public_url)
    answer = app.test_client().get("/login", base_url=public_url or "http://localhost")
    written = answer.headers["Set-Cookie"]
    assert written.startswith(f"{cookie}=")
    assert ("Secure" in written) == secure
    assert "HttpOnly" in written
    assert "SameSite=Lax" in written
    assert ("Strict-Transport-Security" in answer.headers) == secure


def test_only_trusted_hosts_are_answered(web):
    client = app_with(web, trusted_hosts=("weiran.example",)).test_client()
    assert client.get("/healthz", base_url="http://weiran.example").status_code == 200
    assert client.get("/healthz", base_url="http://evil.example").status_code == 400


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://weiran.example", 200),
        ("http://127.0.0.1:8000", 200),
        ("http://evil.example", 400),
    ],
)
def test_without_a_list_only_the_public_name_and_this_machine_are_answered(web, address, status):
    app = app_with(web, public_url="https://weiran.example")
    assert app.test_client().get("/healthz", base_url=address).status_code == status


def test_proxies_are_believed_only_when_they_are_there(web):
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    direct = app_with(web).test_client().get("/healthz", headers=forwarded)
    behind = app_with(web, proxy_hops=1).test_client().get("/healthz", headers=forwarded)
    assert "Strict-Transport-Security" not in direct.headers
    assert "Strict-Transport-Security" in behind.headers


def test_one_address_cannot_hammer_the_sign_in(web):
    browser = web.anonymous()
    token = browser.csrf()
    answers = [
        browser.client.post(
            "/login", data={"csrf_token": token, "login": f"ghost{n}", "password": ""}
        ).status_code
        for n in range(62)
    ]
    assert answers[-1] == 429
    assert answers[0] == 401


def test_pages_of_demo_data_say_so(web):
    assert "演示数据" not in app_with(web).test_client().get("/login").text
    demo = create_app(web_settings(), web.runtime, demo=True)
    demo.jinja_env.globals["asset"] = "/static/dist/{}".format
    assert "演示数据" in demo.test_client().get("/login").text


@pytest.mark.parametrize(("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("pink", "auto")])
def test_the_theme_is_a_cookie_of_this_device(web, chosen, kept):
    browser = web.client(web.person("coordinator"))
    answer = browser.post("/account/theme", {"theme": chosen, "next": "/account"})
    assert answer.status_code == (302 if chosen == kept else 400)
    assert f'data-theme="{kept}"' in browser.get("/account").text


def test_settings_of_the_installation_fit(web):
    from config import Settings

    wanted = set(web_settings().__dict__)
    assert wanted <= set(Settings.__dataclass_fields__)
    assert isinstance(web_settings(), SimpleNamespace)
