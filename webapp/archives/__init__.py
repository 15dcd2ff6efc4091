"""The archive: how long each volume is kept, legal holds, disposal by three people (第七条)."""

from webapp.archives.views import blueprint

__all__ = ["blueprint"]
