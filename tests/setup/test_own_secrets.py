"""An installation's secrets are made once, for its owner alone."""

import os
import stat

import pytest

from config import SettingError, read_settings
from setup_steps import own_secrets
from setup_steps.own_secrets import write_first
from setup_steps.progress import SetupError


def test_they_can_be_read_by_the_owner_alone(tmp_path):
    file = tmp_path / "instance" / "secrets.toml"
    assert write_first(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_start_keeps_them(tmp_path):
    file = tmp_path / "secrets.toml"
    write_first(file)
    before = file.read_bytes()
    assert not write_first(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("has_links", [True, False])
def test_of_two_first_starts_at_once_one_writes_and_nothing_is_left_over(tmp_path, monkeypatch, has_links):
    file = tmp_path / "secrets.toml"
    fresh = own_secrets._fresh

    def after_the_other() -> str:
        monkeypatch.setattr(own_secrets, "_fresh", fresh)
        assert write_first(file)
        return "later"

    def no_links(*_: object) -> None:
        raise OSError("no links here")

    if has_links:
        monkeypatch.setattr(own_secrets, "_fresh", after_the_other)
        assert not write_first(file)
        assert file.read_text() != "later"
    else:
        monkeypatch.setattr(os, "link", no_links)
        assert write_first(file)
    assert [found.name for found in tmp_path.iterdir()] == ["secrets.toml"]


def test_two_installations_share_none(tmp_path):
    for name in ("a", "b"):
        write_first(tmp_path / name / "instance" / "secrets.toml")
    a, b = (read_settings(environment={}, root=tmp_path / name) for name in ("a", "b"))
    assert a.secret_key != b.secret_key
    assert a.signing_key != b.signing_key
    assert dict(a.field_keys) != dict(b.field_keys)


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "instance").write_text("")
    with pytest.raises(SetupError, match="写不了密钥文件") as caught:
        write_first(tmp_path / "instance" / "secrets.toml")
    assert "\n" not in str(caught.value)


def test_without_secrets_nothing_starts(tmp_path):
    with pytest.raises(SettingError, match="缺少密钥 SECRET_KEY"):
        read_settings(environment={}, root=tmp_path)
