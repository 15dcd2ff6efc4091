"""Papers: embedded faces, data printed as it stands, nothing read from outside."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image
from pypdf import PageObject, PdfReader

from documents.filling import Filling, chinese_moment
from documents.fonts import FACES, FontsMissingError, install, is_installed
from documents.fonts.coverage import FontSet, NoFontError
from documents.papers import PAPERS, ContentError, UnknownTemplateError, content_of
from documents.papers.common import Picture
from documents.pictures import PRINT_EDGE, printable_picture
from documents.render import Rendered, render, render_pdf
from documents.samples import SAMPLES
from documents.samples.common import drawn_photo, drawn_signature
from documents.samples.hazards import HAZARD_NOTICE
from documents.sources import TEMPLATES, Source

RARE = "喆堃龑㛃"


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    return FontSet.find()


def text_of(pdf: bytes) -> str:
    """Return the text of all pages without the breaks of lines."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def test_every_template_has_a_kind_and_a_sample():
    on_disk = {path.stem for path in TEMPLATES.glob("[a-z]*.typ")}
    assert on_disk == set(PAPERS) == set(SAMPLES)


@cache
def printed(template: str) -> Rendered:
    """Return the sample of a template as it is printed; each is typeset once."""
    return render(template, SAMPLES[template], FontSet.find())


@pytest.mark.parametrize("template", PAPERS)
def test_a_paper_shows_its_title_number_source_issuer_and_page(template):
    rendered = printed(template)
    head, text = SAMPLES[template].head, text_of(rendered.pdf)
    assert rendered.missing == ()
    for part in (
        PAPERS[template].title,
        head.number,
        "温安委办〔2020〕4号",
        head.issuer,
        "生成时间",
        "第1页共",
    ):
        assert re.sub(r"\s", "", part) in text
    assert SAMPLES[template].unit.name in text


@pytest.mark.parametrize("template", PAPERS)
def test_a_paper_never_speaks_as_an_authority(template):
    text = text_of(printed(template).pdf)
    for word in ("责令", "限期整改", "处罚", "整改指令"):
        assert word not in text


@pytest.mark.parametrize("template", PAPERS)
def test_a_paper_holds_no_english_word(template):
    text = text_of(printed(template).pdf)
    plain = re.sub(r"[0-9a-f]{32}|WR01-[A-Z]{2}|PZFC\d+|[0-9A-Z]{18}", "", text)
    assert re.findall(r"[A-Za-z]{2,}", plain) == []


@pytest.mark.parametrize("template", PAPERS)
def test_every_page_is_a4_and_holds_all_its_text(template):
    for number, page in enumerate(PdfReader(io.BytesIO(printed(template).pdf)).pages, 1):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert (round(width), round(height)) == (595, 842)
        places = list(places_of(page))
        assert places
        for text, left, right, base in places:
            assert 0 <= left < right <= width, (template, number, text, left, right)
            assert 0 < base < height, (template, number, text, base)


@pytest.mark.parametrize("template", PAPERS)
def test_the_pdf_is_an_archival_one_with_embedded_chinese_faces(template):
    reader = PdfReader(io.BytesIO(printed(template).pdf))
    raw = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b"pdfaid:part>2<" in raw
    assert b"pdfaid:conformance>B<" in raw
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())
            assert re.search(r"Noto|SourceHan", descendant["/BaseFont"])


def places_of(page: PageObject) -> Iterator[tuple[str, float, float, float]]:
    """Give each stretch of text with its left and right edge and its base line, full-width characters an em wide."""
    found = []

    def seen(text, matrix, text_matrix, _font, size):
        if text.strip():
            left = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            base = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            ems = sum(1 if ord(one) > 0x2E7F else 0.5 for one in text.strip())
            found.append((text, left, left + ems * size * abs(text_matrix[0] * matrix[0]), base))

    page.extract_text(visitor_text=seen)
    yield from found


