import re

import pytest

from rules.checklists import checklist, checklist_item, checklists, checklists_for
from rules.errors import UnknownCodeError
from rules.vocabulary import label
from tests.support.sources import ROOT

STANDARD = ROOT.parent / "shared" / "standard" / "standard-2020.txt"
COUNTS = {
    "chemical": 10,
    "fireworks": 9,
    "fuel_station": 8,
    "open_pit_mine": 8,
    "metal_smelting": 8,
    "civil_explosives": 8,
}
ORDER = "一二三四五六"


def test_the_annex_has_six_lists_and_51_items():
    assert {code: len(item.items) for code, item in checklists().items()} == COUNTS


@pytest.mark.parametrize("code", COUNTS)
def test_items_are_numbered_and_named_after_their_list(code):
    found = checklist(code)
    assert [item.number for item in found.items] == list(range(1, COUNTS[code] + 1))
    assert [item.key for item in found.items] == [f"{code}-{number}" for number in range(1, COUNTS[code] + 1)]
    assert label("high_risk_kind", found.industry)
    assert all(label("hazard_class", item.hazard_class) for item in found.items)


def test_an_item_is_found_by_its_key():
    assert checklist_item("open_pit_mine-4").text == "确保相邻的采石场采矿许可范围之间最小距离大于300米；"


@pytest.mark.parametrize("key", ["chemical-11", "tea-1", "chemical"])
def test_an_unknown_key_is_refused(key):
    with pytest.raises(UnknownCodeError):
        checklist_item(key)


def test_units_get_the_lists_of_their_industry():
    assert [item.code for item in checklists_for("hazardous_chemicals")] == ["chemical", "fuel_station"]
    assert checklists_for("construction") == ()


def test_every_word_is_that_of_the_standard():
    if not STANDARD.is_file():
        pytest.skip(f"the text of the standard is not at {STANDARD}")
    text = STANDARD.read_text(encoding="utf-8")
    annex = text[text.rindex("附件2") : text.rindex("抄送")].partition("\n")[2]
    wanted = re.sub(r"\s+", "", re.sub(r"(?m)^- ", "", annex))
    lists = [checklist(code) for code in COUNTS]
    ours = "".join(
        f"{ORDER[place]}、{found.title}" + "".join(f"{item.number}、{item.text}" for item in found.items)
        for place, found in enumerate(lists)
    )
    assert ours == wanted
