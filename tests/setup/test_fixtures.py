"""The fixtures keep their promises: no network, equal databases, no silent gap under CI."""

import os
import socket
import subprocess
import sys

import pytest
from sqlalchemy import text

from tests.support import postgres
from tests.support.network import NetworkRefusedError
from tests.support.sources import ROOT

SKIPPING = "import pytest\n\ndef test_it():\n    pytest.skip('no such program')\n"
SKIPPING_WHOLE = "import pytest\npytest.skip('no such program', allow_module_level=True)\n"


@pytest.mark.parametrize("address", ["192.0.2.1", "93.184.216.34"])
def test_another_machine_cannot_be_reached(address):
    with socket.socket() as connection, pytest.raises(NetworkRefusedError):
        connection.connect((address, 80))


def test_names_of_other_machines_are_not_looked_up():
    with pytest.raises(NetworkRefusedError):
        socket.getaddrinfo("example.com", 80)


def test_this_machine_can_be_reached():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_every_test_has_a_database_of_its_own(database):
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))


def test_nothing_of_another_test_is_left(database):
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))


def test_postgresql_sorts_and_stores_chinese(postgres_url):
    from tests.support.databases import opened

    with opened(postgres_url) as database, database.engine.connect() as connection:
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
        assert connection.scalar(text("SELECT '喆堃龑㛃'")) == "喆堃龑㛃"


def test_the_wheel_takes_the_place_of_a_missing_postgresql(monkeypatch):
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(postgres, "_system_binaries", lambda: None)
    with postgres.running_server() as server:
        server.execute("CREATE DATABASE one")


def test_without_any_postgresql_the_reason_is_named(monkeypatch):
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(postgres, "_system_binaries", lambda: None)
    monkeypatch.setattr(postgres, "_wheel_binaries", lambda _folder: None)
    with pytest.raises(postgres.NoPostgresError, match="TEST_DATABASE_URL"), postgres.running_server():
        pass


@pytest.mark.parametrize(("ci", "code", "word"), [("true", 1, "failed"), ("", 0, "2 skipped")])
def test_a_gap_is_visible_and_fails_under_ci(tmp_path, ci, code, word):
    (tmp_path / "test_gap.py").write_text(SKIPPING)
    (tmp_path / "test_gaps.py").write_text(SKIPPING_WHOLE)
    options = ["-p", "tests.conftest", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert word in done.stdout
