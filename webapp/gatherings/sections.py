"""What the area holds: a tab for each kind of gathering that the person may open."""

from webapp.linking import link_to
from webapp.tabs import Tab
from webapp.texts import lazy

SECTIONS = (
    ("gatherings.index", lazy("集中培训")),
    ("gatherings.pushes", lazy("推送")),
    ("gatherings.meetings", lazy("协商交流")),
)


def sections(current: str) -> tuple[Tab, ...]:
    """Return the tabs that the person may open, `current` among them by its endpoint."""
    return tuple(
        Tab(str(title), href, endpoint == current)
        for endpoint, title in SECTIONS
        if (href := link_to(endpoint)) is not None
    )
