"""The environment comes about on odd machines too: small programs play them and record their calls."""

import io
import os
from pathlib import Path

import pytest

from setup_steps import environment as module
from setup_steps.environment import Environment
from setup_steps.progress import Progress, SetupError

RECORD = 'echo "$(basename "$0") system-certs=$UV_SYSTEM_CERTS index=$UV_DEFAULT_INDEX $*" >> "{log}"\n'


class Machine:
    """A checkout and a PATH on which uv is what the test says."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        self.root = folder / "项目 一"
        self.programs = folder / "bin"
        self.log = folder / "log"
        for path in (self.root, self.programs):
            path.mkdir()
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (self.root / lock).write_text(lock)
        self.log.write_text("")
        monkeypatch.setenv("PATH", str(self.programs), prepend=os.pathsep)
        monkeypatch.setattr(Environment, "_pip_config", lambda _self: "")
        self.said = io.StringIO()
        self.environment = Environment(self.root, Progress(self.said))

    def uv(self, script: str) -> None:
        self._program("uv", script)

    def pip(self, monkeypatch, script: str = "exit 0") -> None:
        self._program("pip", script)
        monkeypatch.setattr(Environment, "_pip", lambda _self: [str(self.programs / "pip")])

    def calls(self) -> list[str]:
        return self.log.read_text().splitlines()

    def _program(self, name: str, script: str) -> None:
        file = self.programs / name
        file.write_text(f"#!/bin/sh\n{RECORD.format(log=self.log)}{script}\n")
        file.chmod(0o755)


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_a_path_with_blanks_and_chinese_characters_works(machine):
    machine.uv("exit 0")
    machine.environment.make_ready(for_tests=False)
    assert machine.environment.is_ready(for_tests=False)
    assert f"--require-hashes -r {machine.root}/requirements.lock" in machine.calls()[0]


def test_the_second_start_installs_nothing(machine):
    machine.uv("exit 0")
    machine.environment.make_ready(for_tests=False)
    assert Environment(machine.root, Progress()).is_ready(for_tests=False)
    assert not Environment(machine.root, Progress()).is_ready(for_tests=True)


def test_tests_need_more_and_that_includes_what_serving_needs(machine):
    machine.uv("exit 0")
    machine.environment.make_ready(for_tests=True)
    assert machine.environment.is_ready(for_tests=False)
    assert "requirements-dev.lock" in machine.calls()[0]


def test_another_lock_is_installed_over_without_making_the_environment_anew(machine):
    machine.uv("exit 0")
    machine.environment.make_ready(for_tests=False)
    kept = machine.environment.folder / "kept"
    kept.write_text("")
    (machine.root / "requirements.lock").write_text("other")
    assert not machine.environment.is_ready(for_tests=False)
    machine.environment.make_ready(for_tests=False)
    assert kept.exists()


def test_a_half_made_environment_is_made_anew(machine):
    machine.uv("exit 0")
    rest = machine.environment.folder / "rest"
    rest.parent.mkdir()
    rest.write_text("")
    machine.environment.make_ready(for_tests=False)
    assert not rest.exists()
    assert machine.environment.python.exists()


def test_an_install_that_was_cut_off_is_done_again(machine, monkeypatch):
    machine.uv("exit 0")
    machine.environment.make_ready(for_tests=False)
    (machine.root / "requirements.lock").write_text("other")
    machine.uv("echo killed; exit 1")
    machine.pip(monkeypatch, "exit 1")
    with pytest.raises(SetupError):
        machine.environment.make_ready(for_tests=False)
    (machine.root / "requirements.lock").write_text("requirements.lock")
    assert not machine.environment.is_ready(for_tests=False)


def test_uv_is_told_pips_mirror(machine, monkeypatch):
    machine.uv("exit 0")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setattr(Environment, "_pip_config", lambda _self: "global.index-url='https://mirror.example'")
    machine.environment.make_ready(for_tests=False)
    assert "index=https://mirror.example" in machine.calls()[0]


def test_a_foreign_certificate_is_tried_with_the_systems_roots(machine):
    machine.uv('[ -n "$UV_SYSTEM_CERTS" ] || { echo "invalid peer certificate: UnknownIssuer"; exit 2; }')
    machine.environment.make_ready(for_tests=False)
    assert [call.split()[1] for call in machine.calls()] == ["system-certs=", "system-certs=1"]


def test_where_uv_fails_pip_installs(machine, monkeypatch):
    machine.uv("echo broken; exit 1")
    machine.pip(monkeypatch)
    machine.environment.make_ready(for_tests=False)
    assert [call.split()[0] for call in machine.calls()] == ["uv", "pip"]
    assert "--require-hashes" in machine.calls()[1]


def test_without_a_network_the_message_says_so(machine, monkeypatch):
    machine.uv("echo 'error sending request: dns error'; exit 2")
    machine.pip(monkeypatch, "echo 'Temporary failure in name resolution'; exit 1")
    with pytest.raises(SetupError, match="连不上软件源"):
        machine.environment.make_ready(for_tests=False)


def test_a_python_without_pip_and_ensurepip_names_the_package_to_install(machine, monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    monkeypatch.setattr(module.shutil, "which", lambda _name: None)
    with pytest.raises(SetupError, match=r"sudo apt install python3\.\d+-venv"):
        machine.environment.make_ready(for_tests=False)


def test_pip_of_the_outer_python_is_enough(machine, monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: object() if name == "pip" else None)
    monkeypatch.setattr(Environment, "is_running", lambda _self: False)
    assert machine.environment._pip()[1:] == ["-m", "pip", "--python", str(machine.environment.python)]
