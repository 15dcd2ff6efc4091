"""A release as a file: the same bytes each time, back without loss, and nothing that was tampered with."""

import io
import zipfile

import orjson
import pytest
from sqlalchemy import select

from store.tables import Draft
from tests.support.world import EVERYTHING
from workflows.bundles import shipped_bundle
from workflows.compare import compare
from workflows.drafting import drafted_bundle
from workflows.release_command import main
from workflows.release_files.reading import MANIFEST, PackageError, read_folder, read_package
from workflows.release_files.writing import package_of, write_folder

BUNDLE = shipped_bundle("fund_reversal")
DIAGRAM = "diagrams/fund_reversal.bpmn"


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as package:
        for name, content in members:
            package.writestr(zipfile.ZipInfo(name), content, method)
    return written.getvalue()


def members_with(name: str = "", content: bytes = b"", without: str = "") -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(package_of(BUNDLE))) as package:
        found = {one: package.read(one) for one in package.namelist() if one != without}
    return [*(found | {name: content} if name else found).items()]


def test_a_release_comes_back_as_it_was_and_is_always_the_same_bytes(tmp_path):
    package = package_of(BUNDLE)
    assert package == package_of(shipped_bundle("fund_reversal"))
    assert compare(BUNDLE, read_package(package)) == ()
    write_folder(BUNDLE, tmp_path / "git")
    (tmp_path / "git" / ".git").mkdir()
    (tmp_path / "git" / ".git" / "HEAD").write_text("ref: refs/heads/main")
    assert read_folder(tmp_path / "git").files == dict(BUNDLE.files)


def test_a_full_folder_is_not_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        write_folder(BUNDLE, tmp_path)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "不是版本文件"),
        (b"PK\x03\x04 and nothing", "不是版本文件"),
        (package_of(BUNDLE)[:-400], "不是版本文件"),
        (zipped([]), MANIFEST),
        (zipped([(MANIFEST, b"[]")]), "格式不认识"),
        (zipped([(MANIFEST, b"{")]), "不是 JSON"),
        (zipped(members_with(DIAGRAM, b"<other/>")), "SHA-256 不符"),
        (zipped(members_with("forms/more.json", b"{}")), "不在清单里"),
        (zipped(members_with(without=DIAGRAM)), "不在文件里"),
        (zipped(members_with("../../etc/passwd", b"x")), "不认识的文件"),
        (zipped(members_with("forms/../../x.json", b"x")), "不认识的文件"),
        (zipped(members_with("run.py", b"x")), "不认识的文件"),
        (zipped(members_with("forms/bomb.json", b"0" * 3_000_000)), "上限"),
        (zipped([(f"forms/f{n}.json", b"") for n in range(600)]), "多于 500 个"),
    ],
)
def test_what_is_no_release_is_refused_with_a_sentence(source, told):
    with pytest.raises(PackageError, match=told):
        read_package(source)


def test_a_size_that_lies_does_not_unpack_more_than_the_limit():
    """The directory says 10 bytes, the member holds 3 million."""
    source = zipped(members_with("forms/bomb.json", b"0" * 3_000_000))
    real = (3_000_000).to_bytes(4, "little")
    assert source.count(real) == 2
    with pytest.raises(PackageError):
        read_package(source.replace(real, (10).to_bytes(4, "little")))


def test_two_members_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        source = zipped([*members_with(), (DIAGRAM, b"<other/>")])
    with pytest.raises(PackageError, match="不止一次"):
        read_package(source)


@pytest.fixture
def runtime(sqlite_pasts, tmp_path):
    with sqlite_pasts.until("founded").again(tmp_path / "world") as world:
        yield world.runtime


def test_the_command_line_takes_a_release_out_and_in_and_compares(runtime, tmp_path, capsys):
    file = tmp_path / "release.zip"
    assert main(["export", "fund_reversal@1", str(file)], runtime) == 0
    assert main(["export", "fund_reversal", "--folder", str(tmp_path / "git")], runtime) == 0
    assert main(["diff", str(file), "fund_reversal@shipped"], runtime) == 0
    assert main(["import", str(file)], runtime) == 0
    with runtime.database.read(EVERYTHING) as session:
        (draft,) = session.scalars(select(Draft)).all()
        assert drafted_bundle(session, draft).files == dict(BUNDLE.files)
        assert draft.origin == "import"
    capsys.readouterr()
    form = tmp_path / "git" / "forms" / "fund_reversal.json"
    form.write_bytes(form.read_bytes().replace(b'"required": true', b'"required": false', 1))
    assert main(["diff", str(file), str(tmp_path / "git")], runtime) == 1
    assert "SHA-256 不符" in capsys.readouterr().err
    assert main(["diff", "fund_reversal@7", str(file)], runtime) == 2
    assert main(["diff", "--json", "fund_reversal", "complaint"], runtime) == 1
    told = orjson.loads(capsys.readouterr().out)
    assert {"added", "removed"} <= {change["kind"] for change in told}
