"""Answers are read aloud in the words of their form."""

from datetime import UTC, datetime

import pytest

from forms.aloud import Speaker, read_aloud
from forms.context import Choice, FileFacts
from forms.model import Field, Form, Group, Kind, Option, Rows


def speaker() -> Speaker:
    """Return a speaker that knows one list, one person and one file."""
    lists = {"experts": [Choice("p1", "陈屿")], "items": [Choice("chemical-1", "责任制")]}
    people = {"p2": "叶青"}
    files = {"f1": FileFacts("f1", "门口.jpg", "image/jpeg", "/files/f1", "/files/f1/thumb")}
    return Speaker(lambda name: lists.get(name, []), lambda id_: people.get(id_, ""), files.get)


def ask(kind: Kind, **more: object) -> Field:
    """Return a question."""
    return Field(id="q", key="q", kind=kind, label="问", **more)


def told(field: Field, value: object) -> str:
    """Return how one answer is read."""
    (part,) = read_aloud(Form("f", "表", "提交", (field,)), {"q": value}, speaker())
    return part.said[0].words


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (ask(Kind.TEXT), "车间", "车间"),
        (ask(Kind.TICK), True, "是"),
        (ask(Kind.NUMBER), "12", "12"),
        (ask(Kind.DATE), "2026-11-23", "2026-11-23"),
        (ask(Kind.MOMENT), datetime(2026, 11, 23, 1, 41, tzinfo=UTC).isoformat(), "2026-11-23 09:41"),
        (ask(Kind.MOMENT), "不是时刻", "不是时刻"),
        (ask(Kind.CHOICE, options=(Option("yes", "接单"),)), "yes", "接单"),
        (ask(Kind.CHOICE, options=(Option("true", "是"),), answer="boolean"), True, "是"),
        (ask(Kind.CHOICE, source="experts"), "p1", "陈屿"),
        (ask(Kind.CHOICES, source="experts"), ["p1", "p2"], "陈屿、叶青"),
        (ask(Kind.POSITION), {"latitude": "28.0", "longitude": "120.6"}, "纬度 28.0，经度 120.6"),
        (ask(Kind.FILES), ["gone"], "已上传，现在看不到"),
    ],
)
def test_each_kind_of_answer_reads_in_words(field, value, words):
    assert told(field, value) == words


def test_files_come_with_their_pictures():
    (part,) = read_aloud(Form("f", "表", "提交", (ask(Kind.FILES),)), {"q": ["f1"]}, speaker())
    assert part.said[0].files[0].thumb == "/files/f1/thumb"


def test_what_the_form_hides_is_left_out():
    assert (
        read_aloud(Form("f", "表", "提交", (ask(Kind.TEXT, widget="hidden"),)), {"q": "x"}, speaker()) == ()
    )


def test_what_was_left_empty_is_left_out():
    form = Form("f", "表", "提交", (ask(Kind.TEXT), Group("g", "组", (ask(Kind.TEXT),))))
    assert read_aloud(form, {"q": None}, speaker()) == ()


def test_rows_are_read_with_what_each_is_about():
    rows = Rows("r", "rows", "核对", (ask(Kind.TEXT),), source="items")
    form = Form("f", "表", "提交", (Group("g", "组", (rows,)),))
    (part,) = read_aloud(form, {"rows": [{"item": "chemical-1", "q": "齐"}]}, speaker())
    assert part.title == "组"
    assert [said.words for said in part.said[0].rows[0]] == ["责任制", "齐"]
