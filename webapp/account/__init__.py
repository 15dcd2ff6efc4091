"""Sign-in, own sessions, own password, appearance, absences, mail."""

from webapp.account import absence, mail  # noqa: F401  # its routes are the blueprint's
from webapp.account.views import blueprint

__all__ = ["blueprint"]
