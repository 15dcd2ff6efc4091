"""Encryption of personal fields and their blind index. Keys are handed in once, at the start.

A stored value reads `<key id>.<base64 of nonce and ciphertext>`. The newest key encrypts, every
configured key decrypts, so a rotation re-encrypts in batches while people work.
"""

import base64
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.errors import DamagedValueError, MissingKeyError

_NONCE = 12
_KEY = 32
_keys: dict[str, bytes] = {}


def configure(keys: Mapping[str, bytes]) -> None:
    """Take the field keys: id → 32 bytes, newest first.

    The blind index hangs on the last, oldest key: dropping that one needs the index columns
    written anew. Raises: ValueError when there is no key or one has the wrong length.
    """
    if not keys or any(len(key) != _KEY for key in keys.values()):
        raise ValueError("field keys are 32 bytes each, at least one")
    if any("." in key_id for key_id in keys):
        raise ValueError("a key id holds no dot")
    _keys.clear()
    _keys.update(keys)


def key_ids() -> tuple[str, ...]:
    """Return the ids of the configured keys, newest first."""
    return tuple(_keys)


def encrypt(value: str, column: str) -> str:
    """Return the stored form of a personal value of this column."""
    key_id, key = _newest()
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, value.encode(), column.encode())
    return f"{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, column: str) -> str:
    """Return the personal value behind its stored form.

    Raises: MissingKeyError for a key that was not handed in, DamagedValueError for a changed value.
    """
    key_id, _, text = stored.partition(".")
    if key_id not in _keys:
        raise MissingKeyError(key_id)
    try:
        sealed = base64.b64decode(text, validate=True)
        return AESGCM(_keys[key_id]).decrypt(sealed[:_NONCE], sealed[_NONCE:], column.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise DamagedValueError(f"a value of {column} does not decrypt") from error


def blind(value: str | None) -> str | None:
    """Return the blind index of a value: equal values have equal indexes, and nothing else shows."""
    if value is None:
        return None
    normal = "".join(unicodedata.normalize("NFKC", value).split()).casefold()
    return hmac.new(_index_key(), normal.encode(), hashlib.sha256).hexdigest()


def _newest() -> tuple[str, bytes]:
    if not _keys:
        raise MissingKeyError("(none)")
    return next(iter(_keys.items()))


def _index_key() -> bytes:
    _newest()
    oldest = list(_keys.values())[-1]
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=b"weiran blind index").derive(oldest)
