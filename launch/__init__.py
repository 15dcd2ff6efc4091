"""Putting the parts together for one process: runtime, schema, server, worker. Only run.py calls it."""


class LaunchError(Exception):
    """The command cannot be carried out; the message says what to do."""


ENDS_WITH_PARENT = "WEIRAN_ENDS_WITH_PARENT"
"""Set in the environment of a worker that a server began."""
