"""The processes (流程): what runs, in which release, drawn, step by step, with live numbers; expressions to try."""

from webapp.studio import expression, running, views
from webapp.studio.frame import blueprint

__all__ = ["blueprint", "expression", "running", "views"]
