"""The inbox, the page of a task, and the pages of the verbs on it."""

from webapp.inbox import bulk, verbs  # noqa: F401  # their routes are the blueprint's
from webapp.inbox.views import blueprint

__all__ = ["blueprint"]
