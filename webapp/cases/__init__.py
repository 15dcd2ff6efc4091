"""Cases: the list, one case with its diagram and its story, and what a person may do there."""

from webapp.cases import interventions
from webapp.cases.views import blueprint

__all__ = ["blueprint", "interventions"]
