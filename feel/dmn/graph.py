"""Deciding: requirements first, each decision once, one meter for all."""

from __future__ import annotations

from collections.abc import Mapping

from feel.compiler import MISSING
from feel.dmn.model import Decision, InputData, Model, Outcome, Part, Requirement, Service, Step
from feel.errors import FeelLimitError
from feel.exchange import to_feel, to_python
from feel.limits import FRAMES, PLAIN, Host, Meter, Run
from feel.program import Body
from feel.types import coerced
from feel.values import Function, Value

Typed = InputData | Decision | Service
Names = tuple[str, ...]
STEPS = 200
LEVELS = 40  # a decision service that calls itself ends here


class UnknownDecisionError(LookupError):
    """The model has no decision or service of that name."""


def decide(
    model: Model,
    name: str,
    inputs: Mapping[str, Value],
    host: Host = PLAIN,
    meter: Meter | None = None,
    *,
    explaining: bool = False,
) -> Outcome:
    """Return the value of a decision or service, with the steps that led to it.

    Values in `inputs` that bear the name of a decision are taken instead of it. `explaining` has each step tell what
    was needed and what was not, at a price. Raises UnknownDecisionError, FeelLimitError.
    """
    part = model.parts.get(model.names.get(name, ""))
    if not isinstance(part, Decision | Service):
        raise UnknownDecisionError(name)
    run = Run(host, meter, explaining=explaining)
    try:
        given = {key: to_feel(run, value) for key, value in inputs.items()}
        deciding = Deciding(model, run, given)
        value = to_python(run, deciding.result(part))
    except RecursionError as error:
        raise FeelLimitError("depth", FRAMES) from error
    finally:
        run.settle()
    return Outcome(value, tuple(deciding.trace), tuple(run.warnings.values()))


class Deciding:
    """The values known so far, by key."""

    def __init__(
        self,
        model: Model,
        run: Run,
        given: Mapping[str, Value],
        trace: list[Step] | None = None,
        level: int = 0,
    ) -> None:
        self.model = model
        self.run = run
        self.given = given
        self.level = level
        self.values: dict[str, Value] = {}
        self.trace: list[Step] = [] if trace is None else trace

    def result(self, part: Part) -> Value:
        """Return the value of a decision, or what a service gives for the inputs of this deciding."""
        if isinstance(part, Service):
            return self._service_result(part)
        return self.value(part.key)

    def value(self, key: str) -> Value:
        """Return the value of a part, computed once, after all that it rests on, however far that reaches."""
        pending = [key]
        while pending:
            part = self.model.parts[pending[-1]]
            before = [one for one in self._needed(part) if one not in self.values]
            if before and part.key not in self.values:
                pending += before
                continue
            pending.pop()
            if part.key not in self.values:
                self.values[part.key] = self._made(part)
        return self.values[key]

    def _needed(self, part: Part) -> list[str]:
        """Return what is computed before a part: nothing before what is given, nor before a function itself."""
        if not isinstance(part, Decision) or (part.name in self.given and not part.is_knowledge):
            return []
        return [one.key for one in part.requirements if one.key != part.key]

    def _made(self, part: Part) -> Value:
        if isinstance(part, Service):
            return self._service_function(part)
        given = self.given.get(part.name, MISSING)
        if isinstance(part, InputData):
            return self._typed(part, None if given is MISSING else given)
        if given is not MISSING and not part.is_knowledge:
            return self._typed(part, given)
        return self._decided(part)

    def _decided(self, part: Decision) -> Value:
        if part.body is None:
            return self.run.warn("broken", (0, 0), part.name)
        scope = self._scope(part.requirements)
        outer = self.run.tables, self.run.warnings
        self.run.tables, self.run.warnings = [], {}
        value, names = self._evaluated(part.body, scope)
        value = self._typed(part, value)
        tables, warnings = tuple(self.run.tables), self.run.warnings
        self.run.tables, self.run.warnings = outer[0], {**outer[1], **warnings}
        if not part.is_knowledge and len(self.trace) < STEPS:
            told = to_python(self.run, value)
            self.trace.append(Step(part.name, told, tables, part.body.text, tuple(warnings.values()), *names))
        return value

    def _evaluated(self, body: Body, scope: Mapping[str, Value]) -> tuple[Value, tuple[Names, Names]]:
        """Return the value, and the names that were needed and not needed if somebody asks for an explanation."""
        if not self.run.explaining:
            return body.run(self.run, scope), ((), ())
        value, read = body.run_watched(self.run, scope)
        names = [name for name in scope if type(scope[name]) is not Function]
        return value, (
            tuple(name for name in names if name in read),
            tuple(name for name in names if name not in read),
        )

    def _scope(self, requirements: tuple[Requirement, ...]) -> dict[str, Value]:
        scope: dict[str, Value] = {}
        for one in requirements:
            target = scope.setdefault(one.through, {}) if one.through else scope
            target[one.name] = self.value(one.key)
        return scope

    def _typed(self, part: Typed, value: Value) -> Value:
        does_fit, found = coerced(self.run, value, part.type)
        return found if does_fit else self.run.warn("coercion", (0, 0), part.name)

    def _service_result(self, service: Service) -> Value:
        for part in (self.model.parts[key] for key in service.inputs):
            if part.name not in self.given:  # a decision that the service takes is not decided by it
                self.run.warn("input", (0, 0), part.name)
                self.values[part.key] = None
        outputs = [self.model.parts[key] for key in service.outputs]
        if len(outputs) == 1:
            return self._typed(service, self.value(outputs[0].key))
        return self._typed(service, {part.name: self.value(part.key) for part in outputs})

    def _service_function(self, service: Service) -> Function:
        """Return a service as a function of its inputs."""
        parts = [self.model.parts[key] for key in service.inputs]
        names = tuple(part.name for part in parts)

        def call(run: Run, arguments: list[Value]) -> Value:
            if self.level >= LEVELS or len(arguments) != len(names):
                return run.warn("limit" if self.level >= LEVELS else "argument", (0, 0), service.name)
            if not all(
                coerced(self.run, value, part.type)[0] for value, part in zip(arguments, parts, strict=True)
            ):
                return run.warn("coercion", (0, 0), service.name)
            run.spend(1)
            given = dict(zip(names, arguments, strict=True))
            return Deciding(self.model, run, given, self.trace, self.level + 1).result(service)

        return Function(names, call, name=service.name)
