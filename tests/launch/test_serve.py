"""The whole product starts, answers and ends: on both databases, and however it is ended."""

import os
import re
import signal
import socket
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.processes import run_command, serving


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for thread in threads for word in thread.read_text().split()]


def await_gone(pids: list[int], seconds: float = 60) -> list[int]:
    limit = time.monotonic() + seconds
    while (left := [pid for pid in pids if is_alive(pid)]) and time.monotonic() < limit:
        time.sleep(0.05)
    return left


def test_ctrl_c_ends_it_cleanly_and_leaves_nobody_behind(tmp_path, sqlite_url):
    with serving(tmp_path, "--no-demo", "--database", sqlite_url) as product:
        begun = children(product.process.pid)
        assert len(begun) >= 2
        assert product.interrupt() == 0
        assert await_gone(begun) == []
        assert "Traceback" not in product.said()


def test_a_killed_server_takes_its_worker_with_it(tmp_path, sqlite_url):
    with serving(tmp_path, "--no-demo", "--database", sqlite_url) as product:
        begun = children(product.process.pid)
        product.kill()
        assert await_gone(begun) == []


@pytest.fixture(scope="module")
def product(sqlite_template, tmp_path_factory):
    """A server that several tests ask; what each leaves is what it found."""
    folder = tmp_path_factory.mktemp("served")
    with sqlite_template.copy() as url, serving(folder, "--no-demo", "--database", url) as served:
        yield served


def test_a_worker_that_died_is_started_again_and_that_is_told(product):
    (worker,) = workers(product.process.pid)
    told = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
    assert f"PUBLIC_URL={product.address}".encode() in told
    os.kill(worker, signal.SIGKILL)
    assert await_gone([worker]) == []
    limit = time.monotonic() + 60
    while not (again := workers(product.process.pid)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert len(again) == 1
    assert "后台进程（定时与任务）意外结束，已重新启动" in product.said()


def workers(pid: int) -> list[int]:
    """Return the processes that the server started to do timers and jobs."""
    commands = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children(pid)}
    return [child for child, command in commands.items() if b"worker" in command.split(b"\0")]


def test_it_serves_from_either_database_and_names_the_way_to_the_first_administrator(tmp_path, database_url):
    with serving(tmp_path, "--no-demo", "--database", database_url) as product:
        with urllib.request.urlopen(product.address, timeout=30) as page:
            assert page.status == 200
        assert f"未然已启动：{product.address}" in product.said()
        (line,) = (line for line in product.said().splitlines() if "第一个管理员" in line)
        command = line.partition("run.py ")[2].split()
        added = run_command(
            *command, "--database", database_url, environment={"WEIRAN_PASSWORD": "first-password-2026"}
        )
        assert added.stdout.strip() == "已添加账号 admin（安全管理员）", added.stderr


def test_what_the_server_refuses_by_itself_is_told_on_our_page(product):
    for path, field, status, title in (
        ("x" * 5_000, "y", 414, "网址太长"),
        ("", "y" * 70_000, 431, "浏览器带来的内容太多"),
        ("", "\0", 400, "这个请求不完整"),
    ):
        request = f"GET /{path} HTTP/1.1\r\nHost: a\r\nX: {field}\r\n\r\n"
        head, _, body = answered(product.address, request)
        assert head.startswith(f"HTTP/1.1 {status} ")
        assert "default-src 'none'" in head
        assert "Set-Cookie" not in head, "who is signed in stays so"
        assert title in body
        assert not re.search(r"Invalid|Bad Request|Error|y{20}", body)


def answered(address: str, request: str) -> tuple[str, str, str]:
    """Return what comes back for these very bytes, headers and page apart."""
    site = urlsplit(address)
    with socket.create_connection((site.hostname, site.port), timeout=30) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode().partition("\r\n\r\n")


def test_what_an_account_may_be_is_told_in_words(sqlite_url):
    told = run_command("users", "--help", "--database", sqlite_url).stdout
    assert "security_admin" in told
    assert "安全管理员" in told


def test_a_password_that_nobody_can_type_is_asked_for_in_one_line(sqlite_url):
    done = run_command("users", "add", "admin", "security_admin", "--database", sqlite_url)
    assert done.returncode == 1
    assert done.stderr.endswith("密码至少 12 个字符\n")
    assert "Traceback" not in done.stderr


def test_a_role_of_another_kind_of_office_is_refused_in_one_line(sqlite_url):
    at = ("--organization", "甲单位", "--database", sqlite_url)
    password = {"WEIRAN_PASSWORD": "first-password-2026"}
    assert run_command("users", "add", "one", "policyholder", *at, environment=password).returncode == 0
    done = run_command("users", "add", "two", "insurer", *at, environment=password)
    assert done.returncode == 1
    assert done.stderr.endswith("“保险机构经办”不是“甲单位”这类机构的角色，换一家机构\n")


def test_an_empty_database_is_migrated(tmp_path):
    with serving(tmp_path, "--no-demo", "--database", str(tmp_path / "新 库.db")) as product:
        assert "已发布流程" in product.said()


def test_a_port_in_use_is_told_in_one_line(product, sqlite_url):
    port = product.address.rsplit(":", 1)[1]
    second = run_command("serve", "--no-demo", "--database", sqlite_url, "--port", port)
    assert second.returncode == 1
    assert second.stderr.startswith(f"✗ 端口 {port} 已被占用")
    assert len(second.stderr.splitlines()) == 1


def test_a_command_on_an_old_schema_names_the_one_that_migrates(tmp_path):
    done = run_command("users", "add", "--database", str(tmp_path / "empty.db"))
    assert done.returncode == 1
    assert "python3 run.py migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_sample_data_goes_into_a_new_database_at_once(tmp_path):
    done = run_command("demo", "--size", "nothing", "--database", str(tmp_path / "new.db"))
    assert done.returncode == 2  # the size is wrong, but the database is there
    assert "service_visit" in done.stdout
    assert run_command("users", "add", "--database", str(tmp_path / "new.db")).returncode == 2


def test_a_database_of_another_kind_is_told_in_one_line():
    done = run_command("migrate", "--database", "mysql://nobody@127.0.0.1/none")
    assert done.returncode == 1
    assert done.stderr.startswith("✗ 不认识“mysql://”的数据库")
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_is_away_is_told_in_one_line():
    done = run_command("migrate", "--database", "postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert done.stderr.startswith("✗ 连不上数据库")
    assert len(done.stderr.splitlines()) == 1
