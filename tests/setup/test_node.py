"""A Node that is new enough is found, wherever it comes from."""

from pathlib import Path

import pytest

from setup_steps import node as module
from setup_steps.node import NPM_OPTIONS, find_node, major_version, node_of_wheel


@pytest.mark.parametrize(
    ("said", "major"),
    [("v24.19.0\n", 24), ("v22.0.0", 22), ("v20.20.2", 20), ("", 0), ("command not found", 0)],
)
def test_the_version_is_read(said, major):
    assert major_version(said) == major


def test_npm_of_the_wheel_is_started_by_its_script():
    node = node_of_wheel(Path("/x"), "linux")
    assert node.npm == ("/x/bin/node", "/x/lib/node_modules/npm/bin/npm-cli.js")


def test_on_windows_the_wheel_is_laid_out_otherwise():
    node = node_of_wheel(Path("x"), "win32")
    assert [Path(part).as_posix() for part in node.npm] == ["x/node.exe", "x/node_modules/npm/bin/npm-cli.js"]


def test_packages_run_no_scripts_and_npm_gives_up_in_time():
    assert {
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-timeout=30000",
        "--fetch-retries=2",
    } <= set(NPM_OPTIONS)


@pytest.mark.parametrize(("version", "taken"), [("v22.1.0", True), ("v20.20.2", False)])
def test_an_old_node_of_the_system_is_passed_over(tmp_path, monkeypatch, version, taken):
    for name in ("node", "npm"):
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\necho {version}\n")
        file.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    wheel = node_of_wheel(Path("/wheel"))
    monkeypatch.setattr(module, "_wheel_node", lambda _environment: wheel)
    assert (find_node(None).program == str(tmp_path / "node")) is taken


def test_node_without_npm_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "_wheel_node", lambda _environment: "wheel")
    assert find_node(None) == "wheel"
