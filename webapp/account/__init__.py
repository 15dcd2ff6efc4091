"""Sign-in, own sessions, own password, appearance, absences."""

from webapp.account import absence  # noqa: F401  # its routes are the blueprint's
from webapp.account.views import blueprint

__all__ = ["blueprint"]
