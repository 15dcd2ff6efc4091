"""The only evaluation there is: FEEL, at every site of a diagram, with one allowance per command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NoReturn, Protocol

from msgspec.structs import replace

import feel
from workflows.engine.errors import ExpressionError, LimitError
from workflows.engine.model import Host
from workflows.engine.values import plain_mapping

FUEL = 200_000
REASONS = 3


class CaseData(Protocol):
    """A task of the library, as far as evaluation needs it."""

    data: dict[str, object]


class FeelEnvironment:
    """What the library calls an environment: some of its sites call it directly, past the script engine."""

    def __init__(self, engine: FeelEngine) -> None:
        """Evaluate with the allowance of this engine."""
        self._engine = engine

    def evaluate(self, expression: str, context: Mapping[str, object], _: object = None) -> object:
        """Return the FEEL value of a text; the library's external context is not looked at."""
        return self._engine.value(expression, plain_mapping(context), None, "library")

    def execute(self, script: str, *_: object, **__: object) -> NoReturn:
        """Refuse: no script is ever run."""
        raise ExpressionError(None, site="script", text=script, reason="script")

    def call_service(self, *_: object, **__: object) -> NoReturn:
        """Refuse: services are operations of the catalogue."""
        raise ExpressionError(None, site="service", text="", reason="script")


class FeelEngine:
    """Stands where the library wants a script engine; made for one command, with host, instant, fuel."""

    def __init__(self, host: Host, now: datetime) -> None:
        """Serve one command. `now` must be aware; every due time of the command derives from it."""
        if now.tzinfo is None:
            raise ValueError(f"now must be an aware datetime, not {now!r}")
        self.host = host
        self.now = now
        self.meter = feel.Meter(FUEL)
        self.environment = FeelEnvironment(self)
        self._functions = tuple(host.feel.functions)
        self.feel = host.feel if host.feel.now == now else replace(host.feel, now=now)

    def value(self, text: str, scope: Mapping[str, object], element: str | None, site: str) -> object:
        """Return the value of an expression.

        Raises: ExpressionError if it is not FEEL, LimitError if it takes too much.
        """
        value: object = self._result(text, scope, element, site).value
        return value

    def holds(self, text: str, scope: Mapping[str, object], element: str | None, site: str) -> bool:
        """Tell whether a condition is true; null counts as not true.

        Raises: ExpressionError if it is neither a boolean nor null.
        """
        return self.judge(text, scope, element, site)[0] is True

    def judge(
        self, text: str, scope: Mapping[str, object], element: str | None, site: str
    ) -> tuple[bool | None, tuple[feel.NullReason, ...]]:
        """Return the truth of a condition, and where it is not true, which of its parts have no value and why.

        Raises: ExpressionError if it is neither a boolean nor null.
        """
        result = self._result(text, scope, element, site)
        if result.value is not None and not isinstance(result.value, bool):
            raise ExpressionError(element, site=site, text=text, value=repr(result.value), reason="boolean")
        if result.value is True:
            return True, ()
        telling = [one for one in result.warnings if result.value is None or one.code == "name"]
        return result.value, tuple(telling[:REASONS])

    def _result(self, text: str, scope: Mapping[str, object], element: str | None, site: str) -> feel.Result:
        try:
            names = tuple(name for name in scope if " " in name)
            program = feel.Program(_compiled(text, names, self._functions).body, self.feel)
            return program.explain(scope, self.meter)
        except feel.FeelSyntaxError as error:
            raise ExpressionError(element, site=site, text=text, reason=str(error)) from error
        except feel.FeelLimitError as error:
            raise LimitError(element, what="feel", limit=str(error)) from error

    def evaluate(self, task: CaseData, expression: str, _: object = None) -> object:
        """Return the FEEL value of a text in a task's data (library hook)."""
        return self.environment.evaluate(expression, task.data)

    def execute(self, _: object, script: str, *__: object) -> NoReturn:
        """Refuse: no script is ever run (library hook)."""
        self.environment.execute(script)

    def call_service(self, *_: object, **__: object) -> NoReturn:
        """Refuse: services are operations of the catalogue (library hook)."""
        self.environment.call_service()


@lru_cache(maxsize=4096)
def _compiled(text: str, names: tuple[str, ...], functions: tuple[str, ...]) -> feel.Program:
    """Return the program of a text; it depends on the host's functions by their names alone."""
    return feel.compile(text, (*names, *functions))
