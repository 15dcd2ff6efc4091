"""What is done for many at once: group trainings, meetings with agencies and experts, what is pushed online."""

from webapp.gatherings.views import blueprint

__all__ = ["blueprint"]
