"""Open a workbook from outside; what is too large, encrypted, broken or no workbook is refused."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_ENTRIES = 10_000
MAX_UNPACKED = 500 * 1024 * 1024
MAX_RATIO = 100

_BLOCK = 1 << 18
_SMALL = 1 << 20
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"""\br\s*=\s*["']\$?([A-Za-z]{0,3})\$?(\d{1,10})["']""")
_OVERLAP = 40
_LOCAL_HEADER = struct.Struct("<26xHH")
_WORKSHEET = re.compile(r"xl/(?:work|macro)?sheets?/[^/]+\.xml", re.IGNORECASE)


class SheetError(Exception):
    """Raised when a file cannot be read as a register; ``sentence`` is for the person who sent it."""

    def __init__(self, kind: str, sentence: str) -> None:
        """Remember the kind (``encrypted``, ``not_excel`` …) and the sentence."""
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


def open_workbook(stream: BinaryIO) -> CalamineWorkbook:
    """Return the workbook, or refuse. Links to other files are never followed: only stored values are read.

    Raises:
        SheetError: too large, encrypted, an old format, broken, or no workbook at all.
    """
    kept = _kept(stream)
    start = kept.read(len(_OLE))
    if start == _OLE:
        kept.seek(0)
        raise _of_ole(kept.read())
    if not start.startswith(_ZIP):
        raise SheetError("not_excel", "这不是 Excel 文件，请使用模板填写并保存为 xlsx 格式。")
    _check_archive(kept)
    kept.seek(0)
    try:
        return CalamineWorkbook.from_filelike(kept)
    except PasswordError as error:
        raise _encrypted() from error
    except (CalamineError, ValueError, OSError) as error:
        raise _broken() from error


def visible_sheets(workbook: CalamineWorkbook) -> list[CalamineSheet]:
    """Return the worksheets that people see.

    Raises:
        SheetError: a sheet cannot be read.
    """
    names = [meta.name for meta in workbook.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
    try:
        return [workbook.get_sheet_by_name(name) for name in names]
    except (CalamineError, ValueError, OSError) as error:
        raise _broken() from error


def _kept(stream: BinaryIO) -> io.BytesIO:
    """Return the upload as a seekable file, no larger than the limit."""
    kept = io.BytesIO()
    size = 0
    while block := stream.read(_BLOCK):
        size += len(block)
        if size > MAX_BYTES:
            raise SheetError("too_large", f"文件超过 {MAX_BYTES // _SMALL} MB，请拆成几个文件分别导入。")
        kept.write(block)
    kept.seek(0)
    return kept


def _of_ole(content: bytes) -> SheetError:
    if _ENCRYPTED in content:
        return _encrypted()
    return SheetError("old_format", "这是旧版 xls 文件，请在 Excel 或 WPS 中另存为 xlsx 格式后再上传。")


def _encrypted() -> SheetError:
    return SheetError("encrypted", "文件设有打开密码，请取消密码后再上传。")


def _broken() -> SheetError:
    return SheetError("broken", "文件已损坏，无法读取，请在 Excel 或 WPS 中重新保存后再上传。")


def _bomb() -> SheetError:
    return SheetError("bomb", "文件解压后异常庞大，已拒绝读取，请用模板重新填写。")


def _check_archive(kept: io.BytesIO) -> None:
    """Unpack every entry once without keeping it: sizes are counted, not believed."""
    try:
        with zipfile.ZipFile(kept) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            left = MAX_UNPACKED
            for entry in entries:
                left -= _unpacked_size(kept, entry, left)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError) as error:
        raise _broken() from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _bomb()
    if any(".." in entry.filename.split("/") or entry.filename.startswith("/") for entry in entries):
        raise _broken()
    if any(entry.flag_bits & 1 for entry in entries):
        raise _encrypted()
    if not any(entry.filename.lower() == "xl/workbook.xml" for entry in entries):
        raise SheetError("not_excel", "这不是 Excel 文件，请使用模板填写并保存为 xlsx 格式。")


def _unpacked_size(kept: io.BytesIO, entry: zipfile.ZipInfo, left: int) -> int:
    """Return the true size of one entry; a worksheet's furthest cell is looked at on the way."""
    kept.seek(entry.header_offset)
    name, extra = _LOCAL_HEADER.unpack(kept.read(_LOCAL_HEADER.size))
    kept.seek(name + extra, io.SEEK_CUR)
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise _broken()
    size, packed, tail = 0, entry.compress_size, b""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    worksheet = _WORKSHEET.fullmatch(entry.filename) is not None
    while packed > 0 and (block := kept.read(min(_BLOCK, packed))):
        packed -= len(block)
        while block:
            plain = inflate.decompress(block, 4 * _SMALL) if inflate else block
            block = inflate.unconsumed_tail if inflate else b""
            size += len(plain)
            if size > left or (size > _SMALL and size > MAX_RATIO * entry.compress_size):
                raise _bomb()
            if worksheet:
                _check_extent(tail + plain)
                tail = plain[-_OVERLAP:]
    return size


def _check_extent(xml: bytes) -> None:
    """Refuse a cell far out: the reader lays out the whole rectangle up to it in memory."""
    for letters, number in set(_CELL.findall(xml)):
        if len(letters) > 2 or _column(letters) > MAX_COLUMNS:
            raise SheetError("too_wide", f"表格超过 {MAX_COLUMNS} 列，请使用模板填写。")
        if int(number) > MAX_ROWS + 100:
            raise SheetError("too_many_rows", f"表格超过 {MAX_ROWS:,} 行，请拆成几个文件分别导入。")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
