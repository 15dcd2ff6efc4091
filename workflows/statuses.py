"""What the status of a work item means; what is below `DONE` lies open in an inbox."""

POOL, CLAIMED, DONE, VOID, WAITING = range(5)
UNFINISHED = (POOL, CLAIMED, WAITING)
"""What somebody is still to do, now or when it is their turn."""
