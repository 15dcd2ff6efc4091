"""Figures over the daily work (监测): every report of the catalogue, as a table and as Excel."""

from webapp.reports.views import blueprint

__all__ = ["blueprint"]
