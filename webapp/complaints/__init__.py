"""Complaints with their clock and state: the list, and one of them (第二十二条)."""

from webapp.complaints.views import blueprint

__all__ = ["blueprint"]
