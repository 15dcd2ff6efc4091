"""Registers as Excel: templates, tolerant reading, refusals in one sentence, rows that go back."""

import contextlib
import io
import struct
import zipfile
import zlib
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import sheets
from documents.sheets import REGISTERS, SheetError, read, template, write_rejects
from documents.sheets import workbook as limits
from rules.codes import is_uscc, uscc_check_sign

BODY = "91330300DEM000001"
USCC = BODY + uscc_check_sign(BODY)
POLICY = {
    "保单号": "PZ0001",
    "统一社会信用代码": USCC,
    "签单保费": 68000,
    "保险起期": "2026-03-01",
    "保险止期": "2027-02-28",
}


def make_book(*rows, name="Sheet1", merge=()):
    """Return an xlsx of these rows; ``merge`` holds ((first row, column, last row, column), value)."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - equal rows give equal bytes
        sheet = book.add_worksheet(name)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for index, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, index, cell, day)
                else:
                    sheet.write(number, index, cell)
        for area, value in merge:
            sheet.merge_range(*area, value)
    target.seek(0)
    return target


def policies(*changes, **more):
    """Return a book of policies: one row per mapping of changes."""
    rows = [{**POLICY, **change} for change in changes or ({},)]
    titles = list(dict.fromkeys(title for row in rows for title in row))
    return make_book(titles, *([row.get(title, "") for title in titles] for row in rows), **more)


def only(stream, register="policies"):
    (row,) = list(read(register, stream))
    return row


def problems_of(register="policies", **changes):
    return [str(problem) for problem in only(policies(changes), register).problems]


SHOWN = ("policyholders", "policies", "claims", "year_facts", "people", "agencies", "engagements")
"""Every kind of column and of declaration stands in one of them."""


@pytest.fixture(params=SHOWN)
def register(request):
    return REGISTERS[request.param]


def test_a_template_marks_freezes_guides_and_limits(register):
    book = openpyxl.load_workbook(io.BytesIO(template(register.code)))
    assert book.sheetnames[:2] == ["填写说明", register.title]
    assert book["选项"].sheet_state == "hidden"
    sheet = book[register.title]
    assert sheet.freeze_panes == "B2"
    for cell, column in zip(sheet[1], register.columns, strict=True):
        assert cell.value == f"{column.title} *" if column.required else column.title
        assert sheet.column_dimensions[cell.column_letter].width > 8
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"


def test_drop_downs_come_through_a_named_range_of_the_hidden_sheet(register):
    book = openpyxl.load_workbook(io.BytesIO(template(register.code)))
    listed = [v for v in book[register.title].data_validations.dataValidation if v.type == "list"]
    columns = {c.key: c for c in register.columns if c.choices and not c.several}
    assert len(listed) == len(columns)
    for validation in listed:
        name = validation.formula1.removeprefix("=")
        (place,) = list(book.defined_names[name].destinations)
        words = (
            tuple(cell.value for cell in book[place[0]][place[1].replace("$", "")][0])
            if ":" in place[1]
            else ()
        )
        assert words == columns[name.removeprefix("choices_")].choices


def test_text_columns_of_a_template_are_text(register):
    sheet = openpyxl.load_workbook(io.BytesIO(template(register.code)))[register.title]
    spans = [(d.min, d.max, d.number_format) for d in sheet.column_dimensions.values()]
    for index, column in enumerate(register.columns, 1):
        (number_format,) = [form for first, last, form in spans if first <= index <= last]
        assert number_format == ("#,##0.00" if column.money else "@")


def test_the_example_is_passed_over_but_would_be_right(register):
    assert list(read(register.code, io.BytesIO(template(register.code)))) == []
    example = {c.title: c.example.removeprefix("示例：").replace("示例", "X") for c in register.columns}
    row = only(make_book(list(example), list(example.values())), register.code)
    assert row.problems == ()
    assert isinstance(row.record, register.row)


def test_the_example_of_every_register_is_a_row_in_order():
    for register in REGISTERS.values():
        example = {c.key: c.example.removeprefix("示例：").replace("示例", "X") for c in register.columns}
        assert sheets.read_entered(register.code, example).problems == ()


def test_a_filled_template_is_read():
    book = openpyxl.load_workbook(io.BytesIO(template("policies")))
    sheet = book["保单"]
    for index, value in enumerate(POLICY.values(), 1):
        sheet.cell(3, index, value)
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    row = only(target)
    assert (row.number, row.sheet, row.problems) == (3, "保单", ())
    assert row.record.written_premium == Decimal("68000.00")
    assert row.record.term_end == date(2027, 2, 28)


def test_titles_notes_blank_rows_and_trailing_blanks_do_not_matter():
    rows = [
        ["2026 年安责险保单清单"],
        ["制表人：张三"],
        [],
        list(POLICY),
        [],
        list(POLICY.values()),
        ["", " "],
        [],
    ]
    row = only(make_book(*rows, merge=(((0, 0, 0, 4), "2026 年安责险保单清单"),)))
    assert (row.number, row.problems) == (6, ())


def test_a_header_in_two_rows_is_understood():
    upper = ["保单号", "投保单位", "", "保险期间", "", "保费（万元）"]
    lower = ["", "单位名称", "信用代码", "起期", "止期", "签单保费"]
    cells = ["PZ1", "某某公司", USCC, "2026.3.1", "2027年2月28日", "6.8万元"]
    row = only(make_book(upper, lower, cells, merge=(((0, 1, 0, 2), "投保单位"), ((0, 3, 0, 4), "保险期间"))))
    assert row.problems == ()
    assert row.record.policyholder_name == "某某公司"
    assert row.record.term_start == date(2026, 3, 1)


def test_renamed_headers_and_their_unit_are_recognised():
    titles = ["保险单号 ★", "投保单位信用代码(必填)", "保费（万元）", "起保日期", "终保日期:", "业务员"]
    reading = read("policies", make_book(titles, ["P1", USCC, 6.8, 46082, "2027/2/28", "某人"]))
    assert reading.ignored == ("业务员",)
    assert reading.total == 1
    row = next(reading)
    assert row.record.written_premium == Decimal("68000.00")
    assert row.record.term_start == date(2026, 3, 1)
    assert row.written["written_premium"] == "6.8万元"


def test_cells_merged_over_rows_stand_in_each_of_them():
    titles = list(POLICY)
    rows = [["P1", USCC, 1, "2026-03-01", "2027-02-28"], ["P2", "", 2, "2026-03-01", "2027-02-28"]]
    book = make_book(titles, *rows, merge=(((1, 1, 2, 1), USCC),))
    assert [row.values["policyholder_uscc"] for row in read("policies", book)] == [USCC, USCC]


def test_a_sheet_that_begins_further_right_and_down_is_read():
    blank = ["", ""]
    row = only(make_book([], [], [*blank, *POLICY], [*blank, *POLICY.values()]))
    assert (row.number, row.problems) == (4, ())


def test_links_of_wps_are_read_as_their_text():
    book = openpyxl.load_workbook(policies({"投保单位": "某某公司"}))
    cell = book.active["F2"]
    cell.hyperlink = "https://example.org/x"
    cell.value = "某某公司"
    book.active["A2"].hyperlink = "mailto:a@example.org"
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    row = only(target)
    assert row.record.policyholder_name == "某某公司"


def test_several_matching_sheets_are_read_one_after_the_other():
    book = openpyxl.load_workbook(policies())
    second = book.copy_worksheet(book.active)
    second["A2"] = "PZ0002"
    book.create_sheet("备注")["A1"] = "随便写写"
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    assert [row.values["number"] for row in read("policies", target)] == ["PZ0001", "PZ0002"]


def test_text_digits_stay_text():
    row = only(policies({"保单号": "00123", "上年保单号": 20250001}))
    assert row.record.number == "00123"
    assert row.record.previous_number == "20250001"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"保单号": ""}, "保单号：必填"),
        ({"统一社会信用代码": USCC[:-1] + "X"}, "不是有效的统一社会信用代码"),
        ({"统一社会信用代码": 9.1330300e17}, "末几位已经丢失"),
        ({"签单保费": -1}, "金额不能小于零"),
        ({"签单保费": "面议"}, "不是金额"),
        ({"保险止期": "2026-02-28"}, "保险止期早于保险起期"),
        ({"退保金额": 70000}, "退保金额大于签单保费"),
        ({"退保生效日": "2028-01-01"}, "退保生效日不在保险期间内"),
        ({"上年保单号": "PZ0001"}, "上年保单号与本保单号相同"),
        ({"投保单位": "某" * 201}, "超过 200 个字"),
    ],
)
def test_a_bad_policy_says_what_is_wrong(change, sentence):
    (problem,) = problems_of(**change)
    assert sentence in problem
    assert only(policies(change)).record is None


@pytest.mark.parametrize(
    "change",
    [{"退保生效日": "2026-03-01"}, {"退保生效日": "2027-03-01"}, {"保险止期": "2026-03-01"}, {"签单保费": 0}],
)
def test_what_lies_on_the_edge_is_right(change):
    assert problems_of(**change) == []


def test_a_row_names_all_its_problems_at_once():
    assert len(problems_of(保单号="", 签单保费="x", 保险起期="y")) == 3


def test_the_same_key_twice_is_told_with_the_first_row():
    rows = list(read("policies", policies({}, {"签单保费": 1}, {"保单号": "PZ2"})))
    assert [[str(p) for p in row.problems] for row in rows] == [[], ["与第 2 行重复"], []]


def example_of(register, **changes):
    values = {
        c.title: c.example.removeprefix("示例：").replace("示例", "X") for c in REGISTERS[register].columns
    }
    values.update(changes)
    return [str(p) for p in only(make_book(list(values), list(values.values())), register).problems]


@pytest.mark.parametrize(
    ("register", "change", "sentence"),
    [
        ("policyholders", {"联系电话": "12345"}, "不是 11 位手机号码"),
        ("policyholders", {"所属区县": "火星区"}, "不在可选范围内"),
        ("policyholders", {"高危行业": "危化"}, "不在可选范围内"),
        ("policyholders", {"坐标系": ""}, "要么都填"),
        ("policyholders", {"纬度": "北纬"}, "不是经纬度"),
        ("policyholders", {"纬度": "91"}, "不是经纬度"),
        ("policyholders", {"国民经济行业代码": "化工"}, "不是国民经济行业代码"),
        ("claims", {"报案日期": "2026-05-05"}, "报案日期早于出险日期"),
        ("claims", {"已决赔款": "-1"}, "金额不能小于零"),
        ("claims", {"赔案状态": "不知道"}, "不在可选范围内"),
        ("year_facts", {"事故日期": "2024-08-12"}, "事故日期不在 2025 年内"),
        ("year_facts", {"事故日期": ""}, "请补填事故日期"),
        ("year_facts", {"列入失信惩戒": "是"}, "请补填失信级别、失信文号、失信起始日"),
        ("year_facts", {"失信文号": "文 1 号"}, "请把“列入失信惩戒”填为“是”"),
        ("year_facts", {"年度": "1900"}, "不是年份"),
        ("people", {"证书编号": ""}, "角色含专家时，证书编号必填"),
        ("people", {"来源": "外聘"}, "请填写技术服务机构"),
        ("people", {"身份证号": "11010519491231002Y"}, "不是 18 位身份证号"),
        ("people", {"身份证号": "110105194912310021"}, "身份证号校验位不对"),
        ("people", {"承诺书有效期至": "2025-01-01"}, "承诺书有效期早于签署日"),
        ("people", {"登录名": "张三"}, "不能作登录名"),
    ],
)
def test_a_bad_row_of_each_register_says_what_is_wrong(register, change, sentence):
    (problem,) = example_of(register, **change)
    assert sentence in problem


@pytest.mark.parametrize(
    ("register", "change"),
    [
        ("policyholders", {"联系电话": "+86 199-0000-0001"}),
        ("policyholders", {"所属区县": "330303"}),
        ("policyholders", {"风险等级": "橙色"}),
        ("policyholders", {"风险等级": "/"}),
        ("people", {"身份证号": "11010519491231002X"}),
        ("people", {"专业": "化工安全，消防安全;chemical"}),
        ("people", {"角色": "协调员", "证书编号": "", "专业": "", "来源": ""}),
    ],
)
def test_what_people_write_otherwise_is_understood(register, change):
    assert example_of(register, **change) == []


def test_listed_for_dishonesty_with_all_details_is_right():
    details = {
        "失信级别": "市级",
        "失信文号": "文 1 号",
        "失信起始日": "2025-01-01",
        "失信截止日": "2025-12-31",
    }
    assert example_of("year_facts", 列入失信惩戒="是", **details) == []
    wrong = example_of("year_facts", 列入失信惩戒="是", **{**details, "失信截止日": "2024-12-31"})
    assert wrong == ["失信截止日：失信截止日早于起始日"]


def kind_of(register, stream):
    with pytest.raises(SheetError) as caught:
        list(read(register, stream))
    assert caught.value.sentence.endswith("。")
    return caught.value.kind


def zipped(entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    target.seek(0)
    return target


def with_sheet(xml):
    """Return a book whose sheet is this XML."""
    source = zipfile.ZipFile(policies())
    entries = {name: source.read(name) for name in source.namelist()}
    entries["xl/worksheets/sheet1.xml"] = xml
    return zipped(entries)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "not_excel"),
        (b"a,b,c\n1,2,3", "not_excel"),
        (b"%PDF-1.7", "not_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04 broken", "broken"),
    ],
)
def test_what_is_no_workbook_is_refused(content, kind):
    assert kind_of("policies", io.BytesIO(content)) == kind


def test_a_word_file_is_no_workbook():
    assert kind_of("policies", zipped({"word/document.xml": "<x/>"})) == "not_excel"


@pytest.mark.parametrize("name", ["../xl/workbook.xml", "/xl/workbook.xml"])
def test_a_name_that_leads_outside_is_refused(name):
    assert kind_of("policies", zipped({"xl/workbook.xml": "<x/>", name: "<x/>"})) == "broken"


def test_a_cut_or_damaged_file_is_refused():
    whole = policies().getvalue()
    for cut in range(10, len(whole), 97):
        assert kind_of("policies", io.BytesIO(whole[:cut])) == "broken"


def test_an_entry_before_the_beginning_is_refused():
    content = bytearray(policies().getvalue())
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<I", content, end + 16, struct.unpack_from("<I", content, end + 16)[0] + 100)
    assert kind_of("policies", io.BytesIO(bytes(content))) == "broken"


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(data):
    content = bytearray(policies().getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(SheetError):
        list(read("policies", io.BytesIO(bytes(content))))


def test_another_register_is_named():
    book = io.BytesIO(template("claims"))
    with pytest.raises(SheetError, match="这像是“赔案”表，不是“保单”表"):
        read("policies", book)


def test_missing_columns_are_named():
    titles = [title for title in POLICY if title not in {"签单保费", "保险止期"}]
    with pytest.raises(SheetError, match="缺少必填列：签单保费、保险止期"):
        read("policies", make_book(titles, ["x"] * len(titles)))


def test_a_file_without_header_or_without_anything_is_refused():
    assert kind_of("policies", make_book(["随便", "写写"], ["1", "2"])) == "no_header"
    assert kind_of("policies", make_book()) == "empty"


def test_an_unknown_register_is_a_programming_error():
    with pytest.raises(sheets.UnknownRegisterError):
        read("fines", policies())


def test_too_large_a_file_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    assert kind_of("policies", policies()) == "too_large"


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("documents.sheets.reading.MAX_ROWS", 2)
    assert kind_of("policies", policies(*({"保单号": f"P{n}"} for n in range(3)))) == "too_many_rows"


@pytest.mark.parametrize(
    ("place", "kind"),
    [("XFD1", "too_wide"), ("ZZ1", "too_wide"), ("A1048576", "too_many_rows"), ("XFD1048576", "too_wide")],
)
def test_a_cell_far_out_is_refused_before_memory_is_taken(place, kind):
    xml = f'<worksheet><sheetData><row><c r="{place}"><v>1</v></c></row></sheetData></worksheet>'
    assert kind_of("policies", with_sheet(xml)) == kind


def test_a_bomb_is_refused():
    assert kind_of("policies", with_sheet("<worksheet>" + " " * 30_000_000 + "</worksheet>")) == "bomb"


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = bytearray(with_sheet("<worksheet>" + " " * 30_000_000).getvalue())
    real = struct.pack("<I", len("<worksheet>") + 30_000_000)
    assert content.count(real) == 2
    assert kind_of("policies", io.BytesIO(bytes(content.replace(real, struct.pack("<I", 50))))) == "bomb"


def test_too_many_entries_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ENTRIES", 3)
    assert kind_of("policies", policies()) == "bomb"


def test_an_encrypted_entry_and_a_strange_packing_are_refused():
    book = policies().getvalue()
    flagged = bytearray(book)
    at = flagged.index(b"PK\x01\x02")
    flagged[at + 8] |= 1
    assert kind_of("policies", io.BytesIO(bytes(flagged))) == "encrypted"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "x" * 100)
    assert kind_of("policies", io.BytesIO(target.getvalue())) == "broken"
    assert zlib  # the damaged stream itself is met by the cut files above


def test_endless_merged_cells_are_refused():
    many = make_book(list(POLICY), list(POLICY.values()), merge=(((2, 0, 30_000, 0), "x"),))
    assert kind_of("policies", many) == "merged"


def test_links_to_other_files_are_not_followed():
    book = openpyxl.load_workbook(policies({"投保单位": "X"}))
    book.active["F2"] = "='[/etc/passwd]Sheet1'!A1"
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    assert only(target).values["policyholder_name"] == ""


def test_bad_rows_come_back_in_the_same_template_and_can_be_sent_again():
    bad = list(
        read("policies", policies({"签单保费": "面议", "投保单位": '=HYPERLINK("x")'}, {"保单号": ""}))
    )
    content = write_rejects("policies", bad)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["保单"]
    assert [cell.value for cell in sheet[1]][-1] == "错误原因"
    assert "不是金额" in sheet.cell(2, sheet.max_column).value
    assert book["填写说明"]["A1"].value == "保单导入模板"
    again = read("policies", io.BytesIO(content))
    assert again.ignored == ()
    rows = list(again)
    assert [row.problems for row in rows] == [row.problems for row in bad]
    assert rows[0].values["policyholder_name"] == '=HYPERLINK("x")'


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
        min_size=3,
        max_size=3,
    )
)
@settings(max_examples=40)
def test_whatever_people_type_goes_back_as_text(typed):
    row = only(policies({"投保单位": "X", "保单号": "P1"}))
    written = {**row.written, "policyholder_name": typed[0], "insurer": typed[1], "provider": typed[2]}
    sent = sheets.SheetRow(2, {}, (), None, written)
    book = openpyxl.load_workbook(io.BytesIO(write_rejects("policies", [sent])))
    assert all(cell.data_type in {"s", "n"} and cell.hyperlink is None for cell in book["保单"][2])
    for cell in book["保单"][2]:
        assert cell.data_type == "s" or cell.value is None


def test_a_moment_in_a_cell_of_days_gives_its_day():
    book = openpyxl.load_workbook(policies())
    book.active["D2"] = datetime(2026, 3, 1, 8, 30)  # noqa: DTZ001 - Excel knows no zones
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    assert only(target).record.term_start == date(2026, 3, 1)


def test_the_fixture_code_is_right():
    assert is_uscc(USCC)
