"""The project's own files, as the tests of its shape walk them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"node_modules", "__pycache__", "instance", "artefacts", "dist", "faces"}


def files(*endings: str, below: Path = ROOT) -> list[Path]:
    """Return the files with one of these endings, in a settled order."""
    return sorted(path for path in _walk(below) if path.suffix in endings)


def name_of(path: Path) -> str:
    """Return a file's name as people would type it in the project's folder."""
    return path.relative_to(ROOT).as_posix()


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in NOT_OURS:
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
