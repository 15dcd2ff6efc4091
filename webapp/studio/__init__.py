"""The processes (流程): what runs, in which release, drawn and step by step."""

from webapp.studio.views import blueprint

__all__ = ["blueprint"]
