"""The settings of this installation: environment, `.env`, then what stands here. Read by run.py alone."""

import base64
import binascii
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
SECRETS_FILE = INSTANCE / "secrets.toml"
MEGABYTE = 1024 * 1024
KEY_BYTES = 32


class SettingError(Exception):
    """A setting is missing or cannot be understood; the message is meant for the person who set it."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an office decides about its installation; numbers of the standard are never among it."""

    database_url: str
    files: Path
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    field_keys: Mapping[str, bytes]
    """Key id → 32 bytes, the newest first."""
    signing_key: bytes
    """The 32 bytes of the Ed25519 key for checkpoints and archives."""
    public_url: str | None
    trusted_hosts: tuple[str, ...]
    proxy_hops: int
    ratelimit_storage_uri: str
    max_content_length: int
    password_classes: bool
    four_eyes: bool
    document_font_dir: Path | None
    log_json: bool
    """Whether each line of the log is a JSON object; else it is made for people."""
    metrics_token: str | None
    """What a monitor shows to read /metrics from elsewhere than this machine."""
    mail_url: str | None
    """The server that takes notices as mail; none = notices in the page only."""


def read_settings(
    *,
    database_url: str | None = None,
    environment: Mapping[str, str] = os.environ,
    root: Path = ROOT,
) -> Settings:
    """Return the settings in force; `database_url` of the command line goes before all others."""
    values = _all_values(environment, root)
    return Settings(
        database_url=as_database_url(database_url or values.get("DATABASE_URL"), root),
        files=_folder("FILES_URL", values.get("FILES_URL")) or root / "instance" / "files",
        secret_key=_secret(values, "SECRET_KEY"),
        secret_key_fallbacks=_words(values, "SECRET_KEY_FALLBACKS"),
        field_keys=_field_keys(_secret(values, "FIELD_KEYS")),
        signing_key=_key("SIGNING_KEY", _secret(values, "SIGNING_KEY")),
        public_url=values.get("PUBLIC_URL") or None,
        trusted_hosts=_words(values, "TRUSTED_HOSTS"),
        proxy_hops=_number(values, "PROXY_HOPS", 0),
        ratelimit_storage_uri=values.get("RATELIMIT_STORAGE_URI") or "memory://",
        max_content_length=_number(values, "MAX_CONTENT_LENGTH", 200 * MEGABYTE),
        password_classes=_switch(values, "PASSWORD_CLASSES", default=False),
        four_eyes=_switch(values, "FOUR_EYES", default=True),
        document_font_dir=_folder("DOCUMENT_FONT_DIR", values.get("DOCUMENT_FONT_DIR")),
        log_json=_switch(values, "LOG_JSON", default=False),
        metrics_token=values.get("METRICS_TOKEN") or None,
        mail_url=values.get("MAIL_URL") or None,
    )


def as_database_url(given: str | None, root: Path = ROOT) -> str:
    """Return a full address for what people type: a file's path, `postgresql://…`, or nothing.

    Raises: SettingError for a database of another kind.
    """
    if not given:
        return f"sqlite:///{root / 'instance' / 'weiran.db'}"
    scheme, separator, rest = given.partition("://")
    if not separator:
        return f"sqlite:///{Path(given).expanduser().absolute()}"
    if scheme in {"postgres", "postgresql"}:
        return f"postgresql+psycopg://{rest}"
    if scheme not in {"sqlite", "postgresql+psycopg"}:
        raise SettingError(
            f"不认识“{scheme}://”的数据库：写 SQLite 文件的路径，或者 postgresql://用户@主机/库名"
        )
    return given


def _folder(name: str, given: str | None) -> Path | None:
    if given and "://" in given:
        raise SettingError(f"设置 {name} 应为本机的文件夹，还不能放到别处，现在是“{given}”")
    return Path(given).expanduser().absolute() if given else None


def _all_values(environment: Mapping[str, str], root: Path) -> dict[str, str]:
    written = {name: value for name, value in dotenv_values(root / ".env").items() if value is not None}
    return {**_first_secrets(root / "instance" / SECRETS_FILE.name), **written, **environment}


def _first_secrets(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    try:
        return {name: str(value) for name, value in tomllib.loads(file.read_text(encoding="utf-8")).items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"密钥文件 {file} 读不懂（{error}），请从备份恢复它") from error


def _secret(values: Mapping[str, str], name: str) -> str:
    value = values.get(name)
    if not value:
        raise SettingError(f"缺少密钥 {name}：用 python3 run.py 启动一次会自动生成，或在环境变量里给出")
    return value


def _field_keys(given: str) -> dict[str, bytes]:
    pairs = (pair.partition(":") for pair in given.replace(",", " ").split())
    return {key_id: _key("FIELD_KEYS", key) for key_id, _, key in pairs}


def _key(name: str, given: str) -> bytes:
    try:
        key = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingError(f"密钥 {name} 应为 {KEY_BYTES} 字节的 base64 文字")
    return key


def _words(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(values.get(name, "").replace(",", " ").split())


def _number(values: Mapping[str, str], name: str, default: int) -> int:
    given = values.get(name) or str(default)
    if not given.isdecimal():
        raise SettingError(f"设置 {name} 应为整数，现在是“{given}”")
    return int(given)


def _switch(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = values.get(name, "").lower() or ("on" if default else "off")
    if given in {"on", "1", "true", "yes"}:
        return True
    if given in {"off", "0", "false", "no"}:
        return False
    raise SettingError(f"设置 {name} 应为 on 或 off，现在是“{given}”")
