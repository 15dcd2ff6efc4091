"""文书: the papers that one may see, to be found and printed together."""

from webapp.papers.views import blueprint

__all__ = ["blueprint"]
