"""Cases that people begin by a form (发起): what may be begun, about which policy, and the form of each."""

from webapp.beginnings.views import blueprint

__all__ = ["blueprint"]
