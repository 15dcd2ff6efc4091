"""What is done for many units at once: group trainings, whom they mean, whom they invited."""

from webapp.gatherings.views import blueprint

__all__ = ["blueprint"]
