"""Small structured diagrams as trees: what a block is, how blocks are drawn at random, how one becomes BPMN."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, pairwise

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict, replace

from tests.workflows.engine.drawing import (
    Shape,
    boundary,
    draw,
    end,
    fork,
    inclusive,
    outputs,
    several,
    shape,
    start,
    sub,
    timer,
    xor,
)

COORDINATOR, VISITOR, FINANCE = "coordinator", "return_visitor", "provider_finance"
MANAGER = "provider_manager"
ROLES = (COORDINATOR, VISITOR, FINANCE)


class Sign(Struct, frozen=True):
    """How several sign a step: a signer is a role, or the login of a person."""

    mode: str
    signers: tuple[str, ...]
    share: str = ""
    veto: str = ""


class Step(Struct, frozen=True):
    """A step of people. `several`: done twice, in parallel or in sequence; `watched`: left for another after a day."""

    role: str = COORDINATOR
    sign: Sign | None = None
    vote: bool = False
    timeout: str = ""
    several: str = ""
    watched: bool = False
    name: str = ""


class Row(Struct, frozen=True):
    """One block after the other."""

    parts: tuple[Block, ...]


class Choice(Struct, frozen=True):
    """A step decides which of two blocks comes."""

    decider: Step
    approved: Block
    refused: Block


class Fork(Struct, frozen=True):
    """Blocks beside one another, all of which are done."""

    branches: tuple[Block, ...]


class Some(Struct, frozen=True):
    """A step decides whether the first of two blocks comes beside the second, which always does."""

    decider: Step
    first: Block
    second: Block


class Loop(Struct, frozen=True):
    """A block and a step that sends the case round again as long as it refuses."""

    body: Block
    decider: Step


class Inside(Struct, frozen=True):
    """A block in an embedded sub-process."""

    body: Block


Block = Step | Row | Choice | Fork | Some | Loop | Inside

SIGNS = st.sampled_from(
    [
        Sign("all", (COORDINATOR, FINANCE)),
        Sign("all", (COORDINATOR, MANAGER)),
        Sign("any", (COORDINATOR, VISITOR, "f1")),
        Sign("order", (VISITOR, FINANCE, MANAGER)),
        Sign("order", ("c1", "c2")),
        Sign("share", (COORDINATOR, VISITOR, FINANCE), share="0.6"),
        Sign("share", (COORDINATOR, VISITOR, FINANCE), share="0.3", veto=FINANCE),
        Sign("share", (COORDINATOR, "c2", MANAGER), share="0.5", veto=MANAGER),
    ]
)
PLAIN = st.builds(
    Step, st.sampled_from(ROLES), vote=st.booleans(), timeout=st.sampled_from(["", "", "remind", "escalate"])
)
TIMED = st.builds(Step, st.sampled_from(ROLES), timeout=st.sampled_from(["approve", "return"]))
SIGNED = st.builds(
    Step, st.just(COORDINATOR), SIGNS, st.just(True), st.sampled_from(["", "remind", "escalate"])
)
REPEATED = st.builds(
    Step,
    st.just(COORDINATOR),
    st.none() | SIGNS,
    st.just(True),
    several=st.sampled_from(["parallel", "sequential"]),
)
WATCHED = st.builds(Step, st.sampled_from(ROLES), st.none() | SIGNS, st.just(True), watched=st.just(True))
STEPS = st.one_of(PLAIN, PLAIN, TIMED, SIGNED, SIGNED, REPEATED, WATCHED)
DECIDERS = st.one_of(PLAIN, SIGNED)


def _wider(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    return st.one_of(
        st.builds(Row, st.tuples(inner, inner)),
        st.builds(Row, st.tuples(inner, inner, inner)),
        st.builds(Fork, st.tuples(inner, inner)),
        st.builds(Loop, inner, DECIDERS),
        st.builds(Inside, inner),
        st.builds(Choice, DECIDERS, inner, inner),
        st.builds(Some, DECIDERS, inner, inner),
    )


BLOCKS = st.recursive(STEPS, _wider, max_leaves=7)
PROCESSES = st.builds(lambda first, rest: named(Row((first, rest))), PLAIN, BLOCKS)
"""Every process begins with a plain step, so that there is something to go back to."""


def named(block: Block, names: Iterator[int] | None = None) -> Block:
    """Return the block with its steps numbered in the order of reading."""
    numbers = names or count(1)
    if isinstance(block, Step):
        return replace(block, name=f"s{next(numbers)}")
    changed = {
        field: tuple(named(one, numbers) for one in value)
        if isinstance(value, tuple)
        else named(value, numbers)
        for field, value in asdict(block).items()
    }
    return replace(block, **changed)


def steps_of(block: Block) -> Iterator[Step]:
    """Yield the steps of a block."""
    if isinstance(block, Step):
        yield block
        return
    for value in asdict(block).values():
        for one in value if isinstance(value, tuple) else (value,):
            yield from steps_of(one)


def bpmn(block: Block, key: str) -> bytes:
    """Return the diagram of a process."""
    sheet = _Sheet(count(1))
    first, last = sheet.put(block)
    sheet.flows += [f"start > {first}", f"{last} > end"]
    shapes = [start(), *sheet.shapes, end()]
    lanes = {role: [] for role in ROLES}
    for step in steps_of(block):
        lanes[step.role] += [step.name, *([f"{step.name}_late"] if step.watched else [])]
    inside = "".join(
        f'<bpmn:lane id="lane_{role}" name="{role}">'
        + "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in names)
        + "</bpmn:lane>"
        for role, names in lanes.items()
    )
    return draw(shapes, "\n".join(sheet.flows), key, f'<bpmn:laneSet id="lanes">{inside}</bpmn:laneSet>')


class _Sheet:
    """One scope that is being drawn."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self.numbers = numbers
        self.shapes: list[Shape] = []
        self.flows: list[str] = []

    def put(self, block: Block) -> tuple[str, str]:
        """Draw a block; return where one comes in and goes out."""
        return getattr(self, f"_{type(block).__name__.lower()}")(block)

    def _add(self, drawn: Shape) -> str:
        self.shapes.append(drawn)
        return drawn.id

    def _new(self, kind: str) -> str:
        return f"{kind}{next(self.numbers)}"

    def _step(self, step: Step) -> tuple[str, str]:
        self._add(_user_task(step))
        if not step.watched:
            return step.name, step.name
        out, edge = self._add(xor(self._new("out"))), f"{step.name}_edge"
        self._add(boundary(edge, step.name, timer("duration", "P1D")))
        late = self._add(_user_task(late_step(step)))
        self.flows += [f"{step.name} > {out}", f"{edge} > {late} > {out}"]
        return step.name, out

    def _row(self, row: Row) -> tuple[str, str]:
        ends = [self.put(part) for part in row.parts]
        self.flows += [f"{one[1]} > {other[0]}" for one, other in pairwise(ends)]
        return ends[0][0], ends[-1][1]

    def _choice(self, choice: Choice) -> tuple[str, str]:
        first, asked = self.put(choice.decider)
        split, out = self._add(xor(self._new("g"))), self._add(xor(self._new("out")))
        yes, no = self.put(choice.approved), self.put(choice.refused)
        said = f'said_{choice.decider.name} = "approve"'
        self.flows += [f"{asked} > {split}", f"{split} ? {said} > {yes[0]}", f"{split} ! {no[0]}"]
        self.flows += [f"{yes[1]} > {out}", f"{no[1]} > {out}"]
        return first, out

    def _fork(self, block: Fork) -> tuple[str, str]:
        split, join = self._add(fork(self._new("f"))), self._add(fork(self._new("j")))
        for branch in block.branches:
            into, out = self.put(branch)
            self.flows += [f"{split} > {into}", f"{out} > {join}"]
        return split, join

    def _some(self, some: Some) -> tuple[str, str]:
        first, asked = self.put(some.decider)
        split, join = self._add(inclusive(self._new("f"))), self._add(inclusive(self._new("j")))
        one, two = self.put(some.first), self.put(some.second)
        said = f"said_{some.decider.name}"
        self.flows += [f"{asked} > {split}", f'{split} ? {said} = "approve" > {one[0]}', f"{split} ! {join}"]
        self.flows += [f"{split} ? {said} != null > {two[0]}", f"{one[1]} > {join}", f"{two[1]} > {join}"]
        return first, join

    def _loop(self, loop: Loop) -> tuple[str, str]:
        into, again = self._add(xor(self._new("in"))), self._add(xor(self._new("again")))
        body, decided = self.put(loop.body), self.put(loop.decider)
        leave = self._add(xor(self._new("out")))
        said = f'said_{loop.decider.name} != "approve"'
        self.flows += [f"{into} > {body[0]}", f"{body[1]} > {decided[0]}", f"{decided[1]} > {again}"]
        self.flows += [f"{again} ? {said} > {into}", f"{again} ! {leave}"]
        return into, leave

    def _inside(self, block: Inside) -> tuple[str, str]:
        inner = _Sheet(self.numbers)
        first, last = inner.put(block.body)
        begun, done = self._new("begun"), self._new("done")
        shapes = [start(begun), *inner.shapes, end(done)]
        inner.flows += [f"{begun} > {first}", f"{last} > {done}"]
        name = self._add(sub(self._new("sub"), shapes, "\n".join(inner.flows)))
        return name, name


def late_step(step: Step) -> Step:
    """Return the step that comes in place of a watched one that is late."""
    return Step(step.role, name=f"{step.name}_late")


def _user_task(step: Step) -> Shape:
    said = {
        "weiran:form": "decision",
        "weiran:vote": "decision" if step.vote else "",
        "weiran:approve": "approve" if step.vote else "",
        "weiran:timeout": step.timeout,
        "weiran:due": "today()" if step.timeout else "",
    }
    if (sign := step.sign) is not None:
        signers = ", ".join(f'"{one}"' if one in (*ROLES, MANAGER) else one for one in sign.signers)
        said |= {"weiran:sign": sign.mode, "weiran:signers": f"[{signers}]"}
        said |= {"weiran:share": sign.share, "weiran:veto": sign.veto}
    kept = "" if step.several else outputs(**{f"said_{step.name}": "answers.decision"})
    inner = several(step.several, loopCardinality="2") if step.several else ""
    drawn = shape("userTask", step.name, inner, kept)
    return replace(drawn, attributes=tuple((name, value) for name, value in said.items() if value))
