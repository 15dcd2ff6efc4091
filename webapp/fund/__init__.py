"""The prevention fund: how each stands in a year, its ledger, what each unit is told of it (第六条)."""

from webapp.fund.views import blueprint

__all__ = ["blueprint"]
