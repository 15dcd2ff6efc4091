"""The processes (流程): what runs, in which release, drawn and step by step; expressions to try, and their guide."""

from webapp.studio import expression, papers, views
from webapp.studio.frame import blueprint

__all__ = ["blueprint", "expression", "papers", "views"]
