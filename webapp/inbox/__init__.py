"""The inbox and the page of a task."""

from webapp.inbox.views import blueprint

__all__ = ["blueprint"]