def test_text_that_hangs_over_the_edge_is_found(fonts):
    wide = Source('#set page(paper: "a4", margin: 0pt)\n#place(dx: 500pt)[这一行写到纸外面去了，看不见]', "")
    pdf = render_pdf("hazard_notice", HAZARD_NOTICE, fonts, wide)
    ((_text, _left, right, _base),) = places_of(PdfReader(io.BytesIO(pdf)).pages[0])
    assert right > 596


def test_rare_characters_are_read_back_from_name_address_and_heading(fonts):
    unit = replace(HAZARD_NOTICE.unit, name=f"{RARE}𠮷厂", address=f"𠮷{RARE}路")
    hazard = replace(HAZARD_NOTICE.hazards[0], place=f"{RARE}𠮷间")
    rendered = render("hazard_notice", replace(HAZARD_NOTICE, unit=unit, hazards=(hazard,)), fonts)
    text = text_of(rendered.pdf)
    expected = "〓①" if rendered.missing else "𠮷"
    for part in (f"{RARE}{expected}厂：", f"{expected}{RARE}路", f"1．{RARE}{expected}间"):
        assert part in text


@pytest.mark.skipif(not is_installed(), reason="the fetched faces are not there: run set-up")
def test_a_character_without_a_face_becomes_a_numbered_geta_with_its_code_point():
    fetched = FontSet.find(faces=FACES, system=())
    unit = replace(HAZARD_NOTICE.unit, name="𠮷利\U000e0001厂😀")
    rendered = render("hazard_notice", replace(HAZARD_NOTICE, unit=unit), fetched)
    assert rendered.missing == ("𠮷", "😀")
    text = text_of(rendered.pdf)
    assert "〓①利厂〓②" in text
    assert "其统一码为：①U+20BB7②U+1F600" in text


@pytest.mark.skipif(not is_installed(), reason="the fetched faces are not there: run set-up")
def test_the_office_folder_comes_after_the_fetched_faces(tmp_path):
    both = FontSet.find(office_folder=FACES, system=())
    assert both.families == ("Noto Sans SC",)
    assert FontSet.find(FACES, faces=tmp_path, system=()).families == ("Noto Sans SC",)


def test_without_a_face_documents_wait(tmp_path):
    with pytest.raises(NoFontError):
        FontSet.find(faces=tmp_path, system=(tmp_path, tmp_path / "none"))


def test_installing_copies_both_weights_and_their_licence(tmp_path):
    package = tmp_path / "node_modules/@expo-google-fonts/noto-sans-sc"
    for name in ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf", "LICENSE_FONT"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(b"x")
    faces = tmp_path / "faces"
    assert not is_installed(faces)
    copies = install(tmp_path / "node_modules", faces)
    assert {path.name for path in copies} == {path.name for path in faces.iterdir()}
    assert is_installed(faces)


def test_installing_without_the_package_names_the_missing_face(tmp_path):
    with pytest.raises(FontsMissingError, match="npm ci"):
        install(tmp_path)


@given(st.text(max_size=60))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_type_is_printed(fonts, typed):
    line = replace(HAZARD_NOTICE.hazards[2], description=typed, place=typed)
    assert render_pdf("hazard_notice", replace(HAZARD_NOTICE, hazards=(line,)), fonts).startswith(b"%PDF")


def test_markup_in_the_content_is_printed_literally(fonts):
    markup = '#read("/etc/passwd")*x*$y$_z_//"'
    line = replace(HAZARD_NOTICE.hazards[2], description=markup)
    assert markup in text_of(render_pdf("hazard_notice", replace(HAZARD_NOTICE, hazards=(line,)), fonts))


def test_the_same_content_gives_the_same_bytes(fonts):
    assert render("visit_record", SAMPLES["visit_record"], fonts) == printed("visit_record")


