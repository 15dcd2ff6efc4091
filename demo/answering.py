"""Answers for a step: its recipe in `answers/<form>.json`, with dice, facts and files put in.

A recipe is the answers themselves; `=…` is FEEL over the facts of the case, `@photo`, `@photo2`,
`@signature`, `@pdf` a file, `$pick` a weighted choice, `$choose` some of a host list, `$each` a row for each
of a host list, `$hazards` a random number of hazards.
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
MAJOR_SHARE = 0.007
NO_HAZARD_SHARE = 0.05
MOST_HAZARDS = 12

MakeFile = Callable[[str], str]


@cache
def recipe(form: str) -> Mapping[str, object]:
    """Return the recipe of a form. Raises: FileNotFoundError."""
    found: Mapping[str, object] = json.loads((RECIPES / f"{form}.json").read_text("utf-8"))
    return found


@cache
def has_recipe(form: str) -> bool:
    """Tell whether a form has a recipe; one that somebody added has none, and its answers are guessed."""
    return (RECIPES / f"{form}.json").exists()


class Cook:
    """Makes the answers of one form from its recipe."""

    def __init__(self, context: FormContext, dice: Random, make_file: MakeFile) -> None:
        """Work with the facts of a case; `make_file` keeps a sample file and returns its id."""
        self._context = context
        self._dice = dice
        self._make_file = make_file

    def answers(self, form: Form, fixed: Mapping[str, object]) -> dict[str, object]:
        """Return answers for the form; `fixed` ones win."""
        if not has_recipe(form.key):
            return {**guess(form, self._context, self._make_file), **fixed}
        return {**{key: self._value(entry, {}) for key, entry in recipe(form.key).items()}, **fixed}

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
            return self._value(self._pick(entry["$pick"]), row)
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
            return self._hazards(entry["$hazards"])
        return {key: self._value(item, row) for key, item in entry.items()}

    def _pick(self, pairs: object) -> object:
        weighted = [tuple(pair) for pair in pairs] if isinstance(pairs, list) else []
        return self._dice.choices([value for _, value in weighted], [weight for weight, _ in weighted])[0]

    def _hazards(self, recipes: object) -> list[object]:
        general, major = recipes if isinstance(recipes, list) else ({}, {})
        if self._dice.random() < NO_HAZARD_SHARE:
            return []
        count = min(MOST_HAZARDS, 1 + int(self._dice.gammavariate(1.6, 2.4)))
        return [
            self._value(major if self._dice.random() < MAJOR_SHARE else general, {}) for _ in range(count)
        ]
