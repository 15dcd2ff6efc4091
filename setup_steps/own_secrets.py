"""The secrets of an installation, made once at its first start."""

import base64
import os
import secrets
from pathlib import Path

from setup_steps.progress import SetupError

KEY_BYTES = 32
HEAD = """# 本机的密钥，第一次启动时生成。请与数据库分开备份；丢失后，已加密的身份证号和电话无法恢复。
"""


def write_first(file: Path) -> bool:
    """Write fresh secrets where there are none, readable by the owner alone; tell whether it did.

    Of two that start at once, one writes and both read the same.
    """
    if file.exists():
        return False
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(_fresh())
        return _put_once(draft, file)
    except OSError as error:
        raise SetupError(f"写不了密钥文件 {file}（{error.strerror}），请检查文件夹权限") from error


def _put_once(draft: Path, file: Path) -> bool:
    """Give the draft its name, whole or not at all, and never over another's; tell whether it was the first."""
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _fresh() -> str:
    return (
        f"{HEAD}"
        f'SECRET_KEY = "{secrets.token_urlsafe(KEY_BYTES)}"\n'
        f'FIELD_KEYS = "k1:{_random_key()}"\n'
        f'SIGNING_KEY = "{_random_key()}"\n'
    )


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
