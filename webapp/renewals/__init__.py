"""What speaks for and against each unit's next rate, rated by the office's own table (第十九条)."""

from webapp.renewals.views import blueprint

__all__ = ["blueprint"]
