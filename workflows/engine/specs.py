"""Specifications: the compiled diagram, its public face, and the frozen run-time objects built from it.

A specification is always built from its JSON form, also right after the diagram was compiled: what runs
today is what a fresh process will build from `release.spec_json` (trap 3). Nothing changes it afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType

import orjson
from msgspec import Struct

from workflows.engine.elements import activities, events
from workflows.engine.elements.base import (
    ITEM,
    SPLIT,
    START,
    WATCH,
    BoundarySplit,
    Element,
    Flow,
    ScopeSpec,
    Start,
)
from workflows.engine.elements.conditions import ExclusiveGateway
from workflows.engine.elements.instances import MultiInstance, StandardLoop
from workflows.engine.elements.joins import InclusiveGateway, ParallelGateway, ScopeEnd
from workflows.engine.errors import StateError
from workflows.engine.facets import (
    EVENT_SUBPROCESS,
    LINK,
    event_points,
    operation_uses,
    sites_of,
    start_points,
    steps_of,
)
from workflows.engine.model import EventPoint, Node, OperationUse, Site, StartPoint, Step

FORMAT = 1

ELEMENTS: dict[str, Callable[[ScopeSpec, str, Node], Element]] = {
    "userTask": activities.UserTask,
    "manualTask": activities.UserTask,
    "task": activities.UserTask,
    "serviceTask": activities.ServiceTask,
    "businessRuleTask": activities.BusinessRuleTask,
    "subProcess": activities.SubProcess,
    EVENT_SUBPROCESS: activities.SubProcess,
    "callActivity": events.CallActivity,
    LINK: Element,
    "sendTask": events.ThrowEvent,
    "receiveTask": events.CatchEvent,
    "startEvent": events.StartEvent,
    "endEvent": events.EndEvent,
    "intermediateThrowEvent": events.ThrowEvent,
    "intermediateCatchEvent": events.CatchEvent,
    "boundaryEvent": events.BoundaryEvent,
    "eventBasedGateway": events.EventBasedGateway,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
}


class Spec(Struct, frozen=True, dict=True):
    """A compiled process. Equal JSON means equal specification."""

    compiled: Node

    @property
    def key(self) -> str:
        """Return the id of the process."""
        return str(self.compiled["key"])

    @property
    def name(self) -> str:
        """Return the name of the process for people."""
        return str(self.compiled["name"])

    @property
    def subject(self) -> str | None:
        """Return which kind of record a case of this process is about."""
        found = self.compiled["subject"]
        return None if found is None else str(found)

    @property
    def title(self) -> str | None:
        """Return the FEEL text of a case's title."""
        found = self.compiled["title"]
        return None if found is None else str(found)

    @cached_property
    def version_sha(self) -> str:
        """Return the SHA-256 of the compiled form, which states of this specification carry."""
        canonical = orjson.dumps(dict(self.compiled), option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(canonical).hexdigest()

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Return the elements of the diagram by id, of all its scopes."""
        return MappingProxyType(
            {name: node for scope in self._scopes().values() for name, node in scope.items()}
        )

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Return the steps of people by id."""
        return MappingProxyType(steps_of(self.nodes))

    @cached_property
    def events(self) -> Mapping[str, EventPoint]:
        """Return the events that wait for messages, signals or timers, by id."""
        return MappingProxyType(event_points(self.nodes))

    @cached_property
    def starts(self) -> Mapping[str, StartPoint]:
        """Return the start events of the process by id."""
        return MappingProxyType(start_points(self._scopes()[self.key]))

    @cached_property
    def forms(self) -> tuple[tuple[str, str, str], ...]:
        """Return each place that asks a form: its element, its name, and the form."""
        places: list[Step | EventPoint | StartPoint] = [*self.steps.values(), *self.events.values()]
        places += self.starts.values()
        return tuple(dict.fromkeys((one.id, one.name, one.form) for one in places if one.form))

    @cached_property
    def operations(self) -> tuple[OperationUse, ...]:
        """Return each call of an operation."""
        return operation_uses(self.nodes)

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Return each expression of the diagram with its place."""
        return tuple(sites_of(self.compiled))

    @cached_property
    def decisions(self) -> tuple[str, ...]:
        """Return the names of the decisions that the process needs."""
        return tuple(sorted({str(n["decision"]) for n in self.nodes.values() if n.get("decision")}))

    @cached_property
    def calls(self) -> tuple[str, ...]:
        """Return the processes that the process opens cases of and waits for."""
        return tuple(sorted({str(n["process"]) for n in self.nodes.values() if n["type"] == "callActivity"}))

    @cached_property
    def scopes(self) -> Mapping[str, ScopeSpec]:
        """Return the run-time objects, one for the process and each sub-process."""
        return MappingProxyType({name: _build(name, nodes) for name, nodes in self._scopes().items()})

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return the element names of each scope in the order that states count them by."""
        return MappingProxyType(
            {name: tuple(sorted(scope.task_specs)) for name, scope in self.scopes.items()}
        )

    def to_json(self) -> bytes:
        """Return the compiled form for `release.spec_json`."""
        return orjson.dumps(dict(self.compiled))

    @staticmethod
    def from_json(source: bytes) -> Spec:
        """Return the specification that `to_json` wrote. Raises: StateError for another format."""
        compiled = orjson.loads(source)
        if not isinstance(compiled, dict) or compiled.get("format") != FORMAT:
            raise StateError(reason="spec format")
        return Spec(compiled)

    def _scopes(self) -> Mapping[str, Mapping[str, Node]]:
        return {name: scope["nodes"] for name, scope in self.compiled["scopes"].items()}


def _build(name: str, nodes: Mapping[str, Node]) -> ScopeSpec:
    scope = ScopeSpec(name)
    scope.start = Start(scope, START, {})
    scope.end = ScopeEnd(scope)
    attached: dict[str, list[str]] = {}
    for identity, node in nodes.items():
        _build_element(scope, identity, node)
        if node["type"] == "boundaryEvent":
            attached.setdefault(str(node["attached"]), []).append(identity)
    for identity, events_of in attached.items():
        split = BoundarySplit(scope, identity + SPLIT, {})
        for target in (identity, *events_of):
            split.follow(Flow(f"{split.name}:{target}", target))
    for identity, node in nodes.items():
        _connect(scope, identity, node, attached)
    return scope


def _build_element(scope: ScopeSpec, identity: str, node: Node) -> None:
    make = ELEMENTS[str(node["type"])]
    loop = node.get("loop")
    if isinstance(loop, Mapping):
        owner = StandardLoop if loop["kind"] == "standard" else MultiInstance
        owner(scope, identity, node)
        make(scope, identity + ITEM, node)
    else:
        make(scope, identity, node)
    if node["type"] == EVENT_SUBPROCESS:
        events.ScopeEvent(scope, identity + WATCH, node)


def _connect(scope: ScopeSpec, identity: str, node: Node, attached: Mapping[str, list[str]]) -> None:
    element = scope.task_specs[identity]
    for flow in node["flows"]:
        target = flow["to"] + SPLIT if flow["to"] in attached else flow["to"]
        element.follow(Flow(flow["id"], target, flow["name"], flow["when"], flow["default"]))
        goal = scope.task_specs[target]
        if isinstance(goal, ParallelGateway):
            goal.incoming |= {flow["id"]}
    if node["type"] == "startEvent":
        scope.start.follow(Flow(f"{START}:{identity}", identity))
    if node["type"] == EVENT_SUBPROCESS:
        watcher = scope.task_specs[identity + WATCH]
        watcher.follow(Flow(f"{watcher.name}:{identity}", identity))
        scope.start.follow(Flow(f"{START}:{identity}", watcher.name))
    if node["type"] in ("endEvent", EVENT_SUBPROCESS):
        element.follow(Flow(f"{identity}:{scope.end.name}", scope.end.name))
