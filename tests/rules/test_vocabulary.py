import re

import pytest

from rules.errors import UnknownWordError
from rules.vocabulary import choices, code_of, enumerations, find, grouped_choices, label


def test_a_code_has_its_word_and_a_word_its_code():
    assert label("hazard_level", "major") == "重大"
    assert code_of("hazard_level", "重大") == "major"
    assert choices("hazard_level") == (("general", "一般"), ("major", "重大"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: label("hazard_level", "tiny"),
        lambda: code_of("hazard_level", "极小"),
        lambda: find("tea"),
    ],
)
def test_an_unknown_word_is_refused(ask):
    with pytest.raises(UnknownWordError):
        ask()


@pytest.mark.parametrize("name", sorted(enumerations()))
def test_an_enumeration_has_different_chinese_words(name):
    found = find(name)
    assert found.title
    assert len(set(found.words.values())) == len(found.words) > 0
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", code) for code in found.words)
    assert name == "coordinate_system" or all(
        re.search(r"[\u4e00-\u9fff]", word) for word in found.words.values()
    )


@pytest.mark.parametrize("name", sorted(enumerations()))
def test_groups_hold_every_code_once(name):
    grouped = [pair for _, pairs in grouped_choices(name) for pair in pairs]
    assert grouped == list(choices(name))


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("hazard_class", 24),
        ("accident_kind", 20),
        ("cause", 4),
        ("agency_kind", 9),
        ("service_item", 6),
        ("push_category", 7),
        ("assessment_aspect", 9),
        ("five_commitments", 5),
        ("high_risk_kind", 9),
    ],
)
def test_the_lists_of_the_standard_are_whole(name, count):
    assert len(choices(name)) == count


def test_the_classes_of_hazards_come_in_two_groups():
    assert [(group, len(pairs)) for group, pairs in grouped_choices("hazard_class")] == [
        ("基础管理", 13),
        ("现场管理", 11),
    ]
