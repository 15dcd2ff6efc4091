"""What is typed is kept until the step is done, and not any longer."""

import pytest
from sqlalchemy import select

from store.tables import AnswerDraft
from tests.support.world import EVERYTHING
from workflows.commands import SaveDraft
from workflows.errors import StaleVersionError
from workflows.handlers.work_items import save_draft


def test_a_page_that_saves_by_itself_after_the_step_is_done_leaves_no_draft(world):
    world.register()
    item = world.item("confirm_unit_facts")
    _, actor = world.walker.filled(item)
    save_draft(world.runtime, SaveDraft(item.id, {"note": "写到一半"}), actor)
    world.do("confirm_unit_facts", is_key=False)
    with pytest.raises(StaleVersionError) as told:
        save_draft(world.runtime, SaveDraft(item.id, {"note": "晚到的"}), actor)
    assert told.value.closed
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(AnswerDraft.id)).all() == []
