"""The faces that documents embed, fetched at set-up. Standard library only: set-up calls ``install``."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["FACES", "PACKAGE_FOLDER", "FontsMissingError", "install", "is_installed"]

PACKAGE_FOLDER = Path(__file__).parent
"""Holds package.json and its lock: set-up runs ``npm ci --ignore-scripts`` here."""

FACES = PACKAGE_FOLDER / "faces"
"""Where the copied faces lie; ignored by git."""

_PACKAGE = Path("@expo-google-fonts/noto-sans-sc")
_COPIES = {
    "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
    "LICENSE_FONT": "LICENSE_FONT",
}


class FontsMissingError(Exception):
    """Raised when the fetched package lacks a face."""

    def __init__(self, path: Path) -> None:
        """Remember which file was looked for."""
        super().__init__(f"face not found: {path}; run npm ci --ignore-scripts in {PACKAGE_FOLDER}")
        self.path = path


def install(node_modules: Path = PACKAGE_FOLDER / "node_modules", faces: Path = FACES) -> list[Path]:
    """Copy Regular, Bold and their licence out of ``node_modules``; return the copies.

    Each copy appears under its name only when it is complete, so that an interrupted set-up
    leaves no half face behind.

    Raises:
        FontsMissingError: the package is not there or lacks a face.
    """
    sources = {node_modules / _PACKAGE / source: faces / name for source, name in _COPIES.items()}
    for source in sources:
        if not source.is_file():
            raise FontsMissingError(source)
    faces.mkdir(parents=True, exist_ok=True)
    for source, target in sources.items():
        partial = target.with_suffix(".part")
        shutil.copyfile(source, partial)
        partial.replace(target)
    return list(sources.values())


def is_installed(faces: Path = FACES) -> bool:
    """Tell whether every face and the licence lie in ``faces``."""
    return all((faces / name).is_file() for name in _COPIES.values())
