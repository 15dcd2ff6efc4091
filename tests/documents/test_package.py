"""Archive packages: whole, the same each time, and refused after the smallest change."""

import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import bagit
import pytest
from msgspec.structs import replace

from documents.filling import BEIJING
from documents.package import EventLine, PackageContent, PackageContentError, Piece, build_package
from documents.verify import GENESIS, canonical, event_hash, main, verify

VERIFIER = Path(__file__).parents[2] / "documents/verify.py"


class Chain:
    """Keeps events as the store does."""

    def __init__(self):
        self.lines = []
        for n in range(3):
            self.add({"kind": "step_completed", "n": n, "name": "龑"})

    def add(self, body):
        text = canonical(body).encode()
        prev = self.lines[-1].hash if self.lines else GENESIS
        self.lines.append(EventLine("sha256", prev, text, event_hash("sha256", prev, text)))

    def close(self, files):
        self.add({"kind": "archive_packed", "body": {"package_files": dict(files)}})
        return self.lines


def make_content(tmp_path, **changes):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8 the original")
    digest = sha256(photo.read_bytes()).hexdigest()
    content = PackageContent(
        number="WR01-DA-2026-000412",
        case_id="0190-case",
        title="=服务档案",
        provider="温州未然安全技术服务有限公司",
        insurer="某某保险",
        policyholder="温州龑堃化工有限公司",
        uscc="91330300DEM0004123",
        policy_number="P1",
        period_start=date(2026, 11, 5),
        period_end=date(2026, 12, 18),
        sealed_at=datetime(2026, 12, 18, 16, 0, tzinfo=BEIJING),
        confirmed_by="赵协",
        retain_until=date(2032, 2, 28),
        record_pdf=b"%PDF-1.7 record",
        pieces=(
            Piece("photos", f"{digest}.jpg", "现场照片", photo, date(2026, 11, 20), sha256=digest),
            Piece("answers", "record_visit.json", "服务记录答卷", b'{"place":"x"}'),
            Piece("diagrams", "service_visit.bpmn", "流程图", b"<definitions/>"),
        ),
        close_chain=Chain().close,
        signing_key=bytes(range(32)),
    )
    return replace(content, **changes)


@pytest.fixture
def built(tmp_path):
    return build_package(make_content(tmp_path), tmp_path / "out")


@pytest.fixture
def folder(built, tmp_path):
    with zipfile.ZipFile(built.path) as archive:
        archive.extractall(tmp_path / "open")
    return tmp_path / "open" / "WR01-DA-2026-000412"


def remake_manifests(folder):
    """Compute every manifest anew, as somebody who covers his tracks would."""

    def listing(names, algorithm):
        rows = ((hash_of(folder / n, algorithm), n) for n in sorted(names))
        return "".join(f"{digest}  {n}\n" for digest, n in rows)

    def hash_of(path, algorithm):
        from cryptography.hazmat.primitives import hashes

        if algorithm == "sha256":
            return sha256(path.read_bytes()).hexdigest()
        digest = hashes.Hash(hashes.SM3())
        digest.update(path.read_bytes())
        return digest.finalize().hex()

    files = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    payload = [n for n in files if n.startswith("data/")]
    (folder / "manifest-sha256.txt").write_text(listing(payload, "sha256"))
    (folder / "sm3.txt").write_text(listing(payload, "sm3"))
    tags = [n for n in files if not n.startswith("data/") and n != "tagmanifest-sha256.txt"]
    (folder / "tagmanifest-sha256.txt").write_text(listing(tags, "sha256"))


def flip(path, at=0):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_a_package_verifies_as_zip_and_as_folder(built, folder, capsys):
    assert verify(built.path, built.head, built.key_id) == 0
    assert verify(folder, built.head) == 0
    printed = capsys.readouterr().out
    digest = sha256(b"%PDF-1.7 record").hexdigest()
    assert f"data/record.pdf\n      应为 {digest}\n      实为 {digest}" in printed
    assert "链头与另存的一致" in printed
    assert "检查点签名有效" in printed
    assert "档案包完好" in printed


def test_it_is_a_bag_to_others(folder):
    bagit.Bag(str(folder)).validate()


def test_the_same_case_gives_the_same_bytes(built, tmp_path):
    again = build_package(make_content(tmp_path), tmp_path / "again")
    assert again.sha256 == built.sha256
    assert again.head == built.head
    assert built.sha256 == sha256(built.path.read_bytes()).hexdigest()


def test_it_holds_what_an_archive_must(folder):
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    expected = (
        "bagit.txt bag-info.txt manifest-sha256.txt tagmanifest-sha256.txt sm3.txt verify.py README.txt"
    )
    assert set(expected.split()) < names
    assert {"data/record.pdf", "data/catalogue.csv", "data/metadata.xml", "data/events.jsonl"} < names
    catalogue = (folder / "data/catalogue.csv").read_text(encoding="utf-8-sig")
    assert "'=服务档案" in catalogue
    assert "温州龑堃化工有限公司" in (folder / "data/metadata.xml").read_text(encoding="utf-8")


