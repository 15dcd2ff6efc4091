"""The page on which a diagram is drawn."""

from uuid import UUID

from webapp.studio.drafts import load_row, show
from webapp.studio.frame import blueprint


@blueprint.get("/drafts/<uuid:draft_id>", endpoint="draft")
def draft(draft_id: UUID) -> str:
    """Show the diagram of a draft."""
    return show("draft", load_row(draft_id))
