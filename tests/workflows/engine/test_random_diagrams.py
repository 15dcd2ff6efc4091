"""Random diagrams × random completions: in memory ≡ kept as bytes ≡ kept and compacted."""

from __future__ import annotations

from itertools import count, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    boundary,
    call,
    catch,
    coded,
    condition,
    draw,
    end,
    event_gateway,
    fork,
    inclusive,
    link,
    message,
    service,
    several,
    shape,
    signal,
    start,
    step,
    sub,
    throw,
    timer,
    xor,
)
from tests.workflows.engine.walking import NOW, RememberingHost
from workflows.engine import Spec, compile_process
from workflows.engine.compaction import compact
from workflows.engine.environment import FeelEngine
from workflows.engine.runtime import Case
from workflows.engine.state import decode, encode
from workflows.engine.tokens import open_tokens, variables
from workflows.engine.verbs import complete_task

# A block is a tree; drawn, it has one way in and one way out.
LEAF = st.sampled_from(
    [
        "step",
        "service",
        "timer",
        "message",
        "receive",
        "signal",
        "call",
        "condition",
        "several",
        "each",
        "round",
    ]
)
INSIDE = [
    "inside",
    "watched",
    "noticed",
    "heeding",
    "heeding_beside",
    "raised",
    "escalated",
    "stopped",
    "many",
]
BLOCKS = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.tuples(
            st.sampled_from(["row", "all", "one", "some", "first"]), st.lists(inner, min_size=2, max_size=3)
        ),
        st.tuples(st.sampled_from(["loop", "linked", *INSIDE]), inner),
    ),
    max_leaves=7,
)


REPEATED = {
    "several": several("parallel", loopCardinality="2"),
    "each": several("sequential", loopCardinality="2"),
    "round": several("standard", loopMaximum="3", loopCondition="modulo(luck, 2) = 0"),
}
LEAVES = {
    "step": lambda name, _: step(name, name),
    "service": lambda name, _: service(name),
    "timer": lambda name, _: catch(name, timer("duration", "P1D")),
    "message": lambda name, _: catch(name, message(name)),
    "signal": lambda name, _: catch(name, signal(name)),
    "receive": lambda name, _: shape("receiveTask", name, messageRef=f"message_{name}"),
    "call": lambda name, _: call(name, "other"),
    "condition": lambda name, known: catch(
        name, condition(f"{known[-1]} != null and {known[-1]} > 5" if known else "luck > 5")
    ),
    **{
        kind: lambda name, _, inner=inner: replace(step(name, name), inner=inner)
        for kind, inner in REPEATED.items()
    },
}


