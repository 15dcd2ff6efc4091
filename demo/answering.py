"""Answers for a step: its recipe in `answers/<form>.json`, with dice, facts and files put in.

A recipe is the answers themselves; `=…` is FEEL over the facts of the case, `@photo`, `@signature`, `@pdf` a file,
`$pick` a weighted choice on which the case turns, `$any` one of several that read differently, with `$and` beside
it, `$choose` some of a host list, `$each` a row for each of a host list, `$hazards` rows of hazards. Above the
answers `$days` says how many working days people take, at least and at most, `$on_due` that they wait for the
day that is agreed.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random

import feel
from demo.guessing import guess
from forms.context import FormContext
from forms.layers import Layers
from forms.model import Form

RECIPES = Path(__file__).parent / "answers"
MAJOR_SHARE, SPOT_SHARE, NO_HAZARD_SHARE = 0.007, 0.3, 0.05
MOST_HAZARDS = 12

MakeFile = Callable[[str], str]


@cache
def recipe(form: str) -> Mapping[str, object]:
    """Return the recipe of a form; one that somebody added has none, and its answers are guessed."""
    file = RECIPES / f"{form}.json"
    found: Mapping[str, object] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def has_recipe(form: str) -> bool:
    """Tell whether a form has a recipe."""
    return bool(recipe(form))


class Cook:
    """Makes the answers of one form from its recipe; a steady one picks what is likeliest, by no dice."""

    def __init__(
        self, context: FormContext, dice: Random, make_file: MakeFile, *, steady: bool = False
    ) -> None:
        """Work with the facts of a case; `make_file` keeps a sample file and returns its id."""
        self._context = context
        self._dice = dice
        self._make_file = make_file
        self._steady = steady

    def answers(self, form: Form, fixed: Mapping[str, object]) -> dict[str, object]:
        """Return answers for the form; `fixed` ones win, their directives are added to the recipe's."""
        if not has_recipe(form.key):
            return {**guess(form, self._context, self._make_file), **fixed}
        asked = {key: entry for key, entry in recipe(form.key).items() if not key.startswith("$")}
        for key, entry in fixed.items():
            before = asked.get(key)
            asked[key] = {**before, **entry} if isinstance(before, dict) and _is_directive(entry) else entry  # type: ignore[dict-item]  # a directive is a dict
        return {key: self._value(entry, {}) for key, entry in asked.items()}

    def _value(self, entry: object, row: Mapping[str, object]) -> object:
        if isinstance(entry, str):
            return self._text(entry, row)
        if isinstance(entry, list):
            return [self._value(item, row) for item in entry]
        if isinstance(entry, dict):
            return self._directive(entry, row)
        return entry

    def _text(self, entry: str, row: Mapping[str, object]) -> object:
        if entry.startswith("@"):
            return self._make_file(entry[1:])
        if entry.startswith("="):
            scope = Layers(row, self._context.variables, self._context.prefill)
            return feel.compile(entry[1:], host=self._context.feel_host)(scope)
        return entry

    def _directive(self, entry: Mapping[str, object], row: Mapping[str, object]) -> object:
        if "$pick" in entry:
            return self._value(self._pick(entry["$pick"], steady=self._steady), row)
        if "$any" in entry:
            picked, beside = self._pick(entry["$any"], steady=False), entry.get("$and", {})
            whole = {**picked, **beside} if isinstance(picked, dict) and isinstance(beside, dict) else picked
            return self._value(whole, row)
        if "$choose" in entry:
            choices = [choice.value for choice in self._context.choices(str(entry["$choose"]))]
            count = int(str(entry["count"]))
            return (choices[0] if choices else None) if count == 1 else choices[:count]
        if "$each" in entry:
            return [
                self._value(entry["row"], {"item": {"value": choice.value, "facts": dict(choice.facts)}})
                for choice in self._context.choices(str(entry["$each"]))
            ]
        if "$hazards" in entry:
            return self._hazards(entry["$hazards"], entry.get("$levels"))
        return {key: self._value(item, row) for key, item in entry.items()}

    def _pick(self, pairs: object, *, steady: bool) -> object:
        weighted = [tuple(pair) for pair in pairs] if isinstance(pairs, list) else []
        if steady:
            return max(weighted, key=lambda pair: float(pair[0]))[1]
        return self._dice.choices([value for _, value in weighted], [weight for weight, _ in weighted])[0]

    def _hazards(self, recipes: object, levels: object) -> list[object]:
        rows = recipes if isinstance(recipes, dict) else {}
        found: list[object] = []
        for level in levels if isinstance(levels, list) else self._levels():
            row = self._value(rows["general" if level == "spot" else level], {})
            beside = self._value(rows["spot"], {}) if level == "spot" else {}
            found.append({**row, **beside} if isinstance(row, dict) and isinstance(beside, dict) else row)
        return found

    def _levels(self) -> list[str]:
        """Draw how many hazards a visit finds, and which: put right on the spot, general, major (domain §10)."""
        if self._dice.random() < NO_HAZARD_SHARE:
            return []
        count = min(MOST_HAZARDS, 1 + int(self._dice.gammavariate(1.6, 2.4)))
        shares = (MAJOR_SHARE, SPOT_SHARE, 1 - MAJOR_SHARE - SPOT_SHARE)
        return self._dice.choices(("major", "spot", "general"), shares, k=count)


def _is_directive(entry: object) -> bool:
    return isinstance(entry, dict) and any(key.startswith("$") for key in entry)
