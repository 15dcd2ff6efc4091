"""Which faces print a document, and which characters they can print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont
from msgspec import Struct

from documents.fonts import FACES

SYSTEM_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / "Library/Fonts",
)
"""Where a free face of the machine may lie; proprietary ones there are never taken."""

_SYSTEM_PATTERNS = (
    "NotoSansCJK-[RB]*.ttc",
    "NotoSansCJKsc-[RB]*.otf",
    "NotoSansSC-[RB]*.[to]tf",
    "SourceHanSansSC-[RB]*.otf",
    "SourceHanSans-[RB]*.ttc",
)
_FREE_FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans")
_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_FAMILY_NAME = 1
_PREFERRED_FAMILY_NAME = 16


class NoFontError(Exception):
    """Raised when no face for Chinese is on the machine: documents wait until set-up has fetched one."""


class FontSet(Struct, frozen=True):
    """The faces in their order of choice, with the characters that at least one of them can print."""

    families: tuple[str, ...]
    characters: frozenset[int]
    folders: tuple[str, ...]
    """Where the files lie; the typesetter takes no other."""

    @classmethod
    def find(
        cls,
        office_folder: Path | None = None,
        *,
        faces: Path = FACES,
        system: Iterable[Path] = SYSTEM_FOLDERS,
    ) -> FontSet:
        """Return the fetched faces, then those of ``DOCUMENT_FONT_DIR``, then a free one of the machine.

        Raises:
            NoFontError: none of the three places holds a face.
        """
        return cls.of([*_faces_in(faces), *_faces_in(office_folder), *_free_faces(system)])

    @classmethod
    def of(cls, files: Iterable[Path]) -> FontSet:
        """Return the set made of exactly these font files, the first preferred.

        Raises:
            NoFontError: the list is empty.
        """
        chosen = list(files)
        if not chosen:
            raise NoFontError
        maps = [_character_maps(path, path.stat().st_mtime_ns) for path in chosen]
        families = dict.fromkeys(family for entry in maps for family in entry)
        covered: frozenset[int] = frozenset().union(*(points for entry in maps for points in entry.values()))
        folders = tuple(dict.fromkeys(str(path.parent.resolve()) for path in chosen))
        return cls(tuple(families), covered, folders)


def _faces_in(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)


def _free_faces(folders: Iterable[Path]) -> list[Path]:
    """Return the first free family found, looking for one pattern at a time."""
    present = [folder for folder in folders if folder.is_dir()]
    for pattern in _SYSTEM_PATTERNS:
        found = [path for folder in present for path in sorted(folder.rglob(pattern))]
        if found:
            return [path for path in found if path.stem.endswith(("-Regular", "-Bold"))]
    return []


@lru_cache(maxsize=64)
def _character_maps(path: Path, changed_ns: int) -> Mapping[str, frozenset[int]]:
    """Return family name → code points of one file; a collection gives its simplified Chinese face alone."""
    del changed_ns  # part of the cache key alone: a replaced file is read again
    if path.suffix.lower() not in {".ttc", ".otc"}:
        with TTFont(path, lazy=True) as face:
            return {_family(face): frozenset(face.getBestCmap())}
    with TTCollection(path, lazy=True) as collection:
        named = {_family(face): face for face in collection.fonts}
        wanted = [family for family in named if family in _FREE_FAMILIES] or list(named)
        return {family: frozenset(named[family].getBestCmap()) for family in wanted}


def _family(face: TTFont) -> str:
    names = face["name"]
    return str(names.getDebugName(_PREFERRED_FAMILY_NAME) or names.getDebugName(_FAMILY_NAME))
