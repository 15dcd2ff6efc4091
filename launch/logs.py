"""What the processes write to their log: one line per event, without bodies and with personal numbers hidden.

Every line carries what is known of its cause: the request, the case, the job or the timer.
"""

from collections.abc import MutableMapping
from typing import Any  # Any: what an event of structlog holds

import structlog

from store.masking import masked_numbers


def configure(*, as_json: bool) -> None:
    """Let all loggers of this process write to standard output: as JSON objects, or for people."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso" if as_json else "%Y-%m-%d %H:%M:%S", utc=as_json),
            structlog.processors.format_exc_info,
            hide_personal_numbers,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if as_json
            else structlog.dev.ConsoleRenderer(colors=False),
        ]
    )


def hide_personal_numbers(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide phone and identity numbers in all that an event says, its traceback too."""
    return {name: masked_numbers(said) if isinstance(said, str) else said for name, said in event.items()}
