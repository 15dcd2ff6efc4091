"""Sign-in slows down after failures: a counter per account in the database, never a permanent lock.

Whoever signed in here before carries a device cookie and is counted apart, so that strangers who
guess at an account cannot keep its owner out.
"""

import hashlib
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from store.tables import LoginThrottle

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=1)


def throttle_key(login: str, device: str = "") -> str:
    """Return the counter of a name as people type it, known or not, and of a device that is known."""
    normal = "".join(unicodedata.normalize("NFKC", login).split()).casefold()
    return hashlib.sha256(f"{normal}\n{device}".encode()).hexdigest()


def wait_left(session: Session, key: str, now: datetime) -> timedelta:
    """Return how long this name must wait before the next try; zero when it may go on."""
    row = session.get(LoginThrottle, key)
    if row is None or row.blocked_until is None:
        return timedelta(0)
    return max(row.blocked_until - now, timedelta(0))


def count_failure(session: Session, key: str, now: datetime) -> None:
    """Count one more failure; from the sixth on the wait doubles, up to five minutes."""
    row = session.get(LoginThrottle, key)
    if row is None:
        row = LoginThrottle(key=key, failures=0, last_failed_at=now)
        session.add(row)
    elif now - row.last_failed_at > FORGOTTEN_AFTER:
        row.failures = 0
    row.failures += 1
    row.last_failed_at = now
    row.blocked_until = now + wait_after(row.failures)


def forget_failures(session: Session, key: str) -> None:
    """Start anew after a sign-in."""
    row = session.get(LoginThrottle, key)
    if row is not None:
        session.delete(row)


def wait_after(failures: int) -> timedelta:
    """Return the wait that this many failures earn."""
    if failures <= FREE_TRIES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_TRIES, 12)), LONGEST_WAIT)
