"""Password hashes: argon2id, a few at a time, because each takes 19 MiB."""

import secrets
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = BoundedSemaphore(4)
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""No sign that is taken for another when a password is read out."""
_GROUPS, _OF = 4, 4


def initial_password() -> str:
    """Return a password to hand out once: four groups of four signs, about 79 bits."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_OF)) for _ in range(_GROUPS))
    return "-".join(groups)


def hash_password(password: str) -> str:
    """Return the argon2id hash that is kept."""
    with _AT_ONCE:
        return _HASHER.hash(normalized(password))


def password_fits(stored: str | None, password: str) -> bool:
    """Tell whether the password belongs to the hash; without a hash it takes just as long and says no."""
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _dummy(), normalized(password))
            return stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Tell whether the hash was made with weaker parameters than those of today."""
    return _HASHER.check_needs_rehash(stored)


def normalized(password: str) -> str:
    """Return the form in which a password is hashed and compared."""
    return unicodedata.normalize("NFKC", password)


class _Dummy:
    """The hash that unknown names are checked against, made once."""

    value: str | None = None


def _dummy() -> str:
    if _Dummy.value is None:
        _Dummy.value = _HASHER.hash("nobody's password")
    return _Dummy.value
