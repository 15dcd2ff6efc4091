"""The mirror that people gave to pip is the mirror that uv uses."""

import pytest

from setup_steps.mirrors import for_uv

MIRROR = "https://mirror.example/simple"


@pytest.mark.parametrize(
    "config",
    [
        f"global.index-url='{MIRROR}'",
        f":env:.index-url='{MIRROR}'",
        f"install.index-url='{MIRROR}'\nglobal.index-url='https://other.example'",
        f":env:.index-url='{MIRROR}'\nglobal.index-url='https://other.example'",
    ],
)
def test_the_index_is_handed_on(config):
    assert for_uv(config, {}) == {"UV_DEFAULT_INDEX": MIRROR}


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_what_was_set_for_uv_itself_counts_first(name):
    assert for_uv(f"global.index-url='{MIRROR}'", {name: "https://own.example"}) == {}


def test_certificates_hosts_and_further_indexes_are_handed_on():
    config = "global.cert='/etc/ca.pem'\nglobal.trusted-host='a.example b.example'\nglobal.extra-index-url='\\nhttps://x'"
    assert for_uv(config, {}) == {
        "SSL_CERT_FILE": "/etc/ca.pem",
        "UV_INSECURE_HOST": "a.example b.example",
        "UV_INDEX": "https://x",
    }


def test_other_options_and_noise_are_left_out():
    assert for_uv("global.timeout='60'\nWARNING: something\nfreeze.index-url='x'\n", {}) == {}
