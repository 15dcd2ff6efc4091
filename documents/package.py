"""Build the archive package of a closed case: a BagIt bag that anybody can verify offline (第七条)."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import bagit
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documents.archive_papers import CatalogueRow, catalogue_csv, metadata_xml
from documents.filling import BEIJING
from documents.package_content import EventLine, PackageContent, PackageContentError, PackageResult, Piece
from documents.verify import EVENTS, MANIFEST, PROOF, SM3_LIST, TAG_MANIFEST, canonical, event_hash

__all__ = ["EventLine", "PackageContent", "PackageContentError", "PackageResult", "Piece", "build_package"]

_HERE = Path(__file__).parent
_NAME = re.compile(r"[\w\-.]{1,120}")
_BLOCK = 1 << 20
_STORED = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".pdf", ".xlsx"})
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def build_package(content: PackageContent, target: Path) -> PackageResult:
    """Write ``<target>/<档号>.zip``; the same content gives the same bytes.

    Raises:
        PackageContentError: a name is unsafe or used twice, or a file is not what its digest says.
    """
    if not _NAME.fullmatch(content.number):
        raise PackageContentError(content.number, "not usable as the name of a folder")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".package-", dir=target) as scratch:
        bag = Path(scratch) / content.number
        bag.mkdir()
        _write_files(content, bag)
        events = content.close_chain(_digests(bag, _files(bag)))
        key_id = _write_chain(content, events, bag)
        _write_manifests(bag)
        bagit.Bag(str(bag)).validate()
        packed = _zip(bag, Path(scratch) / "packed.zip")
        path = target / f"{content.number}.zip"
        files = len(_files(bag))
        os.replace(packed, path)  # noqa: PTH105 - says that it replaces
    return PackageResult(
        path, _digest(path), path.stat().st_size, events[-1].hash, len(events), files, key_id
    )


def _write_files(content: PackageContent, bag: Path) -> None:
    """Write everything that the chain will name."""
    sealed_on = content.sealed_at.astimezone(BEIJING).date()
    rows: list[CatalogueRow] = [("data/record.pdf", content.title, sealed_on, content.record_pages)]
    _put(bag, "data/record.pdf", content.record_pdf)
    for piece in content.pieces:
        _write_piece(bag, piece)
        rows.append((piece.path, piece.title, piece.on, piece.pages))
    digests = _digests(bag, [path for path, *_ in rows])
    _put(bag, "data/catalogue.csv", catalogue_csv(rows, digests))
    sizes = {path: (bag / path).stat().st_size for path, *_ in rows}
    _put(bag, "data/metadata.xml", metadata_xml(content, rows, digests, sizes))
    _put(bag, "bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    _put(bag, "bag-info.txt", _bag_info(content).encode())
    for source, name in (("verify.py", "verify.py"), ("archive_readme.txt", "README.txt")):
        _put(bag, name, (_HERE / source).read_bytes())


def _write_piece(bag: Path, piece: Piece) -> None:
    place = bag / piece.path
    if not _NAME.fullmatch(piece.name) or piece.name.startswith("."):
        raise PackageContentError(piece.name, "not usable as the name of a file")
    if place.exists():
        raise PackageContentError(piece.path, "stands twice in the package")
    _put(bag, piece.path, piece.content)
    if piece.sha256 is not None and _digest(place) != piece.sha256:
        raise PackageContentError(piece.path, "is not the file that was uploaded")


def _put(bag: Path, name: str, content: bytes | Path) -> None:
    place = bag / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copyfile(content, place)
    else:
        place.write_bytes(content)


def _bag_info(content: PackageContent) -> str:
    """Return the bag's description; no Payload-Oxum, which would depend on the chain that names this file."""
    lines = {
        "Source-Organization": content.provider,
        "External-Identifier": content.number,
        "External-Description": content.title,
        "Bagging-Date": f"{content.sealed_at.astimezone(BEIJING):%Y-%m-%d}",
        "Bag-Count": "1 of 1",
    }
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines.items())


def _write_chain(content: PackageContent, events: Sequence[EventLine], bag: Path) -> str:
    """Write the events and the signed checkpoint over their head; return the id of the key."""
    lines = [
        canonical({"alg": e.alg, "prev": e.prev_hash, "body": e.body.decode(), "hash": e.hash})
        for e in events
    ]
    if any(event_hash(e.alg, e.prev_hash, e.body) != e.hash for e in events):
        raise PackageContentError(EVENTS, "the chain of the case does not hold")
    _put(bag, EVENTS, ("\n".join(lines) + "\n").encode())
    head, length = events[-1].hash, len(events)
    leaf = canonical([content.case_id, length, head]).encode()
    checkpoint = {
        "alg": "sha256",
        "at": content.sealed_at.astimezone(BEIJING).isoformat(),
        "chain": content.case_id,
        "chains": 1,
        "head": head,
        "length": length,
        "previous": content.previous_checkpoint,
        "root": sha256(b"\x00" + leaf).hexdigest(),
    }
    key = Ed25519PrivateKey.from_private_bytes(content.signing_key)
    public = key.public_key().public_bytes_raw()
    proof = {
        "checkpoint": checkpoint,
        "key_id": sha256(public).hexdigest()[:16],
        "public_key": public.hex(),
        "signature": key.sign(canonical(checkpoint).encode()).hex(),
    }
    _put(bag, PROOF, (canonical(proof) + "\n").encode())
    return str(proof["key_id"])


def _write_manifests(bag: Path) -> None:
    payload = [name for name in _files(bag) if name.startswith("data/")]
    _put(bag, MANIFEST, _manifest(_digests(bag, payload)))
    _put(bag, SM3_LIST, _manifest({name: _sm3(bag / name) for name in payload}))
    tags = [name for name in _files(bag) if not name.startswith("data/")]
    _put(bag, TAG_MANIFEST, _manifest(_digests(bag, tags)))


def _manifest(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def _files(bag: Path) -> list[str]:
    return sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file())


def _digests(bag: Path, names: Sequence[str]) -> dict[str, str]:
    return {name: _digest(bag / name) for name in names}


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _sm3(path: Path) -> str:
    found = hashes.Hash(hashes.SM3())
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.finalize().hex()


def _zip(bag: Path, target: Path) -> Path:
    """Pack the bag; order, dates and rights are fixed so that equal bags give equal files."""
    with zipfile.ZipFile(target, "w") as archive:
        for name in _files(bag):
            entry = zipfile.ZipInfo(f"{bag.name}/{name}", _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_STORED if Path(name).suffix in _STORED else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            with (bag / name).open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(source, packed, _BLOCK)
    return target
