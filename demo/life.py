"""Life in the sample city: days pass, and people do the steps that wait for them, each at its time."""

from collections import Counter
from datetime import date
from random import Random
from uuid import UUID

from demo.answering import has_recipe, recipe
from demo.days import Days
from demo.stories import Story, Turn
from demo.walk import Walker
from store.tables import WorkItem
from workflows.errors import CaseStuckError, InvalidAnswersError, StaleVersionError
from workflows.runtime import legal_day

PLAIN = Story(plain=True)
LATELY = 15
"""Working days for which a step that nothing is said about may lie open."""


class Life:
    """Everybody who has something to do, and when each means to do it."""

    def __init__(self, walker: Walker, days: Days) -> None:
        """Begin with policies that live no story of their own."""
        self._walker, self._days = walker, days
        self._stories: dict[UUID, Story] = {}
        self._turns: dict[UUID, Turn] = {}
        self._ready: dict[UUID, date] = {}
        self._times: Counter[tuple[UUID | None, str]] = Counter()
        self._open: list[WorkItem] | None = None

    def follow(self, policy_id: UUID, story: Story) -> None:
        """Let the cases of a policy live this story."""
        self._stories[policy_id] = story

    def stirs(self) -> None:
        """Take note that something happened, so that the inboxes have to be read anew."""
        self._open = None

    def sit_down(self, today: date) -> bool:
        """Let everybody do what it is time for; tell whether anything was done."""
        if self._open is None:
            self._open = self._walker.open_items()
            for item in self._open:
                if item.id not in self._turns:
                    self._note(item)
        due = [item for item in self._open if self._ready[item.id] <= today]
        for item in due:
            self._do(item, today)
        if due:
            self.stirs()
        return bool(due)

    def _note(self, item: WorkItem) -> None:
        """Fix when a new item is done, and how."""
        story = self._story(item)
        turn = story.turn(item.step, self._times[item.policy_id, item.step])
        self._times[item.policy_id, item.step] += 1
        self._turns[item.id] = turn
        self._ready[item.id] = self._ready_on(item, story, turn)

    def _ready_on(self, item: WorkItem, story: Story, turn: Turn) -> date:
        opened = legal_day(item.opened_at)
        added = story.spare and not has_recipe(item.step) and opened >= self._days.ago(LATELY)
        if (turn.left and turn.send is None) or added:
            return date.max
        if turn.ago is not None:
            return self._days.ago(turn.ago)
        rules = recipe(item.step)
        if rules.get("$on_due") and item.due_on is not None:
            return item.due_on
        taken = rules.get("$days")
        least, most = taken if isinstance(taken, list) else (0, 0)
        dice = Random(f"{item.subject} {item.step} {item.round}")  # noqa: S311 — sample data
        wait = dice.randint(least, most) if story.plain else least
        return self._days.calendar.add(opened, wait)

    def _do(self, item: WorkItem, today: date) -> None:
        turn, story = self._turns[item.id], self._story(item)
        try:
            if turn.send is not None:
                self._turns[item.id] = Turn(turn.answers, turn.ago, turn.left)
                self._walker.send(item, turn.send)
                self._ready[item.id] = self._ready_on(item, story, self._turns[item.id])
            else:
                self._walker.complete(item, steady=not story.plain, **turn.answers)
        except (InvalidAnswersError, StaleVersionError, CaseStuckError):
            self._ready[item.id] = self._days.calendar.add(today, 1)  # tried again another day

    def _story(self, item: WorkItem) -> Story:
        return self._stories.get(item.policy_id, PLAIN) if item.policy_id is not None else PLAIN
