"""The processes (流程): what runs, in which release, drawn, step by step, with live numbers; expressions to try."""

from webapp.studio import drafts, editor, expression, papers, publishing, running, views
from webapp.studio.frame import blueprint

__all__ = ["blueprint", "drafts", "editor", "expression", "papers", "publishing", "running", "views"]
