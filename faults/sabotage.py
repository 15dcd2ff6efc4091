"""One protection taken away, so that the run of faults is seen to fail without it."""

from collections.abc import Callable
from contextlib import nullcontext
from importlib import import_module

from faults.points import WATCH


def without(protection: str) -> None:
    """Take a protection away from this process: `key`, `version` or `transaction`."""
    _TAKEN[protection]()


def _key() -> None:
    """Remember no command: a second click is a second command."""
    _replace("workflows.handlers.work_items:remembering", lambda *_: [])
    _replace("workflows.handlers.openings:remember", lambda *_: None)


def _version() -> None:
    """Take what somebody did not see for what they saw."""
    _replace("workflows.handlers.work_items:_same_version", lambda *_: None)


def _transaction() -> None:
    """Let each write stand for itself."""
    WATCH.autocommit = True
    _replace("store.prepared:_exchange", lambda _driver: nullcontext())


def _replace(place: str, other: Callable[..., object]) -> None:
    module, _, name = place.partition(":")
    setattr(import_module(module), name, other)


_TAKEN: dict[str, Callable[[], None]] = {"key": _key, "version": _version, "transaction": _transaction}
PROTECTIONS = tuple(_TAKEN)
