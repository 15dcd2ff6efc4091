"""Chinese words of any length are found, on both databases alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import aliased

from store import tables as t
from store.search import bigrams, holds, matches
from tests.store.builders import EVERYTHING

NAMES = {
    "温州宏达化工有限公司": "a",
    "瑞安市大江（金属）冶炼厂 No.7": "b",
    "乐清 ＡＢＣ 电器": "c",
    "𠮷田喆堃加油站": "d",
}


@pytest.fixture
def units(database):
    with database.write(EVERYTHING) as session:
        for name in NAMES:
            session.add(t.Organization(kind="provider", name=name, bigrams=bigrams(name)))
    return database


def found(database, query, condition=matches):
    with database.read(EVERYTHING) as session:
        names = session.scalars(select(t.Organization.name).where(condition(t.Organization.bigrams, query)))
        return "".join(sorted(NAMES[name] for name in names))


def test_words_are_found(units):
    expected = {
        "化工": "a", "宏达": "a", "公司": "a", "工化": "", "温州宏达化工有限公司": "a",
        "金属": "b", "大江金属": "b", "no.7": "b", "7": "b", "厂": "b",
        "abc": "c", "ＡＢ": "c", "a": "c", "电器乐清": "",
        "喆堃": "d", "𠮷田": "d", "站": "d",
        "司": "a", "温": "a", "州宏": "a", "温州 化工": "a", "化工 温州": "a", "温州 金属": "",
        "": "", "  ": "", "（": "", "'\"*": "", "x": "",
    }  # fmt: skip
    assert {query: found(units, query) for query in expected} == expected
    assert {query: found(units, query, holds) for query in expected} == expected


def test_a_changed_or_removed_text_is_no_longer_found(units):
    with units.write(EVERYTHING) as session:
        unit = session.scalars(select(t.Organization).where(matches(t.Organization.bigrams, "宏达"))).one()
        unit.bigrams = bigrams("新名化工")
        gone = session.scalars(select(t.Organization).where(matches(t.Organization.bigrams, "金属"))).one()
        session.delete(gone)
    assert found(units, "宏达") == ""
    assert found(units, "新名") == "a"
    assert found(units, "金属") == ""


def test_an_alias_is_searched_too(units):
    unit = aliased(t.Organization)
    with units.read(EVERYTHING) as session:
        assert len(session.scalars(select(unit.id).where(matches(unit.bigrams, "宏达"))).all()) == 1


def test_search_stays_within_the_scope(database, mine, theirs):
    with database.read(mine.scope("coordinator")) as session:
        assert session.scalars(select(t.Case.id).where(matches(t.Case.bigrams, "宏达"))).all() == [mine.case]
        assert session.scalars(select(t.Case.id).where(matches(t.Case.bigrams, "大江"))).all() == []


def test_two_texts_do_not_run_into_each_other():
    assert bigrams("温州", "派单").split() == ["x06e2905dde", "x05dde", "x", "x06d3e05355", "x05355"]
    assert bigrams("", "（）") == ""


@given(st.text(max_size=30))
def test_tokens_are_plain_ascii(text):
    assert bigrams(text).replace(" ", "").isalnum() or bigrams(text) == ""
    assert bigrams(text).isascii()
