"""What the engine is told while history is replayed: operations answer what they answered then, and do nothing."""

from typing import ClassVar

import feel
from workflows.bundles import Bundle
from workflows.engine import DecisionFile, EngineError, mapping_from_json
from workflows.replay.model import Move


class NotRecordedError(EngineError):
    """An operation is called of which history knows no result (`operation`)."""

    kind: ClassVar[str] = "data"


class ReplayHost:
    """The host of one replayed command."""

    def __init__(self, bundle: Bundle, functions: feel.Host, earlier: dict[str, object]) -> None:
        """Answer from `earlier`, the last known result of each operation of the case, where a command has none."""
        self._bundle = bundle
        self._feel = functions
        self._earlier = earlier
        self._found: list[tuple[str, str, object]] = []

    @property
    def feel(self) -> feel.Host:
        """Return the FEEL host of the recorded moment."""
        return self._feel

    def expect(self, move: Move) -> None:
        """Answer from now on with what this command found."""
        self._found = list(move.found)

    def call(self, operation: str, inputs: dict[str, object], element: str) -> dict[str, object]:  # noqa: ARG002 - protocol
        """Return what the operation found then: at this element, else anywhere in the command, else before.

        Raises: NotRecordedError.
        """
        for wanted in ((element, operation), ("", operation)):
            for n, (where, name, result) in enumerate(self._found):
                if name == wanted[1] and wanted[0] in ("", where):
                    del self._found[n]
                    self._earlier[operation] = result
                    return mapping_from_json(result)
        if operation in self._earlier:
            return mapping_from_json(self._earlier[operation])
        raise NotRecordedError(element, operation=operation)

    def decision(self, name: str) -> DecisionFile:
        """Return the table of the bundle that is tried."""
        return self._bundle.decision(name)
