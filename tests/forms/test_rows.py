"""Row buttons without script: the page comes back with the rows changed and everything typed still there."""

import pytest
from werkzeug.datastructures import MultiDict

from forms.rows import apply_row_command
from tests.support.forms import make_context, shipped


def press(step: str, **posted: object) -> dict[str, object]:
    changed = apply_row_command(shipped(step), posted, make_context())
    assert changed is not None
    return changed


def test_another_button_changes_nothing() -> None:
    assert apply_row_command(shipped("record_visit"), {"place": "甲"}, make_context()) is None


def test_add_gives_a_blank_row_and_keeps_what_was_typed() -> None:
    posted = MultiDict([("_add", "days"), ("days-4-started_at", "9 点"), ("process", "写了一半")])
    changed = apply_row_command(shipped("record_visit"), posted, make_context())
    assert changed is not None
    assert changed["days"] == [{"started_at": "9 点", "ended_at": ""}, {"started_at": "", "ended_at": ""}]
    assert changed["process"] == "写了一半"


def test_remove_takes_out_that_row() -> None:
    rows = [{"started_at": "1"}, {"started_at": "2"}]
    assert [row["started_at"] for row in press("record_visit", _remove="days-0", days=rows)["days"]] == ["2"]
    assert len(press("record_visit", _remove="days-7", days=rows)["days"]) == 2


def test_rows_of_the_host_can_be_neither_added_nor_removed() -> None:
    for command in ({"_add": "baseline"}, {"_remove": "baseline-0"}):
        assert len(press("record_visit", **command)["baseline"]) == 2


def test_no_more_rows_than_allowed() -> None:
    assert len(press("record_visit", _add="days", days=[{}] * 500)["days"]) == 500


def test_the_rest_is_filled_and_what_was_chosen_stays() -> None:
    baseline = [{"item": "metal_smelting-1", "answer": "unmet"}]
    filled = press("record_visit", _fill="baseline", baseline=baseline)["baseline"]
    assert [row["answer"] for row in filled] == ["unmet", "met"]


def test_an_unmet_item_opens_one_hazard_with_what_it_brings() -> None:
    once = press("record_visit", _open="baseline-0")
    assert [(row["baseline_item"], row["description"]) for row in once["hazards"]] == [
        ("metal_smelting-1", "没有建立责任制")
    ]
    assert len(press("record_visit", **{**once, "_open": "baseline-0"})["hazards"]) == 1


def test_the_library_fills_only_what_is_empty() -> None:
    hazards = [{"template": "t1", "description": "", "level": "major"}, {"template": ""}]
    (first, second) = press("record_visit", _bring="hazards-0", hazards=hazards)["hazards"]
    assert (first["description"], first["level"]) == ("两台检测仪已过期", "major")
    assert press("record_visit", _bring="hazards-1", hazards=hazards)["hazards"][1] == second


def test_one_file_can_be_dropped() -> None:
    changed = press("record_visit", _drop="photos:photo-1", photos=["photo-1", "photo-2"])
    assert changed["photos"] == ["photo-2"]
    row = press("record_visit", _drop="hazards-0-photos_before:a", hazards=[{"photos_before": ["a"]}])
    assert row["hazards"][0]["photos_before"] == []
    signed = press("provider_sign_record", _drop="signature:photo-1", signature="photo-1")
    assert signed["signature"] == ""
    assert (
        press("provider_sign_record", _drop="signature:other", signature="photo-1")["signature"] == "photo-1"
    )


@pytest.mark.parametrize("command", ["_add", "_remove", "_fill", "_open", "_bring", "_drop"])
@pytest.mark.parametrize("target", ["", "nowhere", "nowhere-3", "baseline-99", "days-x", "photos-1-2:z", ":"])
def test_a_forged_button_does_no_harm(command: str, target: str) -> None:
    apply_row_command(shipped("record_visit"), {command: target}, make_context())
