"""The blueprint of the pages of processes."""

from flask import Blueprint

blueprint = Blueprint("studio", __name__, url_prefix="/studio", template_folder="templates")

BPMN = "application/xml; charset=utf-8"
"""The media type of a diagram that a page hands out."""
