"""What is different between two bundles of one process, told in the words of those who draw and decide."""

from workflows.compare.bundles import compare
from workflows.compare.model import Area, Change, Kind, Place, sentence

__all__ = ["Area", "Change", "Kind", "Place", "compare", "sentence"]
