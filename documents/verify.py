"""Check an archive package offline: every digest, the chain of events, the head kept outside, the signature.

Standard library only and one file, because it travels inside every package. It proves more when it
comes from elsewhere than the package itself: python3 verify.py PACKAGE --head HASH
Exit 0: everything agrees; 1: something does not; 2: wrong use.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import stat
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

MANIFEST, TAG_MANIFEST, SM3_LIST = "manifest-sha256.txt", "tagmanifest-sha256.txt", "sm3.txt"
EVENTS, PROOF = "data/events.jsonl", "data/proof.json"
UNCHAINED = frozenset({MANIFEST, TAG_MANIFEST, SM3_LIST, EVENTS, PROOF})
"""Files whose digests cannot stand in the chain, since they are made after it; each is checked by itself."""

CONTENTS_KEY = "package_files"
GENESIS = ""
EVENT_KEYS = ["alg", "body", "hash", "prev"]
_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")
_UNSAFE = re.compile(r"^[/~]|^[A-Za-z]:|(^|/)\.{1,2}(/|$)|[\\%\x00-\x1f\x7f]|//")
_BLOCK = 1 << 20


class PackageError(Exception):
    """Raised when the package is not built as a package is; the message is for people."""


class Package:
    """The files of a folder or of a zip file, by their path below the package's own folder."""

    def __init__(self, path: Path) -> None:
        """List the files; refuse links and names that point outside before anything is read."""
        self._zip = zipfile.ZipFile(path) if path.is_file() else None
        self._root = path
        self._paths = dict(self._in_zip(self._zip) if self._zip else self._in_folder(path))

    @property
    def names(self) -> list[str]:
        """Return every path, sorted."""
        return sorted(self._paths)

    def open(self, name: str) -> IO[bytes]:
        """Open one file for reading."""
        if name not in self._paths:
            raise PackageError(f"缺少文件：{name}")
        return self._zip.open(self._paths[name]) if self._zip else (self._root / name).open("rb")

    def text(self, name: str) -> str:
        """Return one file as UTF-8 text."""
        with self.open(name) as stream:
            try:
                return stream.read().decode("utf-8")
            except UnicodeDecodeError as error:
                raise PackageError(f"不是 UTF-8 文本：{name}") from error

    def digest(self, name: str, algorithm: str = "sha256") -> str:
        """Return the digest of one file, read block by block."""
        found = hashlib.new(algorithm)
        with self.open(name) as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
        return found.hexdigest()

    @staticmethod
    def _in_folder(root: Path) -> Iterator[tuple[str, str]]:
        for folder, subfolders, files in os.walk(root):
            for entry in subfolders + files:
                if stat.S_ISLNK(os.lstat(os.path.join(folder, entry)).st_mode):  # noqa: PTH118 - as os.walk
                    raise PackageError(f"包内不允许有链接：{entry}")
            for file in files:
                name = (Path(folder) / file).relative_to(root).as_posix()
                yield safe(name), name

    @staticmethod
    def _in_zip(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
        for entry in archive.infolist():
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise PackageError(f"包内不允许有链接：{entry.filename}")
            if not entry.is_dir():
                yield safe(safe(entry.filename).partition("/")[2]), entry.filename


def safe(name: str) -> str:
    """Return ``name`` if it stays inside the package, else refuse."""
    if not name or _UNSAFE.search(name):
        raise PackageError(f"文件名不安全，拒绝读取：{name!r}")
    return name


class Report:
    """Prints as it goes and remembers whether anything was wrong."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self.problems = 0

    def file(self, name: str, expected: str, actual: str) -> None:
        """Print one file with both digests."""
        good = expected == actual
        self.problems += not good
        print(f"{'符合' if good else '不符'}  {name}\n      应为 {expected}\n      实为 {actual}")

    def check(self, problem: str | None, success: str) -> None:
        """Print one finding: what is wrong, or what agrees."""
        self.problems += problem is not None
        print(f"不符  {problem}" if problem else f"符合  {success}")

    def note(self, text: str) -> None:
        """Print what was not checked."""
        print(f"提示  {text}")


def read_list(package: Package, name: str) -> dict[str, str]:
    """Return path → digest of a manifest; every line must be exactly as written."""
    listed: dict[str, str] = {}
    for line in package.text(name).removesuffix("\n").split("\n"):
        found = _LINE.fullmatch(line)
        if not found or found[2] in listed:
            raise PackageError(f"清单 {name} 中有无法识别或重复的行：{line[:80]!r}")
        listed[safe(found[2])] = found[1]
    return listed


def check_digests(package: Package, report: Report) -> None:
    """Compare every file with the manifests, and the manifests with the files that are there."""
    payload, tags = read_list(package, MANIFEST), read_list(package, TAG_MANIFEST)
    for name, expected in sorted((payload | tags).items()):
        report.file(name, expected, package.digest(name) if name in package.names else "文件缺失")
    expected_names = {n for n in package.names if n.startswith("data/")}
    extra = sorted(
        (expected_names ^ set(payload)) | (set(package.names) - expected_names - set(tags) - {TAG_MANIFEST})
    )
    report.check(
        f"清单与文件不一致：{'、'.join(extra)}" if extra else None, f"清单完整，共 {len(payload)} 个内容文件"
    )


def check_sm3(package: Package, report: Report) -> None:
    """Compare the SM3 digests where this Python can compute them."""
    listed = read_list(package, SM3_LIST)
    try:
        hashlib.new("sm3")
    except ValueError:
        report.note("本机不支持 SM3，国密摘要未核对")
        return
    names = {n for n in package.names if n.startswith("data/")}
    wrong = sorted(
        n for n in names | set(listed) if n not in names or package.digest(n, "sm3") != listed.get(n)
    )
    report.check(
        f"国密摘要不符：{'、'.join(wrong)}" if wrong else None, f"国密摘要一致，共 {len(listed)} 个文件"
    )


def canonical(value: object) -> str:
    """Return JSON text with sorted keys and no blanks: one value, one text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_hash(alg: str, prev: str, body: bytes) -> str:
    """Return the hash of one event: H(alg ‖ previous hash ‖ body)."""
    return hashlib.new(alg, alg.encode() + bytes.fromhex(prev) + body).hexdigest()


def read_chain(package: Package) -> tuple[str, int, dict[str, str]]:
    """Return (head, length, file digests that the chain holds); refuse a chain that is broken anywhere."""
    head, length, contents = GENESIS, 0, dict[str, str]()
    for number, line in enumerate(package.text(EVENTS).removesuffix("\n").split("\n"), 1):
        try:
            event = json.loads(line)
            sound = sorted(event) == EVENT_KEYS and canonical(event) == line and event["prev"] == head
            sound = sound and event["alg"] == "sha256"
            sound = sound and event_hash("sha256", head, event["body"].encode()) == event["hash"]
            body = json.loads(event["body"])
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise PackageError(f"事件链第 {number} 条无法读取") from error
        if not sound:
            raise PackageError(f"事件链在第 {number} 条断开")
        head, length, contents = event["hash"], number, find_contents(body) or contents
    return head, length, contents


def find_contents(value: object, depth: int = 4) -> dict[str, str] | None:
    """Return the digests under ``package_files``, wherever the event keeps its details."""
    if not isinstance(value, dict) or depth == 0:
        return None
    if isinstance(value.get(CONTENTS_KEY), dict):
        return dict(value[CONTENTS_KEY])
    return next(filter(None, (find_contents(inner, depth - 1) for inner in value.values())), None)


def check_chain(package: Package, report: Report, outside_head: str | None) -> None:
    """Check that the chain holds, that it names every file, and that its head is the one kept outside."""
    head, length, contents = read_chain(package)
    report.check(None, f"事件链连续，共 {length} 条，链头 {head}")
    names = {name for name in package.names if name not in UNCHAINED}
    wrong = sorted(n for n in names | set(contents) if n not in names or package.digest(n) != contents.get(n))
    report.check(
        f"与事件链记载不符：{'、'.join(wrong)}" if wrong else None,
        f"事件链记载的 {len(contents)} 个文件摘要全部一致",
    )
    if outside_head is None:
        report.note("未给出档案之外另存的链头（--head），不能排除整包重做")
    else:
        differs = outside_head.strip().lower() != head
        report.check(
            f"链头与另存的不同：另存 {outside_head}，包内 {head}" if differs else None, "链头与另存的一致"
        )
    check_proof(package, report, head, length)


def check_proof(package: Package, report: Report, head: str, length: int) -> None:
    """Check that the checkpoint speaks of this chain, and its signature where that is possible."""
    try:
        proof: dict[str, Any] = json.loads(package.text(PROOF))  # Any: JSON from outside
        checkpoint, key = proof["checkpoint"], bytes.fromhex(proof["public_key"])
        leaf = canonical([checkpoint["chain"], length, head]).encode()
        root = hashlib.sha256(b"\x00" + leaf).hexdigest()
        same = (checkpoint["head"], checkpoint["length"], checkpoint["root"]) == (head, length, root)
        named = hashlib.sha256(key).hexdigest()[:16] == proof["key_id"]
        signature = bytes.fromhex(proof["signature"])
    except (ValueError, TypeError, KeyError) as error:
        raise PackageError("证明文件无法读取") from error
    report.check(
        None if same and named else "检查点与事件链不符", f"检查点与事件链一致，签名密钥 {proof['key_id']}"
    )
    check_signature(report, key, signature, canonical(checkpoint).encode())


def check_signature(report: Report, key: bytes, signature: bytes, signed: bytes) -> None:
    """Verify Ed25519 if the library is there; without it say so."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - optional where the package is read
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - same
    except ImportError:
        report.note("本机没有 cryptography，签名未核对")
        return
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        report.check("检查点签名无效", "")
    else:
        report.check(None, "检查点签名有效")


def verify(path: Path, head: str | None = None, key_id: str | None = None) -> int:
    """Check one package and print what was found; return 0 or 1."""
    report = Report()
    try:
        package = Package(path)
        check_digests(package, report)
        check_sm3(package, report)
        check_chain(package, report, head)
        if key_id is not None:
            own = json.loads(package.text(PROOF))["key_id"]
            report.check(
                None if own == key_id else f"签名密钥不是公布的那一把：{own}", "签名密钥是公布的那一把"
            )
    except (PackageError, zipfile.BadZipFile, OSError) as error:
        report.check(str(error), "")
    print(f"结论：{'档案包完好' if not report.problems else f'档案包不可信，{report.problems} 处不符'}")
    return 1 if report.problems else 0


def main(argv: list[str] | None = None) -> int:
    """Answer the command line."""
    parser = argparse.ArgumentParser(description="离线核验服务档案包")
    parser.add_argument(
        "package", nargs="?", type=Path, default=Path(__file__).parent, help="档案包文件夹或 zip 文件"
    )
    parser.add_argument("--head", help="档案之外另存的事件链头")
    parser.add_argument("--key-id", help="机构公布的签名密钥编号")
    chosen = parser.parse_args(argv)
    if not chosen.package.exists():
        parser.error(f"找不到 {chosen.package}")
    return verify(chosen.package, chosen.head, chosen.key_id)


if __name__ == "__main__":
    sys.exit(main())
