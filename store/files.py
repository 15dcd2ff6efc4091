"""Files by their SHA-256: written once, never changed, found by the name that is their content."""

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from store.errors import TooLargeError, UnknownFileError

_CHUNK = 1 << 20
_HEX = frozenset("0123456789abcdef")
_LENGTH = 64


class FileStore:
    """A folder of files; `root/ab/abcdef…` holds the file with that digest."""

    def __init__(self, root: Path) -> None:
        """Use this folder; it is made with the first file."""
        self.root = Path(root)

    def put(self, stream: BinaryIO, *, limit: int | None = None) -> tuple[str, int]:
        """Keep what the stream holds and return its SHA-256 and its size in bytes.

        The file appears whole or not at all. Raises: TooLargeError beyond `limit` bytes.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.root, prefix=".incoming-")
        incoming = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                sha256, size = _copy(stream, out, limit)
                out.flush()
                os.fsync(out.fileno())
            self._settle(incoming, sha256)
        finally:
            incoming.unlink(missing_ok=True)
        return sha256, size

    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading. Raises: UnknownFileError."""
        return self.path(sha256).open("rb")

    def path(self, sha256: str) -> Path:
        """Return where the file lies. Raises: UnknownFileError if it is not kept here."""
        place = self._place(sha256)
        if not place.is_file():
            raise UnknownFileError(sha256)
        return place

    def holds(self, sha256: str) -> bool:
        """Tell whether the file is kept here."""
        return self._place(sha256).is_file()

    def is_intact(self, sha256: str) -> bool:
        """Tell whether the file is here and still is what its name says."""
        if not self.holds(sha256):
            return False
        with self.path(sha256).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256

    def remove(self, sha256: str, before: datetime) -> bool:
        """Take a file away that was last put here before this moment; tell whether it is gone.

        One that was put since, perhaps of the same content as another, may have a row that nobody sees yet.
        """
        place = self._place(sha256)
        try:
            if place.stat().st_mtime >= before.timestamp():
                return False
            place.unlink()
        except FileNotFoundError:
            pass
        return True

    def _place(self, sha256: str) -> Path:
        if len(sha256) != _LENGTH or not _HEX.issuperset(sha256):
            raise UnknownFileError(sha256)
        return self.root / sha256[:2] / sha256

    def _settle(self, incoming: Path, sha256: str) -> None:
        """Move a complete file to its place; the same content twice is one file."""
        place = self._place(sha256)
        with suppress(FileNotFoundError):
            os.utime(place)  # so that nobody takes it away now: see `remove`
            return
        place.parent.mkdir(exist_ok=True)
        incoming.chmod(0o440)
        incoming.rename(place)


def _copy(stream: BinaryIO, out: BinaryIO, limit: int | None) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if limit is not None and size > limit:
            raise TooLargeError(limit)
        digest.update(chunk)
        out.write(chunk)
    return digest.hexdigest(), size
