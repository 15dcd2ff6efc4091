"""The yearly assessment: who stands where, one's own result, and the indicator sets of the joint office."""

from webapp.assessments import sets
from webapp.assessments.area import blueprint

__all__ = ["blueprint", "sets"]
