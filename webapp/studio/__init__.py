"""The processes (流程): what runs, in which release, drawn, step by step, with live numbers; expressions to try."""

from webapp.studio import (
    compare,
    drafts,
    editor,
    expression,
    papers,
    publishing,
    release_files,
    replay,
    running,
    views,
)
from webapp.studio.frame import blueprint

__all__ = [
    "blueprint",
    "compare",
    "drafts",
    "editor",
    "expression",
    "papers",
    "publishing",
    "release_files",
    "replay",
    "running",
    "views",
]
