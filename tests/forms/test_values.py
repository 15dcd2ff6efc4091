"""One posted value: what is understood, and what the sentence says when it is not."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.context import Choice
from forms.model import Field, Kind, Limits
from forms.values import AnswerError, Reading, read
from forms.wording import in_words
from tests.support.forms import FILES, TODAY

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHOICES = [
    Choice("1", "一"),
    Choice("2", "二"),
    Choice("true", "是"),
    Choice("false", "否"),
    Choice("x", "乙"),
]


def weekdays_later(start: date, days: int) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


READING = Reading(TODAY, weekdays_later, lambda _field: CHOICES, FILES.get)


def value(kind: Kind, raw: object, **limits: object) -> object:
    more = {name: limits.pop(name) for name in ("answer", "widget") if name in limits}
    return read(Field("f", "a", kind, "甲项", limits=Limits(**limits), **more), raw, READING)  # type: ignore[arg-type]


def sentence(kind: Kind, raw: object, **limits: object) -> str:
    with pytest.raises(AnswerError) as refused:
        value(kind, raw, **limits)
    return str(refused.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026/1/3", date(2026, 1, 3)),
        ("2026年1月3日", date(2026, 1, 3)),
        ("20261123", date(2026, 11, 23)),
        ("11.23", date(2026, 11, 23)),
        ("11-23", date(2026, 11, 23)),
        ("２０２６－１１－２３", date(2026, 11, 23)),
        ("今天", TODAY),
        ("明天", date(2026, 11, 24)),
        ("+3天", date(2026, 11, 26)),
        ("+10工作日", date(2026, 12, 7)),
        ("+10 个工作日", date(2026, 12, 7)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_as_people_write_them(typed: object, meant: date | None) -> None:
    assert value(Kind.DATE, typed) == meant


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "23.11.2026", "1899-01-01", "morgen", "2026-11-23 09:00", "13.40"]
)
def test_what_is_no_date_is_told_how_to_write_one(typed: str) -> None:
    assert sentence(Kind.DATE, typed) == "“甲项”要写成日期，如 2026-11-23 或 今天"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-23 09:35", datetime(2026, 11, 23, 9, 35, tzinfo=SHANGHAI)),
        ("2026-11-23T09:35", datetime(2026, 11, 23, 9, 35, tzinfo=SHANGHAI)),
        ("11.23 9:35", datetime(2026, 11, 23, 9, 35, tzinfo=SHANGHAI)),
        ("今天 9时35分", datetime(2026, 11, 23, 9, 35, tzinfo=SHANGHAI)),
        ("2026-11-23T16:30:00Z", datetime(2026, 11, 24, 0, 30, tzinfo=SHANGHAI)),
    ],
)
def test_moments_are_in_shanghai_unless_they_say_otherwise(typed: str, meant: datetime) -> None:
    assert value(Kind.MOMENT, typed) == meant


@pytest.mark.parametrize("typed", ["2026-11-23", "09:35", "2026-11-23 25:00", "0001-01-01T00:00:00+14:00"])
def test_half_a_moment_is_refused(typed: str) -> None:
    assert sentence(Kind.MOMENT, typed) == "“甲项”要写成日期和时间，如 2026-11-23 09:41"


def test_times_of_day() -> None:
    assert value(Kind.TIME, "9:41") == time(9, 41)
    assert value(Kind.TIME, "") is None
    assert sentence(Kind.TIME, "25:00") == "“甲项”要写成时间，如 09:41"


@pytest.mark.parametrize(
    ("typed", "limits", "meant"),
    [
        ("68,400.00", {"digits": 2}, Decimal("68400.00")),
        ("６８４００", {}, Decimal(68400)),
        ("-3", {}, Decimal(-3)),
        (0.1, {"digits": 2}, Decimal("0.1")),
        (3, {}, Decimal(3)),
        ("3.0", {}, Decimal("3.0")),
        (" ", {}, None),
    ],
)
def test_numbers_are_decimals(typed: object, limits: dict[str, object], meant: Decimal | None) -> None:
    assert value(Kind.NUMBER, typed, **limits) == meant


@pytest.mark.parametrize(
    ("typed", "limits", "told"),
    [
        ("很多", {}, "“甲项”要填数字，如 3"),
        ("1e9", {"digits": 2}, "“甲项”要填数字，如 68400.00"),
        ("NaN", {}, "“甲项”要填数字，如 3"),
        ("1,2", {}, "“甲项”要填数字，如 3"),
        ("1.5", {}, "“甲项”要是整数，请改写"),
        ("1.555", {"digits": 2}, "“甲项”最多 2 位小数，请改写"),
        ("0", {"minimum": Decimal(1), "maximum": Decimal(99)}, "“甲项”要在 1 到 99 之间，请改写"),
        ("0", {"minimum": Decimal(1)}, "“甲项”不能小于 1，请改写"),
        ("10000", {"maximum": Decimal(9999)}, "“甲项”不能大于 9,999，请改写"),
    ],
)
def test_a_wrong_number_is_told_what_is_allowed(typed: str, limits: dict[str, object], told: str) -> None:
    assert sentence(Kind.NUMBER, typed, **limits) == told


@pytest.mark.parametrize(
    ("typed", "limits", "told"),
    [
        ("字" * 11, {"max_length": 10}, "“甲项”最多 10 个字，现在有 11 个，请删短"),
        ("短", {"min_length": 5}, "“甲项”至少写 5 个字，现在有 1 个"),
        ("a\x00b", {}, "“甲项”里有看不见的字符，请删去后重新输入"),
        ("\ud800", {}, "“甲项”里有看不见的字符，请删去后重新输入"),
        ("12", {"pattern": "1[3-9][0-9]{9}", "pattern_message": "手机号要 11 位"}, "手机号要 11 位"),
        ("x13800000000", {"pattern": "1[3-9][0-9]{9}"}, "“甲项”要符合规则 1[3-9][0-9]{9}，请改写"),
        ("a@b", {"email_or_phone": "email"}, "“甲项”要像 name@example.cn，请改写"),
        ("abc", {"email_or_phone": "phone"}, "“甲项”只用数字、空格和短横线，7 到 20 位，请改写"),
        (["a"], {}, "这里只能填一个值，请重新填写"),
    ],
)
def test_a_wrong_text_is_told_what_to_change(typed: object, limits: dict[str, object], told: str) -> None:
    assert sentence(Kind.TEXT, typed, **limits) == told


def test_text_loses_outer_blanks_and_keeps_its_lines() -> None:
    assert value(Kind.LONG_TEXT, "  甲\r\n乙 ") == "甲\n乙"
    assert value(Kind.TEXT, " 007 ") == "007"


def test_a_catastrophic_pattern_returns_at_once() -> None:
    assert sentence(Kind.TEXT, "a" * 400 + "!", pattern="(a+)+", max_length=500)


def test_choices_are_only_what_is_offered_now() -> None:
    assert value(Kind.CHOICE, "x") == "x"
    assert value(Kind.CHOICE, "true", answer="boolean") is True
    assert value(Kind.CHOICE, False, answer="boolean") is False
    assert value(Kind.CHOICE, "2", answer="number") == Decimal(2)
    assert value(Kind.CHOICE, "") is None
    assert sentence(Kind.CHOICE, "y") == "“甲项”里没有刚才选的这一项，请重新选"
    assert sentence(Kind.CHOICE, "x", answer="number") == "“甲项”里没有刚才选的这一项，请重新选"


def test_several_choices_come_once_and_in_the_order_of_the_list() -> None:
    assert value(Kind.CHOICES, ["x", "1", "x"]) == ["1", "x"]
    assert value(Kind.CHOICES, "1") == ["1"]
    assert value(Kind.CHOICES, None) == []
    assert sentence(Kind.CHOICES, ["1", "9"]) == "“甲项”里没有刚才选的某一项，请重新选"


def test_a_tick_is_true_or_false() -> None:
    assert [value(Kind.TICK, raw) for raw in ("true", "on", True, None, "", "no")] == [True] * 3 + [False] * 3


def test_files_must_have_arrived_and_be_enough() -> None:
    assert value(Kind.FILES, ["paper", "photo-1", "paper"], max_files=2) == ["paper", "photo-1"]
    assert sentence(Kind.FILES, ["gone"]) == "“甲项”有一个文件没有传上来，请再传一次"
    assert sentence(Kind.FILES, ["photo-1"], min_files=2, max_files=9, widget="photo") == (
        "“甲项”至少要 2 张，现在有 1 张"
    )
    assert sentence(Kind.FILES, ["photo-1", "photo-2"]) == "“甲项”最多 1 个，现在有 2 个，请删去多的"
    assert sentence(Kind.FILES, ["paper"], widget="photo") == "“甲项”只收照片，请把“a.pdf”换成 JPG 或 PNG"


def test_a_signature_is_one_picture() -> None:
    assert value(Kind.SIGNATURE, ["", "photo-1"]) == "photo-1"
    assert value(Kind.SIGNATURE, "") is None
    assert "只收照片" in sentence(Kind.SIGNATURE, "paper")


def test_a_position_is_three_numbers() -> None:
    here = {"latitude": Decimal("28.01"), "longitude": Decimal("120.7"), "accuracy": Decimal(12)}
    assert value(Kind.POSITION, "28.01, 120.7, 12") == here
    assert value(Kind.POSITION, here) == here
    assert value(Kind.POSITION, "") is None
    for raw in ("28.01", "91,0,1", "0,181,1", "0,0,-1", "a,b,c"):
        assert sentence(Kind.POSITION, raw) == "“甲项”没有读到，请再取一次位置"


@given(
    st.sampled_from(list(Kind)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    ),
)
def test_whatever_is_posted_gives_an_answer_or_a_sentence(kind: Kind, raw: object) -> None:
    with suppress(AnswerError):
        value(kind, raw, digits=2, max_files=3)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_date_reads_back_what_was_shown(day: date) -> None:
    assert value(Kind.DATE, in_words(day)) == day


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (None, "—"),
        ("", "—"),
        (True, "是"),
        (Decimal(68400), "68,400"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("68400.50"), "68,400.50"),
        (datetime(2026, 11, 23, 16, 5, tzinfo=ZoneInfo("UTC")), "2026-11-24 00:05"),
        ([date(2026, 11, 23), "甲"], "2026-11-23、甲"),
    ],
)
def test_values_are_read_aloud(shown: object, words: str) -> None:
    assert in_words(shown) == words
