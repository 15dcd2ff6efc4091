"""The overview: the sections of the person's role."""

from webapp.admin.frame import blueprint, sections, show


@blueprint.get("/")
def index() -> str:
    """Show what there is to administer."""
    return show("index", "admin.index", sections=sections())
