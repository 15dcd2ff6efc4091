"""Uploads: only what decodes is kept, only who may see it gets it, and originals are never shown in place."""

import io
import zipfile

import pytest
from PIL import ExifTags, Image

from store.tables import EvidenceFile
from tests.webapp.conftest import EVERYTHING
from webapp import upload_check
from webapp.upload_check import RefusedFileError, inspect


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "#0F6B66").save(target, kind, **options)
    return target.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "测试相机"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:23 09:12:00"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (27.0, 46.0, 30.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (120.0, 37.0, 12.0)
    return picture(exif=exif)


def workbook(**extra: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in extra.items():
            archive.writestr(name, content)
    return target.getvalue()


def send(browser, content: bytes, name: str = "现场.jpg"):
    fields = {"file": (io.BytesIO(content), name)}
    return browser.post(
        "/files", fields, content_type="multipart/form-data", headers={"X-Requested-With": "fetch"}
    )


def test_a_photo_is_kept_with_its_time_and_place(web):
    browser = web.client(web.person("expert"))
    answer = send(browser, photo_with_place())
    assert answer.status_code == 200, answer.text
    assert answer.json["taken_at"] == "2026-11-23T09:12:00+08:00"
    with web.runtime.database.read(EVERYTHING) as session:
        row = session.query(EvidenceFile).one()
    assert row.meta["latitude"] == "27.775000"
    assert row.meta["longitude"] == "120.620000"
    assert row.sha256 == answer.json["sha256"]
    assert row.name == "现场.jpg"


def test_the_original_is_an_attachment_and_the_shown_copy_drops_what_is_hidden_in_it(web):
    browser = web.client(web.person("expert"))
    original = photo_with_place() + b"<script>alert(1)</script>"
    kept = send(browser, original).json
    download = browser.get(kept["url"], buffered=True)
    assert download.data == original
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download.headers["Content-Security-Policy"]
    shown = browser.get(kept["thumb"])
    assert shown.mimetype == "image/jpeg"
    assert b"script" not in shown.data
    assert not Image.open(io.BytesIO(shown.data)).getexif()


def test_a_workbook_is_kept_as_it_was_sent(web):
    browser, content = web.client(web.person("expert")), workbook()
    kept = send(browser, content, "台账.xlsx")
    assert kept.status_code == 200, kept.text
    assert browser.get(kept.json["url"], buffered=True).data == content


def test_a_camera_whose_clock_was_never_set_gives_no_time(web):
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "0001:01:01 00:00:00"
    answer = send(web.client(web.person("expert")), picture(exif=exif))
    assert answer.json["taken_at"] is None


def test_a_workbook_with_a_broken_directory_is_refused_in_words(web):
    content = workbook()
    end = content.rindex(b"PK\x05\x06")
    broken = content[: end + 12] + b"\xff\xff\xff\x7f" + content[end + 16 :]
    answer = send(web.client(web.person("expert")), broken, "台账.xlsx")
    assert answer.status_code == 422
    assert "台账.xlsx" in answer.json["detail"]


def test_nobody_else_sees_a_file_that_belongs_to_nothing_yet(web):
    kept = send(web.client(web.person("expert")), picture()).json
    other = web.client(web.person("coordinator"))
    assert other.get(kept["url"]).status_code == 404
    assert other.get(kept["thumb"]).status_code == 404


def test_a_file_without_a_picture_has_no_copy(web):
    browser = web.client(web.person("expert"))
    kept = send(browser, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n%%EOF\n", "记录.pdf").json
    assert kept["thumb"] == ""
    assert browser.get(f"{kept['url']}/thumb").status_code == 404


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"#!/bin/sh\necho hello\n", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "kind"),
        (picture()[:200], "broken"),
        (picture("PNG")[:60], "broken"),
        (b"PK\x03\x04 not really", "kind"),
        (b"%PDF-1.7\n" + bytes(3000), "broken"),
        (b"%PDF-1.7\n%%EOF\n" + bytes(3000), "broken"),
        (workbook(**{"../evil": b"x"}), "broken"),
    ],
)
def test_what_is_not_allowed_or_does_not_decode_is_refused(content, reason):
    with pytest.raises(RefusedFileError) as refused:
        inspect(io.BytesIO(content), len(content))
    assert refused.value.reason == reason


def test_a_picture_that_is_too_large_to_decode_is_refused(monkeypatch):
    monkeypatch.setattr(upload_check, "MAX_PIXELS", 1000)
    with pytest.raises(RefusedFileError) as refused:
        inspect(io.BytesIO(picture()), 500)
    assert refused.value.reason == "pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_allowed_pictures_pass(kind):
    content = picture(kind)
    assert inspect(io.BytesIO(content), len(content)).media_type == f"image/{kind.lower()}"


def test_workbooks_pass():
    content = workbook()
    assert inspect(io.BytesIO(content), len(content)).media_type.endswith(".sheet")


def test_a_refusal_says_which_file_and_what_to_do(web):
    answer = send(web.client(web.person("expert")), b"MZ\x90\x00", "安装.exe")
    assert answer.status_code == 422
    assert "安装.exe" in answer.json["detail"]
    assert "只收" in answer.json["detail"]


def test_a_name_never_carries_folders(web):
    browser = web.client(web.person("expert"))
    assert send(browser, picture(), "../../secrets/a.jpg").json["name"] == "a.jpg"


def test_an_upload_without_a_file_is_refused(web):
    assert web.client(web.person("expert")).post("/files").status_code == 400


def test_a_lost_file_is_a_missing_page(web):
    browser = web.client(web.person("expert"))
    kept = send(browser, picture()).json
    web.runtime.files.path(kept["sha256"]).unlink()
    assert browser.get(kept["url"]).status_code == 404
    assert browser.get(kept["thumb"]).status_code == 404
