"""The processes (流程): what runs, in which release, drawn and step by step; expressions to try, and their guide."""

from webapp.studio import compare, expression, release_files, replay, views
from webapp.studio.frame import blueprint

__all__ = ["blueprint", "compare", "expression", "release_files", "replay", "views"]
