"""Settings: the command line before the environment before .env before what stands in config.py."""

import base64
import re
from dataclasses import fields
from pathlib import Path

import pytest

from config import SettingError, Settings, as_database_url, read_settings
from tests.support.sources import files

KEY = base64.b64encode(bytes(32)).decode()
SECRETS = {"SECRET_KEY": "s", "FIELD_KEYS": f"k2:{KEY},k1:{KEY}", "SIGNING_KEY": KEY}


def settings(tmp_path, **given):
    return read_settings(environment={**SECRETS, **given}, root=tmp_path)


def test_the_nearest_word_counts(tmp_path):
    (tmp_path / ".env").write_text("DATABASE_URL=/from/file.db\nFILES_URL=/from/files\n")
    chosen = read_settings(
        database_url="/from/line.db",
        environment={**SECRETS, "DATABASE_URL": "/from/environment.db"},
        root=tmp_path,
    )
    assert chosen.database_url == "sqlite:////from/line.db"
    assert (
        settings(tmp_path, DATABASE_URL="/from/environment.db").database_url
        == "sqlite:////from/environment.db"
    )
    assert settings(tmp_path).database_url == "sqlite:////from/file.db"
    assert settings(tmp_path).files == Path("/from/files")


def test_without_a_word_there_is_one_file_in_the_instance_folder(tmp_path):
    assert settings(tmp_path).database_url == f"sqlite:///{tmp_path}/instance/weiran.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_people_type_short_addresses(scheme):
    assert as_database_url(f"{scheme}://u@h/d") == "postgresql+psycopg://u@h/d"
    assert as_database_url("sqlite:////a.db") == "sqlite:////a.db"


def test_field_keys_are_the_newest_first(tmp_path):
    assert list(settings(tmp_path).field_keys) == ["k2", "k1"]


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("PROXY_HOPS", "one", "应为整数"),
        ("FOUR_EYES", "maybe", "应为 on 或 off"),
        ("FILES_URL", "s3://bucket/weiran", "应为本机的文件夹"),
        ("SIGNING_KEY", "short", "32 字节"),
        ("FIELD_KEYS", "k1:short", "32 字节"),
    ],
)
def test_a_setting_that_cannot_be_understood_is_named(tmp_path, name, value, word):
    with pytest.raises(SettingError, match=f"{name}.*{word}"):
        settings(tmp_path, **{name: value})


def test_every_setting_is_read_by_something():
    code = "".join(file.read_text(encoding="utf-8") for file in files(".py") if "tests" not in file.parts)
    unread = [field.name for field in fields(Settings) if not re.search(rf"settings\.{field.name}\b", code)]
    assert unread == []


def test_a_damaged_secrets_file_is_named(tmp_path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secrets.toml").write_text("no toml")
    with pytest.raises(SettingError, match="读不懂"):
        read_settings(environment={}, root=tmp_path)
