"""Recipes: what is likeliest, what dice say, and hazards by their levels."""

from random import Random

from demo.answering import Cook, has_recipe, recipe
from tests.support.forms import make_context, shipped

FORM = shipped("record_visit")


def answers(*, steady: bool = False, seed: int = 1, **fixed: object) -> dict[str, object]:
    """Return the answers for the record of a visit."""
    return Cook(make_context(), Random(seed), lambda kind: f"<{kind}>", steady=steady).answers(FORM, fixed)


def test_the_same_dice_give_the_same_answers():
    assert answers(seed=3) == answers(seed=3)
    assert answers(seed=3)["hazards"] != answers(seed=4)["hazards"]


def test_hazards_are_found_as_a_story_says():
    found = answers(hazards={"$levels": ["major", "general", "spot"]})["hazards"]
    assert [row["level"] for row in found] == ["major", "general", "general"]
    assert [row["fixed_on_spot"] for row in found] == [False, False, True]
    assert [bool(row["photos_after"]) for row in found] == [False, False, True]
    assert found[0]["basis_clause"]
    assert found[0]["interim_measures"]


def test_a_steady_person_does_what_is_likeliest():
    form = shipped("policyholder_confirm_visit")
    context = make_context()
    for seed in range(20):
        made = Cook(context, Random(seed), lambda kind: kind, steady=True).answers(form, {})
        assert made["answer"] == "agree"


def test_what_is_fixed_wins_over_the_recipe():
    assert answers(place="三车间", hazards=[])["place"] == "三车间"
    assert answers(hazards=[])["hazards"] == []


def test_rules_of_pace_are_no_answers():
    assert recipe("check_in")["$on_due"] is True
    made = Cook(make_context(), Random(1), lambda kind: kind).answers(shipped("check_in"), {})
    assert not [name for name in made if name.startswith("$")]


def test_a_form_that_somebody_added_has_no_recipe():
    assert not has_recipe("somebody_added_this")