class Drawer:
    """Draws blocks into shapes and flows with fresh names."""

    def __init__(self):
        self.numbers = count(1)
        self.shapes, self.flows, self.steps = [], [], []

    def name(self, kind):
        return f"{kind}{next(self.numbers)}"

    def add(self, shape):
        self.shapes.append(shape)
        return shape.id

    def link(self, *names):
        self.flows.append(" > ".join(names))

    def block(self, block):
        if isinstance(block, str):
            return self.leaf(block)
        kind, inner = block
        return getattr(self, kind)(inner)

    def leaf(self, kind):
        name = self.name(kind)
        self.add(LEAVES[kind](name, self.steps))
        if kind in ("step", *REPEATED):
            self.steps.append(name)
        return name, name

    def row(self, inner):
        ends = [self.block(block) for block in inner]
        for one, other in pairwise(ends):
            self.link(one[1], other[0])
        return ends[0][0], ends[-1][1]

    def all(self, inner):
        return self.split(fork, inner)

    def one(self, inner):
        return self.split(xor, inner)

    def some(self, inner):
        return self.split(inclusive, inner)

    def split(self, make, inner):
        into, out = self.add(make(self.name("in"))), self.add(make(self.name("out")))
        for n, block in enumerate(inner):
            first, last = self.block(block)
            if make is fork:
                self.link(into, first)
            else:
                self.flows.append(f"{into} ! {first}" if n == 0 else f"{into} ? {self.coin(n)} > {first}")
            self.link(last, out)
        return into, out

    def coin(self, n):
        return f"modulo(luck, {n + 2}) = 0"

    def first(self, inner):
        into, out = self.add(event_gateway(self.name("ev"))), self.add(xor(self.name("out")))
        for block in inner:
            waiting = self.name("wait")
            self.add(catch(waiting, message(waiting)))
            first, last = self.block(block)
            self.link(into, waiting, first)
            self.link(last, out)
        return into, out

    def loop(self, inner):
        into, out, rest = (
            self.add(xor(self.name("again"))),
            self.add(xor(self.name("more"))),
            self.name("step"),
        )
        self.add(step(rest, rest))
        first, last = self.block(inner)
        self.link(into, first)
        self.link(last, rest, out)
        back = self.add(xor(self.name("back")))
        self.flows += [f"{out} ? modulo({rest}, 3) = 1 > {into}", f"{out} ! {back}"]
        return into, back

    def inside(self, inner):
        drawer, first, last = self.within(inner)
        drawer.link(drawer.add(start(self.name("s"))), first)
        drawer.link(last, drawer.add(end(self.name("e"))))
        return self.close(drawer)

    def within(self, inner):
        """Draw a block in a scope of its own, which has no start or end yet."""
        drawer = Drawer()
        drawer.numbers, drawer.steps = self.numbers, list(self.steps)
        return (drawer, *drawer.block(inner))

    def close(self, drawer, repeated=""):
        name = self.name("sub")
        drawn = sub(name, drawer.shapes, "\n".join(drawer.flows))
        self.add(replace(drawn, inner=repeated))
        return name, name

    def many(self, inner):
        drawer, first, last = self.within(inner)
        drawer.link(drawer.add(start(self.name("s"))), first)
        drawer.link(last, drawer.add(end(self.name("e"))))
        return self.close(drawer, several("parallel", loopCardinality="2"))

    def heeding(self, inner, *, interrupting=True):
        """A sub-process with an event sub-process inside."""
        drawer, first, last = self.within(inner)
        drawer.link(drawer.add(start(self.name("s"))), first)
        drawer.link(last, drawer.add(end(self.name("e"))))
        event, aside, begun, done = (self.name(kind) for kind in ("event", "step", "s", "e"))
        cause = shape("startEvent", begun, message(event), isInterrupting=str(interrupting).lower())
        heard = [cause, step(aside, aside), end(done)]
        drawer.add(sub(event, heard, f"{begun} > {aside} > {done}", triggeredByEvent="true"))
        return self.close(drawer)

    def heeding_beside(self, inner):
        return self.heeding(inner, interrupting=False)

    def raised(self, inner):
        """A sub-process that ends in an error, taken at its edge."""
        return self.throwing(inner, "error")

    def escalated(self, inner):
        """A sub-process that tells the outside, which goes on beside it."""
        return self.throwing(inner, "escalation")

    def throwing(self, inner, kind):
        drawer, first, last = self.within(inner)
        drawer.link(drawer.add(start(self.name("s"))), first)
        drawer.link(last, drawer.add(end(self.name("e"), coded(kind, "E"))))
        host, _ = self.close(drawer)
        edge, out = self.name("edge"), self.add(xor(self.name("out")))
        self.add(boundary(edge, host, coded(kind, "E"), interrupting=kind == "error"))
        aside = self.add(step(self.name("step"), edge))
        self.link(host, out)
        self.link(edge, aside, out if kind == "error" else self.add(end(self.name("aside"))))
        return host, out

    def stopped(self, inner):
        """A sub-process in which one of two ways ends the other."""
        drawer, first, last = self.within(inner)
        into, short = drawer.add(fork(self.name("in"))), drawer.add(step(self.name("step")))
        drawer.link(drawer.add(start(self.name("s"))), into, first)
        drawer.link(into, short, drawer.add(end(self.name("e"), "<bpmn:terminateEventDefinition/>")))
        drawer.link(last, drawer.add(end(self.name("e"))))
        return self.close(drawer)

    def linked(self, inner):
        """A block that is reached by a link."""
        name, first, last = self.name("link"), *self.block(inner)
        begin, finish = self.add(throw(name, link(name))), self.add(catch(self.name("link"), link(name)))
        self.link(finish, first)
        return begin, last

    def watched(self, inner):
        return self.with_event(inner, interrupting=True)

    def noticed(self, inner):
        return self.with_event(inner, interrupting=False)

    def with_event(self, inner, *, interrupting):
        host, _ = self.inside(inner)
        event, out = self.name("event"), self.add(xor(self.name("out")))
        self.add(boundary(event, host, message(event), interrupting=interrupting))
        aside = self.add(step(self.name("step"), event))
        self.link(host, out)
        if interrupting:
            self.link(event, aside, out)
        else:
            self.link(event, aside, self.add(end(self.name("aside"))))
        return host, out


