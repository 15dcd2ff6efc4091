"""Cells: what people and office programs write for days, amounts, numbers."""

import contextlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.sheets import cells
from documents.sheets.cells import CellError

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
AMOUNTS = st.decimals(0, 10**10, places=2)


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 11, 23),
        datetime(2026, 11, 23, 8, 30),  # noqa: DTZ001 - as the reader gives it
        46349,
        46349.0,
        46349.25,
        "46349",
        20261123,
        "20261123",
        "2026-11-23",
        "2026/11/23",
        "2026.11.23",
        "2026年11月23日",
        "2026年11月23号",
        " 2026 - 11 - 23 ",
        "２０２６．１１．２３",
        "2026-11-23 00:00:00",
        "2026-11-23T08:30:00.000",
        "2026/11/23 8:30",
    ],
)
def test_a_day_is_read_however_it_is_written(cell):
    assert cells.day(cell) == date(2026, 11, 23)


@pytest.mark.parametrize("cell", ["", " ", "-", "—", "/", "无", "N/A", "\u200b"])
def test_what_stands_for_nothing_is_nothing(cell):
    assert cells.day(cell) is None
    assert cells.amount(cell) is None
    assert cells.whole(cell) is None
    assert cells.share(cell) is None
    assert cells.yes_or_no(cell) in {None, False}


@pytest.mark.parametrize(
    "cell",
    ["2026-02-30", "2026-13-01", "23-11-2026", "26.1.2", "明天", 5, "1899-12-31", date(2200, 1, 1), True],
)
def test_what_is_no_day_is_refused_with_its_text(cell):
    with pytest.raises(CellError, match="“"):
        cells.day(cell)


@given(DAYS, st.sampled_from(["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y.%m.%d}", "{:%Y年%m月%d日}", "{:%Y%m%d}"]))
def test_every_day_comes_back(day, form):
    assert cells.day(form.format(day)) == day


@given(st.dates(date(1954, 10, 4), date(2100, 12, 31)))
def test_every_serial_number_is_its_day(day):
    assert cells.day((day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("68000", "68000.00"),
        ("68,000.50", "68000.50"),
        ("68，000", "68000.00"),
        ("３５０００", "35000.00"),
        ("3.5万元", "35000.00"),
        ("3.5 万", "35000.00"),
        ("￥1200元", "1200.00"),
        ("¥1,200.5", "1200.50"),
        ("1200元整", "1200.00"),
        (30000, "30000.00"),
        (29999.99, "29999.99"),
        (29999.999999999996, "30000.00"),
        ("-5", "-5.00"),
        ("(5.00)", "-5.00"),
        ("（5）", "-5.00"),
        (-5.0, "-5.00"),
        ("12.", "12.00"),
    ],
)
def test_an_amount_is_read_however_it_is_written(cell, yuan):
    assert cells.amount(cell) == Decimal(yuan)


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [("3.5", "35000.00"), (3.5, "35000.00"), ("3.5万元", "35000.00"), ("35000元", "35000.00")],
)
def test_a_unit_in_the_header_counts_unless_the_cell_names_its_own(cell, yuan):
    assert cells.amount(cell, cells.TEN_THOUSAND) == Decimal(yuan)


@pytest.mark.parametrize(
    "cell", ["abc", "1,5", "1.2.3", "12.345", 0.001, float("nan"), float("inf"), "1e20", 10**15]
)
def test_what_is_no_amount_is_refused_with_its_text(cell):
    with pytest.raises(CellError, match="“"):
        cells.amount(cell)


@given(AMOUNTS)
def test_every_amount_comes_back(amount):
    assert (
        cells.amount(f"{amount:,.2f}")
        == cells.amount(f"{amount:.2f}元")
        == cells.amount(str(amount))
        == amount
    )
    assert cells.amount(float(amount)) == amount


@pytest.mark.parametrize("cell", [9.133030012345679e17, 91330300123456789, "9.13E+17", "9.1330300123457E17"])
def test_a_number_that_lost_digits_is_not_taken_for_a_name(cell):
    with pytest.raises(CellError, match="末几位已经丢失"):
        cells.code(cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0012", "0012"),
        (12.0, "12"),
        (20260001, "20260001"),
        ("ＰＺ００１", "PZ001"),
        (" PZ 001\n", "PZ001"),
        ("\ufeffPZ\u200b001\xa0", "PZ001"),
    ],
)
def test_digits_of_a_name_stay_as_they_are(cell, code):
    assert cells.code(cell) == code


@pytest.mark.parametrize(
    ("cell", "number"), [(12, 12), (12.0, 12), ("12人", 12), ("１２", 12), ("1,200", 1200)]
)
def test_a_whole_number_is_read(cell, number):
    assert cells.whole(cell) == number


@pytest.mark.parametrize("cell", [1.5, "1.5", "-1", "十二", "1" * 12])
def test_what_is_no_whole_number_is_refused(cell):
    with pytest.raises(CellError):
        cells.whole(cell)


@pytest.mark.parametrize(
    ("cell", "share"), [("0.35%", "0.0035"), ("3.5‰", "0.0035"), (0.0035, "0.0035"), ("5e-05", "5e-05")]
)
def test_a_rate_is_read(cell, share):
    assert cells.share(cell) == Decimal(share)


def test_what_is_no_rate_is_refused():
    with pytest.raises(CellError):
        cells.share("高")


@pytest.mark.parametrize(
    ("cell", "value"), [("是", True), ("√", True), (True, True), ("y", True), ("否", False), (0, False)]
)
def test_yes_and_no_are_read(cell, value):
    assert cells.yes_or_no(cell) is value


def test_neither_yes_nor_no_is_refused():
    with pytest.raises(CellError):
        cells.yes_or_no("也许")


def test_other_cells_are_shown_as_text():
    assert cells.shown(time(8, 30)) == "08:30:00"
    assert cells.shown(timedelta(hours=1)) == "1:00:00"
    assert cells.shown(datetime(2026, 1, 2, 3, 4)) == "2026-01-02 03:04:00"  # noqa: DTZ001 - as the reader gives it
    assert cells.text(" 某某\n公司\t ") == "某某 公司"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
def test_a_formula_is_made_harmless(text):
    assert cells.harmless(text) == "'" + text


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes()))
def test_any_cell_is_read_or_refused(cell):
    for parse in (cells.text, cells.code, cells.day, cells.amount, cells.share, cells.whole, cells.yes_or_no):
        with contextlib.suppress(CellError):
            parse(cell)
