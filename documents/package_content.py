"""What goes into an archive package, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

Folder = Literal["papers", "photos", "answers", "forms", "diagrams", "decisions"]


class PackageContentError(ValueError):
    """Raised when a piece has a name that cannot be kept, or is not what its digest says."""

    def __init__(self, name: str, reason: str) -> None:
        """Remember which piece and what is wrong with it."""
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class Piece(Struct, frozen=True):
    """One file of the case. ``sha256`` is the digest kept since it was uploaded; it is checked again."""

    folder: Folder
    name: str
    title: str
    content: bytes | Path
    on: date | None = None
    pages: int | None = None
    sha256: str | None = None

    @property
    def path(self) -> str:
        """Return the place in the package."""
        return f"data/{self.folder}/{self.name}"


class EventLine(Struct, frozen=True):
    """One event of the case's chain, with its body as the bytes that were hashed."""

    alg: str
    prev_hash: str
    body: bytes
    hash: str


ChainCloser = Callable[[Mapping[str, str]], Sequence[EventLine]]
"""Given path → SHA-256 of every file, appends an event whose body holds them under ``package_files``,
and returns the whole chain of the case, that event included. Its hash is the head to keep outside."""


class PackageContent(Struct, frozen=True):
    """A closed case, as it goes into the archive."""

    number: str
    """档号; names the folder and the file."""
    case_id: str
    title: str
    provider: str
    insurer: str
    policyholder: str
    uscc: str
    policy_number: str
    period_start: date
    period_end: date
    sealed_at: datetime
    confirmed_by: str
    retain_until: date
    record_pdf: bytes
    pieces: tuple[Piece, ...]
    close_chain: ChainCloser
    signing_key: bytes
    """The 32 bytes of the Ed25519 key; its public half travels in the package."""
    record_pages: int | None = None
    previous_checkpoint: str = ""


class PackageResult(Struct, frozen=True):
    """The finished file. ``head`` is kept outside: with it even a package made anew is refused."""

    path: Path
    sha256: str
    size: int
    head: str
    events: int
    files: int
    key_id: str
