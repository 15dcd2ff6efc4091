"""Pages of PDFs, also of such as people upload."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from documents.page_count import page_count


def pdf_of(pages: int, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize("pages", [1, 3])
def test_bytes_and_files_are_counted(tmp_path, pages):
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf_of(pages))
    assert page_count(pdf_of(pages)) == page_count(file) == pages == len(PdfReader(file).pages)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no paper",
        b"%PDF-1.7\n%%EOF",
        pdf_of(2)[:200],
        pdf_of(2, "secret"),
        b"%PDF-1.7\n1 0 obj\n<</Pages 1 0 R/Kids[1 0 R]>>\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
    ],
)
def test_what_does_not_tell_has_no_number(content):
    assert page_count(content) is None
