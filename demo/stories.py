"""The stories that units of the sample city live: their policy, and what their people do otherwise than by recipe.

`stories.json` is a list. A story names the `kind` of trade, how many `visits` the premium earns, the `days` of the
term, and when it begins: `signed` so many working days ago, `since` so many days ago, `unpublished` (a term in a
year whose holidays nobody knows yet), else early enough for its first `$ago`. In a `plain` story dice decide; in
any other people do the likeliest thing without delay. `steps` holds answers by step: an object for each time the
step comes, a list for one time after the other; besides answers `$ago` (not before that many working days ago),
`$left` (still open today), `$send` (the message that is sent first). `surrender`: working days ago.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from msgspec import Struct, field
from msgspec.structs import replace

from demo.answering import has_recipe
from demo.city import Terms
from demo.days import Days
from rules.parameters import number, standard_day
from rules.working_days import ONE_DAY
from workflows import bundles

FILE = Path(__file__).parent / "stories.json"
PREMIUMS = {1: (1_200, 29_000), 2: (31_000, 58_000), 3: (61_000, 98_000), 4: (101_000, 260_000)}
SETTLING_IN = 14
"""Days from a policy's begin to its agreed scheme, and some to spare."""

FORTNIGHT = 14
"""Insurers send their sheets every second week; what was signed lately has just come by itself."""


class Turn(Struct, frozen=True):
    """What people do when a step comes."""

    answers: Mapping[str, object] = field(default_factory=dict)
    ago: int | None = None
    left: bool = False
    send: str | None = None


class Story(Struct, frozen=True):
    """One story of the file."""

    steps: Mapping[str, Turn | Sequence[Turn]] = field(default_factory=dict)
    kind: str = "none"
    visits: int = 1
    days: int = 365
    signed: int | None = None
    since: int | None = None
    unpublished: bool = False
    plain: bool = False
    spare: bool = False
    """Steps that somebody added, which no recipe knows, are left open today."""
    surrender: int | None = None

    def turn(self, step: str, earlier: int) -> Turn:
        """Return what is done when the step comes after it came so many times before."""
        turns = self.steps.get(step, ())
        if isinstance(turns, Turn):
            return turns
        return turns[earlier] if earlier < len(turns) else Turn()

    def terms(self, days: Days, dice: Random) -> Terms:
        """Return the policy of the story as seen from the present."""
        premium = dice.uniform(*PREMIUMS[self.visits])
        if self.unpublished:
            start, signed = max(days.calendar.published_through + ONE_DAY, days.today), None
        else:
            start = signed = days.working_day_from(self._start(days))
        return Terms(premium, start, start + timedelta(days=self.days - 1), signed)

    def _start(self, days: Days) -> date:
        if self.signed is not None:
            return days.ago(self.signed)
        if self.since is not None:
            return days.today - timedelta(days=self.since)
        visit = days.ago(max(turn.ago or 0 for turns in self.steps.values() for turn in _turns(turns)))
        opened_before = number("visit_open_before", standard_day(visit)).value
        first_planned = self.days // (2 * self.visits)
        start = visit - timedelta(days=max(SETTLING_IN, first_planned - opened_before + SETTLING_IN))
        return start - timedelta(days=start.toordinal() % FORTNIGHT)


def stories(rounds: int = 1) -> list[Story]:
    """Return the stories of the file so many times, and spare ones if there are steps that no recipe knows."""
    told = [_story(entry) for entry in json.loads(FILE.read_text("utf-8"))]
    added = any(not has_recipe(form.stem) for form in bundles.SCHEMAS.glob("*.json"))
    return told * rounds + [replace(story, spare=True) for story in told if added]


def _story(entry: Mapping[str, object]) -> Story:
    steps = entry.get("steps", {})
    known = {
        step: _turn(turns) if isinstance(turns, dict) else [_turn(turn) for turn in turns]
        for step, turns in (steps.items() if isinstance(steps, dict) else ())
    }
    return Story(known, **{name: value for name, value in entry.items() if name not in {"steps", "about"}})  # type: ignore[arg-type]  # the file's names are the fields


def _turn(entry: Mapping[str, object]) -> Turn:
    answers = {name: value for name, value in entry.items() if not name.startswith("$")}
    rest = {name.removeprefix("$"): value for name, value in entry.items() if name.startswith("$")}
    return Turn(answers, **rest)  # type: ignore[arg-type]  # the file's names are the fields


def _turns(turns: Turn | Sequence[Turn]) -> Sequence[Turn]:
    return [turns] if isinstance(turns, Turn) else turns
