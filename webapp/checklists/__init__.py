"""The checklists of basic provisions, industry by industry, and new versions from a sheet (第十四条, 附件2)."""

from webapp.checklists.views import blueprint

__all__ = ["blueprint"]
