"""After signing in again: what was typed before the session ended becomes the draft of its work item."""

from flask import flash

from webapp.drafts import keep_posted
from webapp.identity import actor, signed_in_or_none
from webapp.sign_in_again import task_of, unpack_held
from webapp.texts import _
from workflows.errors import WorkflowError


def keep_held(target: str, held: str) -> None:
    """Keep the held fields as the draft of the item behind `target`, if this person may work on it."""
    task = task_of(target)
    fields = unpack_held(held)
    if task is None or not fields or signed_in_or_none() is None:
        return
    try:
        keep_posted(task, fields, actor())
    except WorkflowError:
        flash(_("刚才的表单现在不归你办，填的内容没有存上"), "error")
    else:
        flash(_("登录已恢复，刚才填的内容还在"))