def test_a_broken_photo_is_said_to_be_broken(fonts):
    line = replace(HAZARD_NOTICE.hazards[0], photos=(Picture(b"no picture", "坏图"),))
    text = text_of(render_pdf("hazard_notice", replace(HAZARD_NOTICE, hazards=(line,)), fonts))
    assert "照片无法显示" in text


def test_a_hundred_hazards_run_over_many_pages_with_repeated_heads(fonts):
    many = replace(HAZARD_NOTICE, hazards=HAZARD_NOTICE.hazards[1:] * 50)
    reader = PdfReader(io.BytesIO(render_pdf("hazard_notice", many, fonts)))
    assert len(reader.pages) > 20
    assert many.head.number in reader.pages[-1].extract_text()


def test_empty_lists_and_texts_leave_a_readable_paper(fonts):
    bare = replace(SAMPLES["visit_record"], hazards=(), photos=(), checklists=(), comment="", signatures=())
    assert "无" in text_of(render_pdf("visit_record", bare, fonts))


def test_a_refused_signature_names_its_witness(fonts):
    box = replace(
        HAZARD_NOTICE.signatures[0], refused=True, refuse_reason="不认可级别", witness="社区网格员 陈某"
    )
    text = text_of(render_pdf("hazard_notice", replace(HAZARD_NOTICE, signatures=(box,)), fonts))
    assert "拒绝签字不认可级别见证人：社区网格员陈某" in text


def test_a_draft_says_so(fonts):
    draft = replace(HAZARD_NOTICE, head=replace(HAZARD_NOTICE.head, draft=True))
    assert "草稿" in text_of(render_pdf("hazard_notice", draft, fonts))


def test_content_may_come_as_a_mapping():
    sample = SAMPLES["return_visit"]
    values = {name: getattr(sample, name) for name in type(sample).__struct_fields__}
    assert content_of("return_visit", values) == sample


def test_a_missing_or_a_superfluous_key_is_named():
    sample = SAMPLES["return_visit"]
    values = {name: getattr(sample, name) for name in type(sample).__struct_fields__}
    with pytest.raises(ContentError, match="opinoin"):
        content_of("return_visit", values | {"opinoin": "无"})
    del values["opinion"]
    with pytest.raises(ContentError, match="opinion"):
        content_of("return_visit", values)


def test_content_of_another_paper_is_refused():
    with pytest.raises(ContentError):
        content_of("return_visit", HAZARD_NOTICE)
    with pytest.raises(UnknownTemplateError):
        content_of("fine", HAZARD_NOTICE)


def test_a_moment_between_two_seconds_is_printed(fonts):
    sample = SAMPLES["compliance_report"]
    now = replace(sample.head, generated_at=sample.head.generated_at.replace(microsecond=123456))
    assert render_pdf("compliance_report", replace(sample, head=now), fonts)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="zone"):
        chinese_moment(datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001 - the point of the test


def test_what_is_no_content_is_refused(fonts):
    with pytest.raises(TypeError):
        Filling(fonts).plain(1.5)


def test_a_photo_is_made_small_and_loses_its_exif():
    source = io.BytesIO()
    image = Image.new("RGB", (3000, 2000), (90, 90, 90))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(source, "JPEG", exif=exif)
    printable = printable_picture(source.getvalue())
    assert printable is not None
    with Image.open(io.BytesIO(printable.content)) as copy:
        assert max(copy.size) == PRINT_EDGE
        assert copy.height > copy.width
        assert not copy.getexif()


def test_a_signature_keeps_its_transparency():
    printable = printable_picture(drawn_signature())
    assert printable is not None
    assert printable.suffix == "png"
    assert printable_picture(drawn_photo(10, "").image).suffix == "jpg"


def test_a_picture_of_too_many_points_is_not_decoded(monkeypatch):
    monkeypatch.setattr("documents.pictures.MAX_PIXELS", 100)
    assert printable_picture(drawn_photo(10, "").image) is None
