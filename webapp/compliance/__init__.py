"""Article by article, whether the standard is kept (合规): each duty with its figures and the rows behind them."""

from webapp.compliance.views import blueprint

__all__ = ["blueprint"]
