"""A file is kept once, whole, under its digest, and never changed."""

import hashlib
import io
import stat

import pytest

from store.errors import TooLargeError, UnknownFileError
from store.files import FileStore

CONTENT = "照片".encode() * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "files")


def test_what_was_put_is_read_back(files):
    assert files.put(io.BytesIO(CONTENT)) == (SHA256, len(CONTENT))
    with files.open(SHA256) as stream:
        assert stream.read() == CONTENT
    assert files.is_intact(SHA256)
    assert not files.path(SHA256).stat().st_mode & stat.S_IWUSR


def test_the_same_content_is_one_file(files):
    files.put(io.BytesIO(CONTENT))
    files.put(io.BytesIO(CONTENT))
    assert [path.name for path in files.root.rglob("*") if path.is_file()] == [SHA256]


def test_too_much_leaves_nothing_behind(files):
    with pytest.raises(TooLargeError):
        files.put(io.BytesIO(CONTENT), limit=len(CONTENT) - 1)
    assert [path for path in files.root.rglob("*") if path.is_file()] == []
    assert files.put(io.BytesIO(CONTENT), limit=len(CONTENT)) == (SHA256, len(CONTENT))


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64, "0" * 63])
def test_an_unknown_or_odd_name_is_refused(files, name):
    with pytest.raises(UnknownFileError):
        files.path(name)


def test_a_changed_or_missing_file_is_noticed(files):
    files.put(io.BytesIO(CONTENT))
    files.path(SHA256).chmod(0o640)
    files.path(SHA256).write_bytes(b"other")
    assert not files.is_intact(SHA256)
    assert not files.is_intact("0" * 64)
