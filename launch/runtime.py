"""From settings to a Runtime on a database whose schema fits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from sqlalchemy.exc import OperationalError

from launch import LaunchError, logs
from store import revision, secrets
from store.database import Database
from store.files import FileStore
from store.scope import Scope
from webapp.settings import WebSettings
from workflows.mail import MailServer, MailUrlError, mail_server
from workflows.releases import publish_shipped
from workflows.runtime import Runtime


class LaunchSettings(WebSettings, Protocol):
    """The part of the settings that a Runtime is made from; `config.Settings` fits."""

    @property
    def database_url(self) -> str:
        """The address of the database."""

    @property
    def files(self) -> Path:
        """The folder of the files."""

    @property
    def field_keys(self) -> Mapping[str, bytes]:
        """The keys of encrypted columns, newest first."""

    @property
    def signing_key(self) -> bytes:
        """The key that signs checkpoints and archives."""

    @property
    def document_font_dir(self) -> Path | None:
        """The office's own licensed faces."""

    @property
    def mail_url(self) -> str | None:
        """The server that takes mail, if there is one."""

    @property
    def four_eyes(self) -> bool:
        """Whether publishing takes two people."""


def open_runtime(settings: LaunchSettings, address: str = "http://127.0.0.1:8000") -> Runtime:
    """Return what every command needs, made from the settings; `address` is printed where no public one is set."""
    logs.configure(as_json=settings.log_json)
    secrets.configure(settings.field_keys)
    runtime = Runtime(
        database=Database(settings.database_url),
        files=FileStore(settings.files),
        font_dir=settings.document_font_dir,
        signing_key=settings.signing_key,
        four_eyes=settings.four_eyes,
        public_url=settings.public_url or address,
        mail=_mail(settings.mail_url),
    )
    _reach(runtime)
    return runtime


def _mail(url: str | None) -> MailServer | None:
    try:
        return mail_server(url) if url else None
    except MailUrlError as error:
        raise LaunchError(str(error)) from error


def _reach(runtime: Runtime) -> None:
    try:
        runtime.database.engine.connect().close()
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise LaunchError(f"连不上数据库（{reason}），请检查 --database 或 DATABASE_URL") from error


def fill_new_database(runtime: Runtime) -> None:
    """Migrate a database in which nothing is yet; there is nothing to be careful of."""
    if revision.present(runtime.database) is None:
        migrate([], runtime)


def refuse_old_schema(runtime: Runtime) -> None:
    """Name the command that migrates, instead of failing in the middle."""
    if not revision.is_current(runtime.database):
        raise LaunchError("数据库结构不是最新的，请先运行 python3 run.py migrate")


def migrate(_arguments: Sequence[str], runtime: Runtime) -> int:
    """Bring the schema to the newest form and release the shipped diagrams."""
    try:
        if not revision.is_current(runtime.database):
            from store.migrate import upgrade  # noqa: PLC0415  # Alembic is heavy, and seldom needed

            upgrade(runtime.database)
        with runtime.database.write(Scope.everything("migrate"), now=runtime.now()) as session:
            for process in publish_shipped(session, runtime.now()):
                print(f"  已发布流程 {process}")
    except OperationalError as error:
        raise LaunchError(f"数据库不可写（{error.orig}），请检查文件夹权限和磁盘空间") from error
    return 0
