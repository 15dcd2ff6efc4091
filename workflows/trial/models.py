"""DMN files from disk, with the files of the same folder that they import."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from feel import dmn
from workflows.engine import parse_foreign_xml
from workflows.trial.answers import QuestionError

MOST_FILES = 200
DEEPEST = 10


def read_model(path: Path) -> dmn.Model:
    """Return the model of a file; read again when the file has changed. Raises: QuestionError, DiagramError."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise QuestionError(f"没有文件“{path}”。") from error
    return _model(path.resolve(), changed)


@lru_cache(maxsize=64)
def _model(path: Path, _changed: int) -> dmn.Model:
    return _with_imports(path, DEEPEST)


def _with_imports(path: Path, deep: int) -> dmn.Model:
    root = parse_foreign_xml(_bytes(path))
    wanted = {child.get("namespace") for child in root if str(child.tag).rpartition("}")[2] == "import"}
    beside = _namespaces(path) if wanted and deep else {}
    imports = {
        namespace: _with_imports(file, deep - 1)
        for namespace, file in beside.items()
        if namespace in wanted and file != path
    }
    return dmn.load(root, imports)


def _namespaces(path: Path) -> dict[str, Path]:
    files = sorted(path.parent.glob("*.dmn"))[:MOST_FILES]
    return {str(parse_foreign_xml(_bytes(file)).get("namespace", "")): file for file in files}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise QuestionError(f"读不了文件“{path}”。") from error
