"""What can go wrong in the store."""


class StoreError(Exception):
    """Base of everything the store raises on purpose."""


class NaiveMomentError(StoreError, ValueError):
    """A moment without a zone was about to be stored."""


class MissingKeyError(StoreError):
    """A personal field names a key that was not handed in."""

    def __init__(self, key_id: str) -> None:
        """Remember which key is missing."""
        super().__init__(f"field key {key_id!r} is not configured")
        self.key_id = key_id


class DamagedValueError(StoreError):
    """An encrypted value does not decrypt: it was changed, or moved to another column."""


class MissingScopeError(StoreError):
    """A statement ran in a session that carries no scope."""


class UnscopedStatementError(StoreError):
    """A statement reads a scoped table in a way that the scope cannot follow (plain table, text)."""


class UnknownFileError(StoreError):
    """No file with this digest is kept."""

    def __init__(self, sha256: str) -> None:
        """Remember which file was asked for."""
        super().__init__(f"no file {sha256}")
        self.sha256 = sha256


class StaleRowError(StoreError):
    """A row that was about to be changed is not as it was read: somebody else was first."""


class NotYetError(StoreError):
    """What a job needs is still being made; it comes again of itself, and nothing is wrong."""


class LostLeaseError(StoreError):
    """A job was finished by somebody who no longer holds it."""


class TooLargeError(StoreError):
    """A stream holds more than is allowed."""

    def __init__(self, limit: int) -> None:
        """Remember the limit in bytes."""
        super().__init__(f"more than {limit} bytes")
        self.limit = limit
