"""DMN files from disk, with the files of the same folder that they import."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from feel import dmn
from workflows.engine import DecisionFile, decision_file, load_decisions
from workflows.trial.answers import QuestionError

MOST_FILES = 200


def read_model(path: Path) -> dmn.Model:
    """Return the model of a file; read again when the file has changed. Raises: QuestionError, DiagramError."""
    try:
        changed = path.stat().st_mtime_ns
    except (OSError, ValueError) as error:  # a zero byte in a path is a ValueError
        raise QuestionError(f"没有文件“{path}”。") from error
    return _model(path.resolve(), changed)


@lru_cache(maxsize=64)
def _model(path: Path, _changed: int) -> dmn.Model:
    return load_decisions(read_decisions(path))


def read_decisions(path: Path) -> DecisionFile:
    """Return a DMN file with those of its folder. Raises: QuestionError."""
    files = sorted(path.parent.glob("*.dmn"))[:MOST_FILES]
    return decision_file(_bytes(path), (_bytes(file) for file in files if file.name != path.name))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise QuestionError(f"读不了文件“{path}”。") from error
