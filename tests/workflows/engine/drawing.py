"""A few words to draw diagrams with, a host that remembers, and a walk through a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

import feel
from workflows import engine
from workflows.engine import Complete, Deliver, Fire, Outcome, Spec, Token, compile_process

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Shape:
    tag: str
    id: str
    inner: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    flows: str = ""
    shapes: tuple[Shape, ...] = ()
    extension: str = ""


def shape(tag: str, identity: str, inner: str = "", extension: str = "", **attributes: str) -> Shape:
    named = {k.replace("__", ":"): v for k, v in attributes.items()}
    return Shape(tag, identity, inner, tuple(named.items()), extension=extension)


def outputs(*names: str, **texts: str) -> str:
    given = "".join(f'<weiran:output name="{n}"/>' for n in names)
    return given + "".join(f'<weiran:output name="{n}" value={quoteattr(t)}/>' for n, t in texts.items())


def inputs(**texts: str) -> str:
    return "".join(f'<weiran:input name="{n}" value={quoteattr(t)}/>' for n, t in texts.items())


def step(identity: str, *names: str, **attributes: str) -> Shape:
    """A user task that keeps the named answers as variables."""
    return shape("userTask", identity, extension=outputs(*names), **{f"weiran__{k}": v for k, v in attributes.items()})


def service(identity: str, operation: str = "work", extension: str = "", **attributes: str) -> Shape:
    given = {f"weiran__{k}": v for k, v in attributes.items()}
    return shape("serviceTask", identity, extension=f'<weiran:operation name="{operation}"/>{extension}', **given)


def start(identity: str = "start") -> Shape:
    return shape("startEvent", identity)


def end(identity: str = "end", inner: str = "") -> Shape:
    return shape("endEvent", identity, inner)


def xor(identity: str) -> Shape:
    return shape("exclusiveGateway", identity)


def fork(identity: str) -> Shape:
    return shape("parallelGateway", identity)


def inclusive(identity: str) -> Shape:
    return shape("inclusiveGateway", identity)


def event_gateway(identity: str) -> Shape:
    return shape("eventBasedGateway", identity)


def timer(form: str, text: str) -> str:
    tag = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[form]
    return f"<bpmn:timerEventDefinition><bpmn:{tag}>{escape(text)}</bpmn:{tag}></bpmn:timerEventDefinition>"


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="message_{name}"/>'


def signal(name: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="signal_{name}"/>'


def coded(kind: str, name: str) -> str:
    return f'<bpmn:{kind}EventDefinition {kind}Ref="{kind}_{name}"/>'


def condition(text: str) -> str:
    return f"<bpmn:conditionalEventDefinition><bpmn:condition>{escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>"


def catch(identity: str, inner: str, extension: str = "", **attributes: str) -> Shape:
    given = {f"weiran__{k}": v for k, v in attributes.items()}
    return shape("intermediateCatchEvent", identity, inner, extension, **given)


def boundary(
    identity: str, host: str, inner: str, extension: str = "", interrupting: bool = True, **attributes: str
) -> Shape:
    given = {f"weiran__{k}": v for k, v in attributes.items()}
    return shape(
        "boundaryEvent", identity, inner, extension, attachedToRef=host, cancelActivity=str(interrupting).lower(), **given
    )


def send(identity: str, name: str, target: str = "other", correlation: str = '"k"', **payload: str) -> Shape:
    told = f'<weiran:message name="{name}" target="{target}" correlation={quoteattr(correlation)}>'
    return shape("sendTask", identity, extension=f"{told}{inputs(**payload)}</weiran:message>")


def sub(identity: str, shapes: Iterable[Shape], flows: str, **attributes: str) -> Shape:
    named = {k.replace("__", ":"): v for k, v in attributes.items()}
    return Shape("subProcess", identity, "", tuple(named.items()), flows, tuple(shapes))


def several(kind: str, **parts: str) -> str:
    """Loop characteristics: `parallel`, `sequential` or `standard`."""
    inner = ""
    for name in ("loopCardinality", "loopDataInputRef", "loopDataOutputRef"):
        if name in parts:
            inner += f"<bpmn:{name}>{escape(parts[name])}</bpmn:{name}>"
    for name in ("inputDataItem", "outputDataItem"):
        if name in parts:
            inner += f'<bpmn:{name} id="{name}_{parts[name]}" name="{parts[name]}"/>'
    for name in ("completionCondition", "loopCondition"):
        if name in parts:
            inner += f"<bpmn:{name}>{escape(parts[name])}</bpmn:{name}>"
    if kind == "standard":
        rest = "".join(f' {n}="{parts[n]}"' for n in ("loopMaximum", "testBefore") if n in parts)
        return f"<bpmn:standardLoopCharacteristics{rest}>{inner}</bpmn:standardLoopCharacteristics>"
    order = str(kind == "sequential").lower()
    tag = "multiInstanceLoopCharacteristics"
    return f'<bpmn:{tag} isSequential="{order}">{inner}</bpmn:{tag}>'


def draw(shapes: Iterable[Shape], flows: str, key: str = "case", lane: str | None = "coordinator", roots: str = "") -> bytes:
    """Return a diagram. Flows: `a > b > c` in lines; `g ? condition > b` and `g ! b` (default) after gateways."""
    shapes = tuple(shapes)
    body = _body(shapes, flows, "flow")
    names = sorted({part for s in _all(shapes) for part in _references(s.inner)})
    defined = "".join(f'<bpmn:{kind} id="{kind}_{name}" name="{name}"{_code(kind, name)}/>' for kind, name in names)
    lanes = ""
    if lane is not None:
        inside = "".join(f"<bpmn:flowNodeRef>{s.id}</bpmn:flowNodeRef>" for s in _all(shapes))
        lanes = f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="{lane}">{inside}</bpmn:lane></bpmn:laneSet>'
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:weiran="urn:weiran:bpmn:1"'
        f' id="definitions">{defined}{roots}<bpmn:process id="{key}" name="流程" isExecutable="true">{lanes}{body}'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def _all(shapes: Iterable[Shape]) -> list[Shape]:
    return [inner for s in shapes for inner in (s, *_all(s.shapes))]


def _code(kind: str, name: str) -> str:
    return f' {kind}Code="{name}"' if kind in ("error", "escalation") else ""


def _references(inner: str) -> list[tuple[str, str]]:
    found = []
    for kind in ("message", "signal", "error", "escalation"):
        for part in inner.split(f'{kind}Ref="{kind}_')[1:]:
            found.append((kind, part.partition('"')[0]))
    return found


def _body(shapes: tuple[Shape, ...], flows: str, prefix: str) -> str:
    drawn, defaults = _flows(flows, prefix)
    return "".join(_draw_shape(s, defaults) for s in shapes) + drawn


def _draw_shape(s: Shape, defaults: Mapping[str, str]) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in s.attributes)
    if s.id in defaults:
        attributes += f' default="{defaults[s.id]}"'
    extension = f"<bpmn:extensionElements>{s.extension}</bpmn:extensionElements>" if s.extension else ""
    inner = s.inner + (_body(s.shapes, s.flows, f"flow_{s.id}") if s.shapes else "")
    return f'<bpmn:{s.tag} id="{s.id}" name="{s.id}"{attributes}>{extension}{inner}</bpmn:{s.tag}>'


def _flows(text: str, prefix: str) -> tuple[str, dict[str, str]]:
    drawn, defaults, count = "", {}, 0
    for line in filter(None, (part.strip() for part in text.replace(";", "\n").splitlines())):
        if " ! " in line:
            source, _, target = line.partition(" ! ")
            pairs = [(source, target, None, True)]
        elif " ? " in line:
            source, _, rest = line.partition(" ? ")
            when, _, target = rest.rpartition(" > ")
            pairs = [(source, target, when, False)]
        else:
            chain = line.split(" > ")
            pairs = [(a, b, None, False) for a, b in zip(chain, chain[1:], strict=False)]
        for source, target, when, default in pairs:
            count += 1
            identity = f"{prefix}_{count}"
            if default:
                defaults[source.strip()] = identity
            inner = "" if when is None else f"<bpmn:conditionExpression>{escape(when)}</bpmn:conditionExpression>"
            drawn += (
                f'<bpmn:sequenceFlow id="{identity}" sourceRef="{source.strip()}" targetRef="{target.strip()}">'
                f"{inner}</bpmn:sequenceFlow>"
            )
    return drawn, defaults


def end_of_day(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


FUNCTIONS = {
    "end of day": feel.HostFunction(("day",), end_of_day),
    "start of day": feel.HostFunction(("day",), lambda day: datetime.combine(day, time(), SHANGHAI)),
    "add workdays": feel.HostFunction(("day", "days"), lambda day, days: day + timedelta(days=int(days))),
    "workdays": feel.HostFunction(("days",), lambda days: end_of_day(NOW.date() + timedelta(days=int(days)))),
}


@dataclass
class RememberingHost:
    """Answers operations from a table, and remembers what it was asked."""

    results: dict[str, object] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, object], str]] = field(default_factory=list)
    feel: feel.Host = field(default_factory=lambda: feel.Host(functions=FUNCTIONS))

    def call(self, operation: str, inputs: dict[str, object], element: str) -> dict[str, object]:
        self.calls.append((operation, inputs, element))
        result = self.results.get(operation, {})
        return result(inputs) if isinstance(result, Callable) else dict(result)

    def decide(self, decision: str, inputs: dict[str, object], element: str) -> dict[str, object]:
        return self.call(f"decide {decision}", inputs, element)


@dataclass
class Walk:
    """A case that is carried through its diagram; `hops` are the trail of all commands."""

    spec: Spec
    host: RememberingHost
    outcome: Outcome
    now: datetime = NOW
    hops: list[str] = field(default_factory=list)

    @property
    def open(self) -> list[str]:
        return sorted(token.element for token in self.outcome.tokens)

    def token(self, element: str) -> Token:
        return next(token for token in self.outcome.tokens if token.element == element)

    def complete(self, element: str, **answers: object) -> Walk:
        return self.carry(Complete(self.token(element).id, answers))

    def fire(self, element: str) -> Walk:
        return self.carry(Fire(self.token(element).id))

    def deliver(self, element: str, **payload: object) -> Walk:
        return self.carry(Deliver(self.token(element).id, payload))

    def carry(self, instruction: Complete | Fire | Deliver) -> Walk:
        self.outcome = engine.advance(self.spec, self.outcome.state, instruction, self.host, self.now)
        self.hops += [f"{done.kind}:{done.element}" for done in self.outcome.trail]
        return self

    def later(self, **span: float) -> Walk:
        self.now += timedelta(**span)
        return self

    def copy(self) -> Walk:
        return replace(self, hops=list(self.hops))


def walk(
    shapes: Iterable[Shape],
    flows: str,
    variables: Mapping[str, object] | None = None,
    host: RememberingHost | None = None,
    start_id: str | None = None,
) -> Walk:
    """Start a case of a diagram."""
    return begin(compile_process(draw(shapes, flows)), variables, host, start_id)


def begin(
    spec: Spec,
    variables: Mapping[str, object] | None = None,
    host: RememberingHost | None = None,
    start_id: str | None = None,
) -> Walk:
    host = host or RememberingHost()
    outcome = engine.start(spec, variables or {}, host, NOW, start_id)
    return Walk(spec, host, outcome, hops=[f"{done.kind}:{done.element}" for done in outcome.trail])
