"""The project's own Python environment, `.venv`, installed from a hashed lock."""

import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from os import environ
from pathlib import Path

from setup_steps import children, mirrors
from setup_steps.progress import Progress, SetupError
from setup_steps.stamps import Stamp, stamp_of

HERE = Path(__file__).parent
MADE, RUNTIME, DEVELOPMENT = "made", "requirements", "requirements-dev"
LOADED_FIRST = ("launch.serve", "launch.work", "demo.loading")
PIP_OPTIONS = ("--disable-pip-version-check", "--no-input", "--progress-bar=off", "--retries=2")


@dataclass(frozen=True)
class Environment:
    """The folder `.venv` of a checkout, and how to install into it."""

    root: Path
    progress: Progress

    @property
    def folder(self) -> Path:
        """Return the environment's folder."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Return the environment's interpreter."""
        return self.script("python")

    def script(self, name: str) -> Path:
        """Return a program inside the environment."""
        if sys.platform == "win32":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name

    def is_running(self) -> bool:
        """Tell whether this very process runs inside the environment."""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def is_ready(self, *, for_tests: bool) -> bool:
        """Tell whether everything that the locks name is installed."""
        wanted = self._stamps(for_tests=for_tests)
        return all(stamp.is_fresh() for stamp in wanted) and self.python.exists()

    def make_ready(self, *, for_tests: bool) -> None:
        """Make the environment where it is missing or half made, then install what the lock names."""
        made, wanted = self._stamps(for_tests=for_tests)
        if not (made.is_fresh() and self.python.exists()):
            with self.progress.step("建 Python 环境 .venv"):
                self._make()
            made.put()
        wanted.remove()
        lock = wanted.file.name.removeprefix(".weiran-")
        with self.progress.step("安装 Python 库"):
            self.install(self.root / f"{lock}.lock")
        wanted.put()
        if for_tests:
            self._stamps(for_tests=False)[1].put()

    def install(self, lock: Path) -> None:
        """Install a hashed lock with uv, or with pip where uv cannot.

        Raises: SetupError with the remedy of the last try.
        """
        told = mirrors.for_uv(self._pip_config(), environ)
        try:
            uv = self._uv()
        except children.ChildError as error:
            if children.lacks_network(error.output):
                raise
            self._install_with_pip(lock)
            return
        command = [uv, "pip", "install", "--python", str(self.python), "--require-hashes", "-r", str(lock)]
        for extra in (told, {**told, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}):
            try:
                self._run("安装 Python 库", [*command, "--quiet"], extra)
            except children.ChildError as error:
                failure = error
            else:
                return
            if not children.distrusts_certificate(failure.output):
                break
        self.progress.say("  uv 没有装成，改用 pip")
        self._install_with_pip(lock)

    def load_once(self) -> None:
        """Load what the first start loads, so that its compiled code is there; what fails here, fails there."""
        command = [str(self.python), "-c", f"import {', '.join(LOADED_FIRST)}"]
        subprocess.run(
            command, cwd=self.root, env=keeping_bytecode(environ, self.root), capture_output=True, check=False
        )

    def _install_with_pip(self, lock: Path) -> None:
        arguments = ["install", "--require-hashes", "-r", str(lock), "--quiet", *PIP_OPTIONS]
        self._run("安装 Python 库", [*self._pip(), *arguments], {})

    def _make(self) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
        self._run("建 Python 环境", [base_python(), "-m", "venv", "--without-pip", str(self.folder)], {})

    def _uv(self) -> str:
        """Return a uv program: the system's, or one installed into the environment."""
        found = shutil.which("uv")
        if found:
            return found
        own = self.script("uv")
        if not own.exists():
            lock = HERE / "requirements-uv.lock"
            self._run(
                "安装 uv",
                [*self._pip(), "install", "--require-hashes", "-r", str(lock), "--quiet", *PIP_OPTIONS],
                {},
            )
        return str(own)

    def _pip(self) -> list[str]:
        """Return the beginning of a pip command for the environment.

        Debian parts pip and ensurepip from Python: either of the two is enough.
        """
        if self._site_has("pip"):
            return [str(self.python), "-m", "pip"]
        if not self.is_running() and find_spec("pip"):
            return [base_python(), "-m", "pip", "--python", str(self.python)]
        if find_spec("ensurepip"):
            self._run("装 pip", [str(self.python), "-m", "ensurepip", "--default-pip"], {})
            return [str(self.python), "-m", "pip"]
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            "这个 Python 没有 pip，也没有 ensurepip，请先运行："
            f"sudo apt install python{version}-venv，再运行 python3 run.py"
        )

    def _pip_config(self) -> str:
        try:
            done = subprocess.run(
                [*self._pip(), "config", "list"], capture_output=True, text=True, check=False, timeout=60
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout

    def _site_has(self, package: str) -> bool:
        return any(self.folder.glob(f"[Ll]ib/**/site-packages/{package}/__init__.py"))

    def _run(self, what: str, command: list[str], extra: dict[str, str]) -> None:
        quiet = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "PYTHONWARNINGS": "ignore"}
        children.run(what, command, cwd=self.root, progress=self.progress, extra={**quiet, **extra})

    def _stamps(self, *, for_tests: bool) -> tuple[Stamp, Stamp]:
        name = DEVELOPMENT if for_tests else RUNTIME
        base = (platform.machine(), sys.platform, str(self.root))
        return (
            stamp_of(self.folder, MADE, facts=base),
            stamp_of(self.folder, name, facts=base, files=[self.root / f"{name}.lock"]),
        )


def base_python() -> str:
    """Return the interpreter outside any environment, so that `.venv` may be made anew."""
    return getattr(sys, "_base_executable", None) or sys.executable


def keeping_bytecode(environment: Mapping[str, str], root: Path) -> dict[str, str]:
    """Return the environment with compiled code kept inside `.venv` where it is wanted nowhere else.

    Containers often forbid it beside the sources; compiling everything anew would cost each start seconds.
    """
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if len(kept) < len(environment):
        kept.setdefault("PYTHONPYCACHEPREFIX", str(root / ".venv" / "bytecode"))
    return kept
