"""Reports that are filed with the joint office: list, one version, the rows behind each figure, Excel."""

from webapp.filed_reports.views import blueprint

__all__ = ["blueprint"]
