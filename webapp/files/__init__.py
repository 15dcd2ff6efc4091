"""Uploaded files: kept as evidence, shown as a copy that was decoded and drawn anew."""

from webapp.files.views import blueprint

__all__ = ["blueprint"]
