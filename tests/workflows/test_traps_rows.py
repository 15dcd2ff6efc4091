"""Traps seen from what whole commands write: their rows, and what stands in the log."""

import logging
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.handlers.policies import SurrenderPolicy, surrender_policy
from workflows.soundness import check_states

PHONE = "13800001111"


def test_trap_08_rows_stand_for_open_tokens_and_for_nothing_else_after_every_command(arranged):
    """Among the commands: one that takes a step, its timers and messages back, one that ends the whole visit."""
    revoked = {"revoked_by": "王建国", "revoked_at": "今天 09:00", "reason": "检修"}
    (visit,) = arranged.cases("service_visit")
    for act in (
        lambda: arranged.do("policyholder_confirm_visit", answer="agree"),
        lambda: arranged.send(visit, "permission_revoked", "policyholder", **revoked),
        lambda: arranged.do("arrange_pre_contact"),
        lambda: surrender(arranged),
    ):
        act()
        with arranged.runtime.database.read(EVERYTHING) as session:
            assert list(check_states(session)) == []
    assert arranged.cases("service_visit")[0].end_event == "end_cancelled"


def surrender(world):
    command = SurrenderPolicy(world.policy_id, date(2026, 9, 1), Decimal("100.00"))
    surrender_policy(world.runtime, command, world.actor("insurer"))
    drain(world.runtime)


def test_trap_15_the_database_tells_statements_and_never_their_values(database, caplog):
    caplog.set_level(logging.INFO, "sqlalchemy.engine")
    caplog.set_level(logging.NOTSET)
    with database.writing() as connection:
        connection.execute(text("SELECT :phone"), {"phone": PHONE})
    with pytest.raises(DBAPIError) as told, database.writing() as connection:
        connection.execute(text("SELECT :phone FROM nowhere"), {"phone": PHONE})
    assert "SELECT" in caplog.text
    assert PHONE not in caplog.text
    assert PHONE not in str(told.value)
