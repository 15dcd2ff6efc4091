"""Where many meet: group trainings and whom they invite, meetings with agencies and experts."""

from webapp.gatherings.views import blueprint

__all__ = ["blueprint"]