def spec_of(block) -> Spec:
    drawer = Drawer()
    first, last = drawer.block(block)
    drawer.add(start())
    drawer.add(end())
    drawer.link("start", first)
    drawer.link(last, "end")
    return compile_process(draw(drawer.shapes, "\n".join(drawer.flows)))


class Way:
    """One way to keep a case between two commands."""

    def __init__(self, spec, keep, luck):
        self.spec, self.keep = spec, keep
        self.case = Case(spec.scopes["case"], dict(spec.scopes), FeelEngine(RememberingHost(), NOW))
        self.case.begin({"luck": luck})
        self.case.settle()
        self.after()

    def after(self):
        self.trail = [(done.kind, done.element) for done in self.case.trail]
        self.case.trail.clear()
        self.keep(self)

    def view(self):
        tokens = sorted((token.element, token.kind) for token in open_tokens(self.case))
        return tokens, variables(self.case), self.case.completed, self.trail

    def act(self, choice, luck):
        tokens = sorted(open_tokens(self.case), key=lambda token: (token.element, self.age(token)))
        token = tokens[choice % len(tokens)]
        task = next(
            t
            for s in (self.case, *self.case.subprocesses.values())
            for t in s.tasks.values()
            if str(t.id) == token.id
        )
        if token.kind == "step":
            complete_task(self.case, task, {token.element: luck})
        else:
            task.task_spec.fire(task)
        self.case.settle()
        self.after()

    def age(self, token):
        return next(
            t.last_state_change
            for s in (self.case, *self.case.subprocesses.values())
            for t in s.tasks.values()
            if str(t.id) == token.id
        )


def in_memory(way):
    pass


def as_bytes(way):
    sequence = encode(way.case, way.spec)
    way.case = decode(sequence, way.spec, FeelEngine(RememberingHost(), NOW))


def compacted(way):
    compact(way.case)
    as_bytes(way)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(BLOCKS, st.integers(0, 11), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 11)), max_size=25))
def test_keeping_and_compacting_a_case_changes_nothing(block, luck, moves):
    spec = spec_of(block)
    ways = [Way(spec, keep, luck) for keep in (in_memory, as_bytes, compacted)]
    for choice, answer in moves:
        views = [way.view() for way in ways]
        assert views[0] == views[1] == views[2]
        if ways[0].case.completed:
            break
        assert views[0][0], "an open case has a token"
        for way in ways:
            way.act(choice, answer)
    views = [way.view() for way in ways]
    assert views[0] == views[1] == views[2]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(BLOCKS, st.integers(0, 11), st.lists(st.integers(0, 9), min_size=80, max_size=80))
def test_a_case_that_is_carried_on_ends(block, luck, moves):
    way = Way(spec_of(block), compacted, luck)
    for choice in moves:
        tokens = list(open_tokens(way.case))
        if not tokens:
            break
        steps = [
            n
            for n, token in enumerate(sorted(tokens, key=lambda t: (t.element, way.age(t))))
            if not token.element.startswith("event")
        ]
        way.act(steps[choice % len(steps)] if steps else choice, 0)
    assert way.case.completed
    assert len(way.case.tasks) == 1