def every_file(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_one_changed_byte_anywhere_is_refused(folder, tmp_path, built):
    for index, path in enumerate(every_file(folder)):
        copy = tmp_path / f"copy{index}"
        shutil.copytree(folder, copy)
        flip(copy / path.relative_to(folder), path.stat().st_size // 2)
        assert verify(copy, built.head) == 1, path


def test_manifests_made_anew_are_refused_against_the_head_outside(folder, tmp_path, built):
    for index, path in enumerate(every_file(folder)):
        copy = tmp_path / f"copy{index}"
        shutil.copytree(folder, copy)
        flip(copy / path.relative_to(folder), path.stat().st_size // 2)
        if path.name not in {"manifest-sha256.txt", "tagmanifest-sha256.txt", "sm3.txt"}:
            remake_manifests(copy)
            assert verify(copy, built.head) == 1, path


def test_a_whole_package_made_anew_is_refused_only_by_the_head_outside(built, tmp_path):
    changed = make_content(tmp_path, record_pdf=b"%PDF-1.7 forged")
    forged = build_package(changed, tmp_path / "forged")
    assert verify(forged.path) == 0
    assert verify(forged.path, built.head) == 1


def test_another_key_is_refused_against_the_published_one(built, tmp_path):
    forged = build_package(make_content(tmp_path, signing_key=bytes(32)), tmp_path / "forged")
    assert verify(forged.path, built.head) == 0
    assert verify(forged.path, built.head, built.key_id) == 1


def test_an_added_and_a_removed_file_are_refused(folder, built):
    (folder / "data/extra.txt").write_text("x")
    assert verify(folder, built.head) == 1
    remake_manifests(folder)
    assert verify(folder, built.head) == 1
    (folder / "data/extra.txt").unlink()
    (folder / "data/answers/record_visit.json").unlink()
    assert verify(folder, built.head) == 1
    remake_manifests(folder)
    assert verify(folder, built.head) == 1


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "data/../../evil", "C:/x", "data\\x", "data//x", "~x"]
)
def test_a_name_that_leads_outside_is_refused(folder, name, capsys):
    manifest = folder / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text() + f"{'0' * 64}  {name}\n")
    assert verify(folder) == 1
    assert "文件名不安全" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["x/../../evil", "/abs", "x/data/../y"])
def test_a_zip_with_a_name_that_leads_outside_is_refused(tmp_path, name, capsys):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    assert verify(path) == 1
    assert "文件名不安全" in capsys.readouterr().out


def test_links_are_refused(folder, tmp_path, capsys):
    (folder / "data/link").symlink_to("/etc/passwd")
    assert verify(folder) == 1
    path = tmp_path / "link.zip"
    entry = zipfile.ZipInfo("x/data/link")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert verify(path) == 1
    assert capsys.readouterr().out.count("不允许有链接") == 2


def test_a_cut_or_reordered_chain_is_refused(folder, built):
    events = folder / "data/events.jsonl"
    lines = events.read_text(encoding="utf-8").splitlines()
    for changed in (lines[:-1], lines[1:], [lines[1], lines[0], *lines[2:]], ["{}"], ["[]"], [*lines, "x"]):
        events.write_text("\n".join(changed) + "\n", encoding="utf-8")
        remake_manifests(folder)
        assert verify(folder, built.head) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", "x", '{"checkpoint":{}}'])
def test_a_proof_that_says_nothing_is_refused(folder, text):
    (folder / "data/proof.json").write_text(text)
    remake_manifests(folder)
    assert verify(folder) == 1


def test_a_false_signature_is_refused(folder, capsys):
    place = folder / "data/proof.json"
    proof = json.loads(place.read_text())
    place.write_text(canonical(proof | {"signature": "00" * 64}))
    remake_manifests(folder)
    assert verify(folder) == 1
    assert "签名无效" in capsys.readouterr().out


def test_what_is_no_package_is_refused_in_one_line(tmp_path, capsys):
    (tmp_path / "a.zip").write_bytes(b"no zip")
    (tmp_path / "empty").mkdir()
    assert verify(tmp_path / "a.zip") == 1
    assert verify(tmp_path / "empty") == 1
    assert "Traceback" not in capsys.readouterr().out


def test_the_verifier_runs_alone_with_the_standard_library(built, folder):
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), "--head", built.head]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "签名未核对" in done.stdout
    flip(folder / "data/record.pdf")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert (folder / "verify.py").read_bytes() == VERIFIER.read_bytes()


def test_the_command_line_answers(built, tmp_path, capsys):
    assert main([str(built.path), "--head", built.head, "--key-id", built.key_id]) == 0
    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path / "none")])
    assert caught.value.code == 2


@pytest.mark.parametrize("name", ["../x.json", "a/b", "", "x\ny", ".hidden", "…/x"])
def test_a_piece_with_an_unsafe_name_is_refused(tmp_path, name):
    piece = Piece("answers", name, "x", b"")
    with pytest.raises(PackageContentError):
        build_package(make_content(tmp_path, pieces=(piece,)), tmp_path / "out")


def test_a_photo_that_is_no_longer_the_original_is_refused(tmp_path):
    piece = Piece("photos", "a.jpg", "x", b"changed", sha256="0" * 64)
    with pytest.raises(PackageContentError, match="not the file"):
        build_package(make_content(tmp_path, pieces=(piece,)), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_piece_cannot_stand_twice(tmp_path):
    piece = Piece("answers", "a.json", "x", b"1")
    with pytest.raises(PackageContentError, match="twice"):
        build_package(make_content(tmp_path, pieces=(piece, piece)), tmp_path / "out")


def test_a_number_that_is_no_name_is_refused(tmp_path):
    with pytest.raises(PackageContentError):
        build_package(make_content(tmp_path, number="../x"), tmp_path / "out")


def test_a_chain_that_does_not_hold_is_not_packed(tmp_path):
    broken = EventLine("sha256", GENESIS, b"{}", "0" * 64)
    with pytest.raises(PackageContentError, match="chain"):
        build_package(make_content(tmp_path, close_chain=lambda _: [broken]), tmp_path / "out")
