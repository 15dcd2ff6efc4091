"""Addresses of other areas: a link only where the page exists and the person may open it."""

from typing import Any  # Any: url_for takes what the converters of a route take

from flask import current_app, url_for
from werkzeug.routing import BuildError

from webapp import access
from webapp.identity import signed_in


def link_to(endpoint: str, **values: Any) -> str | None:  # noqa: ANN401  # as url_for
    """Return the address of a page, None if there is no such page or it is not for this person."""
    if endpoint not in current_app.view_functions or not access.may_open(endpoint, signed_in().roles):
        return None
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None
