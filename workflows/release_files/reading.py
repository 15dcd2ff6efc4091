"""A release from a file or a folder that somebody brings: nothing of it is believed before its hashes agree."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from workflows.bundles import Bundle

MANIFEST = "manifest.json"
FORMAT = 1
MAX_PACKAGE = 20_000_000
MAX_FILE = 2_000_000
MAX_TOTAL = 30_000_000
MAX_FILES = 500
NAME = re.compile(
    r"(?:diagrams|calls)/[A-Za-z_][\w-]{0,63}\.bpmn|forms/[A-Za-z_][\w-]{0,63}\.json"
    r"|decisions/[A-Za-z_][\w-]{0,63}\.dmn|templates/[A-Za-z_][\w-]{0,63}\.typ",
    re.ASCII,
)


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""What the library raises for a file that is cut off, scrambled, locked, or packed in a way that it does not know."""


class PackageError(Exception):
    """A file that is no release, or not the one that was written; the text says what is wrong and what to do."""


def read_package(source: bytes) -> Bundle:
    """Return the bundle in a release file, every hash verified. Raises: PackageError."""
    if len(source) > MAX_PACKAGE:
        raise PackageError(f"文件有 {len(source)} 字节，超过 {MAX_PACKAGE} 字节的上限。")
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as package:
            return _verified(dict(_members(package)))
    except _BROKEN as error:
        raise PackageError("这不是版本文件，或者文件已损坏，请重新导出。") from error


def read_folder(folder: Path) -> Bundle:
    """Return the bundle in a folder that `release export --folder` wrote. Raises: PackageError."""
    found: dict[str, bytes] = {}
    if not (folder / MANIFEST).is_file():
        raise PackageError(f"文件夹“{folder.name}”里没有 {MANIFEST}，不是导出的版本。")
    for path in sorted(folder.rglob("*")):
        if path.relative_to(folder).parts[0] == ".git":
            continue
        if path.is_symlink():
            raise PackageError(f"“{path.name}”是链接，版本里只能有文件。")
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            _check_member(name, path.stat().st_size, found)
            found[name] = path.read_bytes()
    return _verified(found)


def _members(package: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the members by name; none is unpacked further than it says, nor beyond the limits."""
    found: dict[str, bytes] = {}
    for member in package.infolist():
        if member.flag_bits & 1:
            raise PackageError("文件加了密码，请导出不加密的版本文件。")
        _check_member(member.filename, member.file_size, found)
        with package.open(member) as opened:
            content = opened.read(MAX_FILE + 1)
        if len(content) > MAX_FILE:
            raise PackageError(f"“{member.filename}”解开后超过 {MAX_FILE} 字节的上限。")
        found[member.filename] = content
        yield member.filename, content


def _check_member(name: str, size: int, found: Mapping[str, bytes]) -> None:
    if name != MANIFEST and not NAME.fullmatch(name):
        raise PackageError(f"里面有不认识的文件“{name[:80]}”，版本里只有流程图、表单、决策表和文书模板。")
    if name in found:
        raise PackageError(f"“{name}”在文件里不止一次。")
    if len(found) >= MAX_FILES:
        raise PackageError(f"里面的文件多于 {MAX_FILES} 个。")
    if size > MAX_FILE:
        raise PackageError(f"“{name}”有 {size} 字节，超过 {MAX_FILE} 字节的上限。")
    if size + sum(len(content) for content in found.values()) > MAX_TOTAL:
        raise PackageError(f"解开后超过 {MAX_TOTAL} 字节的上限。")


def _verified(found: dict[str, bytes]) -> Bundle:
    """Return the files whose hashes are those of the manifest, neither more nor fewer."""
    manifest = found.pop(MANIFEST, None)
    if manifest is None:
        raise PackageError(f"里面没有 {MANIFEST}，不是导出的版本文件。")
    told = _told(manifest)
    for name in sorted(told.keys() | found.keys()):
        if name not in found:
            raise PackageError(f"清单里的“{name}”不在文件里，请重新导出。")
        if name not in told:
            raise PackageError(f"“{name}”不在清单里，文件被人加过东西。")
        if hashlib.sha256(found[name]).hexdigest() != told[name]:
            raise PackageError(f"“{name}”与清单里的 SHA-256 不符，导出以后被改过。")
    if sum(name.startswith("diagrams/") for name in found) != 1:
        raise PackageError("一个版本要有且只有一张流程图（diagrams/）。")
    return Bundle(found)


def _told(manifest: bytes) -> dict[str, object]:
    try:
        told = orjson.loads(manifest)
    except orjson.JSONDecodeError as error:
        raise PackageError(f"{MANIFEST} 不是 JSON，请重新导出。") from error
    files = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, dict) or told.get("format") != FORMAT:
        raise PackageError(f"{MANIFEST} 的格式不认识，请用新版导出的文件。")
    return files
