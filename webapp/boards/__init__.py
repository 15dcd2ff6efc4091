"""Monitoring (监测): four dashboards over the daily work, the rows behind each figure, free analysis."""

from webapp.boards.views import blueprint

__all__ = ["blueprint"]
