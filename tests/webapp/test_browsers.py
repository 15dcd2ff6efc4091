"""Devices by name: what a browser says of itself is no reading for people."""

import pytest

from webapp.browsers import device_name

CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Safari/537.36"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROMIUM}", "Linux上的Chrome"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Edg/129.0", "Windows上的Edge"),
        (f"Mozilla/5.0 (Linux; Android 14; HBN-AL00) {CHROMIUM} MicroMessenger/8.0.50", "安卓上的微信"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "苹果手机上的Safari",
        ),
        ("Mozilla/5.0 (Windows NT 6.1)", "Windows"),
        ("curl/8.0", "不知道的浏览器"),
        ("", "不知道的浏览器"),
    ],
)
def test_a_device_is_called_by_its_system_and_its_browser(web, said, name):
    with web.app.test_request_context():
        assert device_name(said) == name
