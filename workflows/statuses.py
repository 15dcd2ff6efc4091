"""What the status of a work item and of a case means; an item below `DONE` lies open in an inbox."""

from typing import Final

POOL, CLAIMED, DONE, VOID, WAITING = range(5)
UNFINISHED = (POOL, CLAIMED, WAITING)
"""What somebody is still to do, now or when it is their turn."""

OPEN: Final = "open"
SUSPENDED: Final = "suspended"
RUNNING: Final = (OPEN, SUSPENDED)
"""The status of a case that has not ended. The second is also the tag of its open items."""
