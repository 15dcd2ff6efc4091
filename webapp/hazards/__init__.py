"""Hazards: the list, and the record of one."""

from webapp.hazards.views import blueprint

__all__ = ["blueprint"]
