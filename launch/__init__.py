"""Putting the parts together for one process: runtime, schema, server, worker. Only run.py calls it."""


class LaunchError(Exception):
    """The command cannot be carried out; the message says what to do."""
