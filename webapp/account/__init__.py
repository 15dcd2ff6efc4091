"""Sign-in, own sessions, own password, appearance."""

from webapp.account.views import blueprint

__all__ = ["blueprint"]
