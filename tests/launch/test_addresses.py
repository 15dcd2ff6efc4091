"""Off this machine there are no demo accounts and no plain http; a taken port is told in one line."""

import socket

import pytest

from launch import LaunchError
from launch.serve import is_loopback, refuse_unsafe_address
from webapp.server import AddressError, check_address


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_this_machine_demo_accounts_and_http_are_fine(host):
    assert is_loopback(host)
    refuse_unsafe_address(host, None, demo_wanted=True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.com"])
def test_demo_accounts_do_not_leave_this_machine(host):
    with pytest.raises(LaunchError, match="演示账号只能在本机使用"):
        refuse_unsafe_address(host, "https://weiran.example", demo_wanted=True)


@pytest.mark.parametrize("public_url", [None, "", "http://weiran.example"])
def test_plain_http_does_not_leave_this_machine(public_url):
    with pytest.raises(LaunchError, match="PUBLIC_URL"):
        refuse_unsafe_address("0.0.0.0", public_url, demo_wanted=False)


def test_behind_https_and_without_demo_any_address_may_be_served():
    refuse_unsafe_address("0.0.0.0", "https://weiran.example", demo_wanted=False)


def test_a_taken_port_names_another_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressError, match=rf"端口 {port} 已被占用.*--port {port + 1}"):
            check_address("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port", "word"), [("203.0.113.9", 8000, "--host"), ("127.0.0.1", 70000, "65535")]
)
def test_an_impossible_address_is_told(host, port, word):
    with pytest.raises(AddressError, match=word):
        check_address(host, port)
