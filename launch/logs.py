"""What the processes write to their log: one line per event, without bodies and with personal numbers hidden."""

from collections.abc import MutableMapping
from typing import Any  # Any: what an event of structlog holds

import structlog

from store.masking import masked_numbers


def configure() -> None:
    """Let all loggers of this process write that way, to standard output."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("%Y-%m-%d %H:%M:%S", utc=False),
            structlog.processors.format_exc_info,
            hide_personal_numbers,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )


def hide_personal_numbers(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide phone and identity numbers in all that an event says, its traceback too."""
    return {name: masked_numbers(said) if isinstance(said, str) else said for name, said in event.items()}
