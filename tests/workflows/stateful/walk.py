"""One case, walked in the product and in the model side by side, compared after each deed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from store import invariants
from store.events import verify
from store.tables import WorkItem
from tests.support.world import EVERYTHING, World
from tests.workflows.stateful import verbs
from tests.workflows.stateful.coverage import Coverage, structures
from tests.workflows.stateful.game import Game, People
from tests.workflows.stateful.product import PEOPLE, Command, Product
from tests.workflows.stateful.seats import Item
from tests.workflows.stateful.tree import Block
from tests.workflows.stateful.verbs import Deed
from workflows.errors import CommandKeyConflictError, RepeatedCommandError, WorkflowError
from workflows.soundness import check_states

STATUSES = ("pool", "held", "done", "void", "waiting")
MOST_STEPS = 120
AT_ONCE = 4
KEYED_BY_VERSION = (
    "approve",
    "refuse",
    "return",
    "straight",
    "transfer",
    "delegate",
    "hand_back",
    *verbs.ADDING,
)
BESIDES = ("wait", "restart", "repeat", "stale", "misused_key", "approve_together", "transfer_together")
ALL = (*verbs.VERBS, *BESIDES)
"""What a walk is made of: the verbs, the days that pass, and what befalls a server."""


class Walk:
    """A case in the product, and the model of it."""

    def __init__(
        self, world: World, block: Block, folder: Path, coverage: Coverage, *, thorough: bool = False
    ) -> None:
        """Open the case in both. `thorough`: all invariants are looked at after each deed, not at the end alone."""
        self.world, self.block, self.coverage, self.thorough = world, block, coverage, thorough
        self.game = Game(People({login: frozenset({role}) for login, role in PEOPLE.items()}), block)
        self.product = Product(world, block, folder)
        self.pairs: dict[Item, UUID] = {}
        self.last: tuple[Deed, Command] | None = None
        self.last_where: tuple[str, ...] = ()
        self.log: list[str] = []
        self.compare()

    def step(self, verb: str, lawful: bool, choice: int) -> bool:
        """Do something of this kind, allowed or not as is asked for; tell whether there was such a thing."""
        if verb in BESIDES:
            return getattr(self, f"_{verb}")(choice)
        found = [
            deed for deed in verbs.deeds(self.game, verb) if (not verbs.why_not(self.game, deed)) is lawful
        ]
        if not found:
            return False
        return self.do(found[choice % len(found)])

    def tell(self, line: str) -> None:
        """Do what a line says, as `told` puts it; its end may be left out, with `!` it is to be refused."""
        verb = next(word for word in line.rstrip("!").split() if word in ALL)
        if verb in BESIDES:
            assert self.step(verb, True, 0), self._said(f"cannot be done: {line}")
            return
        words, is_refused = line.rstrip("!"), line.endswith("!")
        found = [deed for deed in verbs.deeds(self.game, verb) if told(deed).startswith(words)]
        found = [deed for deed in found if bool(verbs.why_not(self.game, deed)) is is_refused]
        assert found, self._said(f"there is no such thing to do: {line}")
        self.do(found[0])

    def do(self, deed: Deed) -> bool:
        """Do the same in the product and in the model; what one refuses, the other does."""
        refusal = verbs.why_not(self.game, deed)
        where = structures(self.game, deed)
        command = self._command(deed)
        self.log.append(f"{told(deed)}{' - ' + refusal if refusal else ''}")
        before, error = self.seen.state(), self._outcome(command)
        if error is not None:
            assert refusal, self._said(f"the product refuses what is allowed: {error!r}")
            assert self.product.seen().state() == before, self._said("what was refused has changed something")
            if deed.verb in ("approve", "refuse"):
                deed.item.typed = True
        else:
            done_already = deed.verb == "claim" and deed.item.who == deed.actor
            assert not refusal or done_already, self._said("the product does what is to be refused")
            if not refusal:
                verbs.carry_out(self.game, deed)
                self.last, self.last_where = (deed, command), where
        self.coverage.count(deed.verb, where, refused=bool(refusal))
        self.compare()
        return True

    def compare(self) -> None:
        """Compare every item, and look whether all versions are told."""
        self.seen = self.product.seen()
        self._pair()
        for item, row_id in self.pairs.items():
            expected, found = self._of_model(item), self._of_row(self.seen.items[row_id])
            assert found == expected, self._said(
                f"{item.of.step.name}: {found}, where the model has {expected}"
            )
        status = "completed" if self.game.ended else "open"
        assert self.seen.case.status == status, self._said(f"the case is {self.seen.case.status}")
        numbers = Counter(version for version, _ in self.seen.told)
        gapless = [(version, n) for version in sorted(numbers) for n in range(numbers[version])]
        assert self.seen.told == gapless, self._said("events have a gap")
        versions = range(min(numbers), self.seen.case.version + 1)
        assert sorted(numbers) == list(versions), self._said("a version is untold")
        if self.thorough:
            self.check()

    def check(self) -> None:
        """All invariants of rows, rounds, states and chains hold."""
        with self.product.runtime.database.read(EVERYTHING) as session:
            found = [*invariants.check(session), *check_states(session)]
            assert (found, verify(session)) == ([], None), self._said("unsound")

    def finish(self) -> None:
        """Drive the case to its end, whatever has been done to it."""
        for _ in range(MOST_STEPS):
            if self.game.ended:
                break
            assert self.step("hand_back", True, 0) or self.step("approve", True, 0), self._said(
                "nobody can go on"
            )
        assert self.game.ended, self._said("the case does not end")
        self.check()

    def _outcome(self, command: Command) -> WorkflowError | None:
        """Give a command a minute after the last one; return how it was refused, nothing if it was not."""
        self.world.clock.pass_by(minutes=1)
        try:
            command()
        except WorkflowError as error:
            return error
        return None

    def _command(self, deed: Deed) -> Command:
        item, target, rows = deed.item, "", self.seen.items
        if deed.target is not None:
            target = rows[self.pairs[deed.target.items[0]]].task_id
        row = rows[self.pairs[item]] if item is not None else None
        return self.product.command(deed.verb, deed.actor, row, target, deed.other)

    def _pair(self) -> None:
        """Find the row of each new item of the model: among equals of a step any one will do."""
        known = set(self.pairs.values())
        new = [row for row in self.seen.items.values() if row.id not in known]
        for item in [one for one in self.game.items() if one not in self.pairs]:
            expected, name = self._of_model(item), item.of.step.name
            like = [row for row in new if row.step == name and self._of_row(row) == expected]
            there = [(row.step, *self._of_row(row)) for row in new]
            assert like, self._said(f"{name}: no row like {expected}, new are {there}")
            mates = {self.seen.items[self.pairs[one]].task_id for one in item.of.items if one in self.pairs}
            row = next((row for row in like if row.task_id in mates), like[0])
            self.pairs[item] = row.id
            new.remove(row)
        assert not new, self._said(f"rows that the model does not know: {[row.step for row in new]}")

    def _of_model(self, item: Item) -> tuple[object, ...]:
        adder = item.added_to
        return (
            item.status,
            item.role,
            item.who or "",
            item.owner or "",
            item.hands,
            item.place,
            item.doer or "",
            item.how,
            self.pairs.get(adder) if adder is not None else None,
        )

    def _of_row(self, row: WorkItem) -> tuple[object, ...]:
        name = self.product.logins
        by_id = {str(person): login for person, login in name.items()}
        return (
            STATUSES[row.status],
            row.role,
            name[row.assignee_id] if row.status != 2 else name.get(row.assignee_id, ""),
            name[row.owner_id],
            tuple(by_id[str(one)] for one in row.delegates),
            row.order_no or 0,
            name[row.done_by],
            row.added_how or "",
            row.added_to,
        )

    def _said(self, problem: str) -> str:
        return "\n".join([problem, *self.log])

    def _wait(self, _: int) -> bool:
        """Let two days pass."""
        self.world.clock.pass_by(days=2)
        self.game.people.day += 2
        for item in self.game.items():
            item.urged = False
        self.log.append("two days pass")
        self._note("wait")
        return True

    def _restart(self, _: int) -> bool:
        self.log.append("restart")
        self.product.restart()
        self.compare()
        self._note("restart")
        return True

    def _repeat(self, _: int) -> bool:
        """Give the last command once more, with the same key: nothing happens."""
        if not self._has_key():
            return False
        told = RepeatedCommandError if self.last[0].verb == "absence" else None
        return self._given_again("repeat", self.last[1], told)

    def _stale(self, _: int) -> bool:
        """Give the last command with a key of its own, on the version that was: it is refused."""
        if not self._has_key() or self.last[0].verb not in KEYED_BY_VERSION:
            return False
        return self._given_again("stale", self.product.again(self.last[1], key="another"), WorkflowError)

    def _misused_key(self, _: int) -> bool:
        """Give another command with the key of the last one: it is a conflict."""
        if not self._has_key() or self.last[0].verb not in (
            "approve",
            "refuse",
            "transfer",
            "delegate",
            "return",
        ):
            return False
        name = "answers" if self.last[0].verb in ("approve", "refuse") else "reason"
        changed = {"answers": {"decision": "approve", "opinion": "改了"}, "reason": "改了"}[name]
        command = self.product.again(self.last[1], **{name: changed})
        return self._given_again("misused_key", command, CommandKeyConflictError)

    def _has_key(self) -> bool:
        return self.last is not None and hasattr(getattr(self.last[1], "asked", None), "key")

    def _given_again(self, how: str, command: Command, refused: type[WorkflowError] | None) -> bool:
        deed, _ = self.last
        self.log.append(f"{how}: {told(deed)}")
        before, error = self.seen.state(), self._outcome(command)
        assert isinstance(error, refused or type(None)), self._said(repr(error))
        assert self.product.seen().state() == before, self._said("something has changed")
        if error is not None and deed.item is not None and deed.verb in ("approve", "refuse"):
            deed.item.typed = True
        self.compare()
        self.coverage.count(how, self.last_where)
        return True

    def where_besides(self, verb: str) -> tuple[str, ...]:
        """Return the structures that something would meet that is no verb."""
        if verb in ("repeat", "stale", "misused_key"):
            return self.last_where if self._has_key() else ()
        return structures(self.game, Deed(verb))

    def _note(self, verb: str) -> None:
        self.coverage.count(verb, self.where_besides(verb))

    def _approve_together(self, choice: int) -> bool:
        return self._together("approve", choice)

    def _transfer_together(self, choice: int) -> bool:
        return self._together("transfer", choice)

    def _together(self, verb: str, choice: int) -> bool:
        """Let somebody do several items at once, of which some may be refused."""
        found = [deed for deed in verbs.deeds(self.game, verb) if not verbs.why_not(self.game, deed)]
        if not found:
            return False
        first = found[choice % len(found)]
        items = [
            first.item,
            *(item for item in self.game.items() if item.is_undone and item is not first.item),
        ]
        chosen = [Deed(verb, first.actor, item, None, first.other) for item in items[:AT_ONCE]]
        asked = [self.seen.items[self.pairs[deed.item]] for deed in chosen]
        self.log.append(f"together: {'; '.join(map(told, chosen))}")
        self.world.clock.pass_by(minutes=1)
        if verb == "approve":
            done = self.product.complete_together(first.actor, asked)
        else:
            done = self.product.transfer_together(first.actor, asked, first.other)
        self._follow(chosen, done, f"{verb}_together")
        self.last = None
        self.compare()
        return True

    def _follow(self, chosen: Sequence[Deed], done: Sequence[bool], name: str) -> None:
        was = {deed.item: (deed.item.status, deed.item.who) for deed in chosen}
        for deed, is_done in zip(chosen, done, strict=True):
            changed = was[deed.item] != (deed.item.status, deed.item.who)
            refusal = verbs.why_not(self.game, deed) or ("changed since" if changed else "")
            assert is_done is not bool(refusal), self._said(f"{told(deed)}: {refusal or 'refused'}")
            self.coverage.count(name, structures(self.game, deed), refused=bool(refusal))
            if not refusal:
                verbs.carry_out(self.game, deed)
            elif deed.verb == "approve":
                deed.item.typed = True


def told(deed: Deed) -> str:
    """Return a deed in words: `c1 return s2 as coordinator to s1`."""
    of_item = [deed.item.of.step.name, f"as {deed.item.role}"] if deed.item is not None else []
    target = [f"to {deed.target.step.name}"] if deed.target is not None else []
    other = [f"with {deed.other}"] if deed.other else []
    return " ".join([*([deed.actor] if deed.actor else []), deed.verb, *of_item, *target, *other])
