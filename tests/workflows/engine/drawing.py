"""A few words to draw diagrams with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


class Shape(Struct, frozen=True):
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
    return shape(
        "userTask", identity, extension=outputs(*names), **{f"weiran__{k}": v for k, v in attributes.items()}
    )


def service(identity: str, operation: str = "work", extension: str = "", **attributes: str) -> Shape:
    given = {f"weiran__{k}": v for k, v in attributes.items()}
    return shape(
        "serviceTask", identity, extension=f'<weiran:operation name="{operation}"/>{extension}', **given
    )


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


def link(name: str) -> str:
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def throw(identity: str, inner: str = "") -> Shape:
    return shape("intermediateThrowEvent", identity, inner)


def call(identity: str, process: str, extension: str = "") -> Shape:
    return shape("callActivity", identity, extension=extension, calledElement=process)


def signal(name: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="signal_{name}"/>'


def coded(kind: str, name: str) -> str:
    return f'<bpmn:{kind}EventDefinition {kind}Ref="{kind}_{name}"/>'


def condition(text: str) -> str:
    tag = "bpmn:conditionalEventDefinition"
    return f"<{tag}><bpmn:condition>{escape(text)}</bpmn:condition></{tag}>"


def catch(identity: str, inner: str, extension: str = "", **attributes: str) -> Shape:
    given = {f"weiran__{k}": v for k, v in attributes.items()}
    return shape("intermediateCatchEvent", identity, inner, extension, **given)


def boundary(
    identity: str, host: str, inner: str, extension: str = "", interrupting: bool = True, **attributes: str
) -> Shape:
    given = {f"weiran__{k}": v for k, v in attributes.items()}
    return shape(
        "boundaryEvent",
        identity,
        inner,
        extension,
        attachedToRef=host,
        cancelActivity=str(interrupting).lower(),
        **given,
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


def draw(
    shapes: Iterable[Shape], flows: str, key: str = "case", lane: str | None = "coordinator", roots: str = ""
) -> bytes:
    """Return a diagram. Flows: `a > b > c` in lines; `g ? condition > b`, `g ! b` (default)."""
    shapes = tuple(shapes)
    body = _body(shapes, flows, "flow")
    names = sorted({part for s in _all(shapes) for part in _references(s)})
    defined = "".join(
        f'<bpmn:{kind} id="{kind}_{name}" name="{name}"{_code(kind, name)}/>' for kind, name in names
    )
    lanes = ""
    if lane is not None and "<bpmn:laneSet" in lane:
        lanes = lane
    elif lane is not None:
        inside = "".join(f"<bpmn:flowNodeRef>{s.id}</bpmn:flowNodeRef>" for s in _all(shapes))
        lanes = (
            f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="{lane}">{inside}</bpmn:lane></bpmn:laneSet>'
        )
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:weiran='
        f'"urn:weiran:bpmn:1" id="definitions">{defined}{roots}<bpmn:process id="{key}" name="流程"'
        f' isExecutable="true">{lanes}{body}'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def _all(shapes: Iterable[Shape]) -> list[Shape]:
    return [inner for s in shapes for inner in (s, *_all(s.shapes))]


def _code(kind: str, name: str) -> str:
    return f' {kind}Code="{name}"' if kind in ("error", "escalation") else ""


def _references(s: Shape) -> list[tuple[str, str]]:
    found, inner = [], s.inner + "".join(f' {name}="{value}"' for name, value in s.attributes)
    for kind in ("message", "signal", "error", "escalation"):
        parts = inner.split(f'{kind}Ref="{kind}_')[1:]
        found += [(kind, part.partition('"')[0]) for part in parts]
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
            pairs = [(a, b, None, False) for a, b in pairwise(chain)]
        for source, target, when, default in pairs:
            count += 1
            identity = f"{prefix}_{count}"
            if default:
                defaults[source.strip()] = identity
            inner = (
                "" if when is None else f"<bpmn:conditionExpression>{escape(when)}</bpmn:conditionExpression>"
            )
            drawn += (
                f'<bpmn:sequenceFlow id="{identity}" sourceRef="{source.strip()}"'
                f' targetRef="{target.strip()}">{inner}</bpmn:sequenceFlow>'
            )
    return drawn, defaults


def decision_table(
    policy: str,
    rules: Iterable[tuple[str, ...]],
    columns: Iterable[str] = ("expert",),
    given: str = "region",
    extra: str = "",
) -> bytes:
    """Return a DMN file whose decision `assign` is one table over one input."""
    heads = "".join(f'<output id="o{n}" name="{name}"/>' for n, name in enumerate(columns))
    rows = "".join(
        f'<rule id="r{n}"><inputEntry id="i{n}"><text>{test}</text></inputEntry>'
        + "".join(
            f'<outputEntry id="e{n}_{k}"><text>{value}</text></outputEntry>' for k, value in enumerate(values)
        )
        + "</rule>"
        for n, (test, *values) in enumerate(rules)
    )
    head = f'<input id="c"><inputExpression id="x"><text>{given}</text></inputExpression></input>'
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="urn:x"><inputData id="in" name="{given}"/>'
        f'<decision id="assign" name="assign"><informationRequirement id="q"><requiredInput href="#in"/>'
        f'</informationRequirement><decisionTable id="t" hitPolicy="{policy}">{head}'
        f"{heads}{rows}</decisionTable></decision>{extra}</definitions>"
    ).encode()
