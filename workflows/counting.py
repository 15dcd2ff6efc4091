"""How many completions this process has carried out, and how many came too late, for whoever watches over it."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter

from workflows.errors import StaleVersionError

COUNTED = CollectorRegistry()
COMPLETIONS = Counter("weiran_completions", "Steps that people completed", registry=COUNTED)
CONFLICTS = Counter("weiran_conflicts", "Completions refused: somebody was faster", registry=COUNTED)


@contextmanager
def counted() -> Iterator[None]:
    """Count the completion of the block once it is over."""
    try:
        yield
    except StaleVersionError:
        CONFLICTS.inc()
        raise
    COMPLETIONS.inc()
