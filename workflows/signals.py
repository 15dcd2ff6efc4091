"""Signals: told to every case of the organization that waits for one now, and kept for nobody."""

from collections.abc import Iterable

from store.queue import enqueue
from workflows.acts import Act
from workflows.engine import Emitted, Token

SIGNAL = "signal:"
"""How the name of a subscription to a signal begins, so that no message of the same name is taken for one."""


def awaited_name(token: Token) -> str:
    """Return the name under which a token waits."""
    name = token.message or ""
    return SIGNAL + name if token.signal else name


def broadcast(act: Act, emitted: Iterable[Emitted]) -> None:
    """Let a job find who waits for these signals, once this command is committed."""
    for n, signal in enumerate(one for one in emitted if one.signal):
        key = f"signal:{act.case.id}:{act.case.version}:{n}"
        args = {"name": signal.name, "case_id": str(act.case.id), "key": key}
        enqueue(act.session, "spread_signal", args, run_at=act.now, key=key)
