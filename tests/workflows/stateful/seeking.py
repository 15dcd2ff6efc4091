"""Walks that look for what has not met yet: every verb in every structure, without chance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tests.workflows.stateful import verbs
from tests.workflows.stateful.coverage import STRUCTURES, Coverage, structures
from tests.workflows.stateful.game import Activation
from tests.workflows.stateful.tree import (
    FINANCE,
    MANAGER,
    VISITOR,
    Block,
    Choice,
    Fork,
    Inside,
    Loop,
    Row,
    Sign,
    Some,
    Step,
    named,
    steps_of,
)
from tests.workflows.stateful.walk import ALL, BESIDES, Walk

ALL_SIGN = Step(sign=Sign("all", (FINANCE, VISITOR)), vote=True, timeout="remind", watched=True)
ANY_SIGN = Step(sign=Sign("any", (FINANCE, VISITOR)), vote=True, timeout="escalate", watched=True)
IN_ORDER = Step(sign=Sign("order", ("c1", FINANCE)), vote=True, timeout="remind", watched=True)
BY_SHARE = Step(
    sign=Sign("share", (FINANCE, VISITOR, MANAGER), "0.5", MANAGER),
    vote=True,
    timeout="escalate",
    watched=True,
)
LATE = Step(FINANCE, timeout="escalate", watched=True)
SEVERAL = (
    Step(several="parallel", timeout="remind"),
    Step(VISITOR, several="sequential", timeout="escalate"),
)
DIAGRAMS: tuple[Block, ...] = tuple(
    named(Row((Step(), *blocks, Step(VISITOR))))
    for blocks in (
        (Step(timeout="remind"), Step(FINANCE, timeout="return")),
        (Loop(Inside(Row((LATE, ALL_SIGN))), Step(timeout="approve")),),
        (Fork((Row((ANY_SIGN, Step())), Row((LATE, Step(VISITOR, vote=True))))),),
        SEVERAL,
        (Choice(Step(), Row((IN_ORDER, Step())), Step()),),
        (Some(Step(), Row((BY_SHARE, Step())), Row((LATE, Step(vote=True)))),),
    )
)
"""Each structure with more than one step in it, so that there is something to go back to."""

FORBIDDEN = {
    **{("withdraw", name): "多实例的一次办理不是退回点" for name in ("parallel", "sequential")},
    **{("straight", name): "多实例的一次办理不能直送" for name in ("parallel", "sequential")},
    **{("edge", name): "这一步没有边界定时" for name in ("plain", "parallel", "sequential")},
    ("remove", "plain"): "没有加签就没有减签",
}
"""What cannot be, and why: as docs/verbs.md says, or by what the words mean."""

SETUP = {
    "hand_back": "delegate",
    "remove": "add_beside",
    **dict.fromkeys(("release", "delegate", *verbs.ADDING), "claim"),
    "back": "absence",
}
"""What is done first where a verb is not possible yet."""

LEADS_ON = ("time_out", "return", "straight", "edge", "withdraw", "refuse", "approve", "approve_together")
ORDER = (*(verb for verb in ALL if verb not in LEADS_ON), *LEADS_ON)
"""What leaves a step where it is comes first."""

PATIENCE = 16
"""How many deeds lead on before a walk gives up to meet anything new."""


def missing(coverage: Coverage) -> set[tuple[str, str]]:
    """Return the allowed cells that nothing has been counted in."""
    cells = {(verb, structure) for verb in ALL for structure in STRUCTURES} - FORBIDDEN.keys()
    return {cell for cell in cells if not coverage.done[cell]}


def seek(walk: Walk, most: int) -> None:
    """Do what fills an empty cell as long as there is such a thing; else what leads there, else what leads on."""
    idle, within = 0, _within(walk)
    for number in range(most):
        wanted = {cell for cell in missing(walk.coverage) if cell[1] in within}
        if not wanted or walk.game.ended or idle > PATIENCE:
            return
        idle = 0 if _fill(walk, wanted) else idle + 1
        if idle and not (_prepare(walk, wanted) or _go_on(walk, number)):
            return


def _within(walk: Walk) -> set[str]:
    """Return the structures that this diagram has, or may have."""
    steps = list(steps_of(walk.block))
    found = {"added", "returned", "straight"}
    found |= {kind for kinds in walk.game.around.values() for kind in kinds}
    found |= {step.sign.mode for step in steps if step.sign is not None} | {step.several for step in steps}
    found |= {"watched" for step in steps if step.watched}
    return found | ({"plain"} if all(isinstance(part, Step) for part in walk.block.parts) else set())


def _fill(walk: Walk, wanted: set[tuple[str, str]]) -> bool:
    for verb in ORDER:
        names = {name for other, name in wanted if other == verb}
        if not names:
            continue
        if verb in BESIDES:
            if names & set(walk.where_besides(verb)) and walk.step(verb, True, 0):
                return True
            continue
        meeting = (deed for deed in _lawful(walk, verb) if names & set(structures(walk.game, deed)))
        if any(walk.do(deed) for deed in islice(meeting, 1)):
            return True
    return False


def _prepare(walk: Walk, wanted: set[tuple[str, str]]) -> bool:
    """Do what makes a verb possible that has not met a structure that is open."""
    if any(_only_needs_time(walk, each, wanted) for each in walk.game.open()):
        return walk.step("wait", True, 0)
    for verb, first in SETUP.items():
        names = {name for other, name in wanted if other == verb}
        meeting = (deed for deed in _lawful(walk, first) if names & set(structures(walk.game, deed)))
        if any(walk.do(deed) for deed in islice(meeting, 1)):
            return True
    if any(structure == "added" for _, structure in wanted):
        meeting = (deed for deed in _lawful(walk, "add_beside") if deed.item.of.round is None)
        return any(walk.do(deed) for deed in islice(meeting, 1))
    return False


def _only_needs_time(walk: Walk, here: Activation, wanted: set[tuple[str, str]]) -> bool:
    verb = {"edge": here.step.watched, "time_out": bool(here.step.timeout)}
    names = structures(walk.game, verbs.Deed("", item=here.items[0]))
    is_new = here.opened_on == walk.game.people.day
    return is_new and any(verb[one] and (one, name) in wanted for one in verb for name in names)


def _go_on(walk: Walk, number: int) -> bool:
    """Bring the case on, now and then a step back; from its last step always, for something is still wanted."""
    kinds = ("approve", "approve", "return", "approve", "straight", "approve", "refuse")
    order = ("approve", "hand_back")
    is_last = any(each.step.name == walk.block.parts[-1].name for each in walk.game.open())
    return any(
        walk.step(verb, True, number)
        for verb in ("return" if is_last else kinds[number % len(kinds)], *order)
    )


def _lawful(walk: Walk, verb: str) -> Iterator[verbs.Deed]:
    for deed in verbs.deeds(walk.game, verb):
        if not verbs.why_not(walk.game, deed):
            yield deed
