"""The five things that a unit commits itself to for a hazard (五落实, 第十八条)."""

from rules.hazards import COMMITMENTS, Level, State, commitments_gate
from rules.vocabulary import label
from store.tables import Hazard, Rectification
from workflows.errors import AnswersRefusedError
from workflows.operations.hazard_states import move

_FIELDS = {"time_limit": "finish_by", "plan": "contingency_plan"}
"""The field of a plan that answers to a commitment, where it is not named as the commitment."""


def commit(hazard: Hazard, plan: Rectification) -> None:
    """Let the hazard be rectified as planned. Raises: AnswersRefusedError at each commitment that is missing."""
    given = {name: getattr(plan, _FIELDS.get(name, name)) for name in COMMITMENTS[Level.MAJOR]}
    missing = commitments_gate(Level(hazard.level), given).missing
    if missing:
        words = {_FIELDS.get(name, name): label("five_commitments", name) for name in missing}
        raise AnswersRefusedError(
            {field: f"{word}没有落实（第十八条），请填写" for field, word in words.items()}
        )
    move(hazard, State.RECTIFYING)
    hazard.five_commitments = {
        **hazard.five_commitments,
        "responsible": plan.responsible,
        "measures": plan.measures,
        "funds": str(plan.funds) if plan.funds is not None else "",
        "finish_by": plan.finish_by.isoformat() if plan.finish_by else "",
        "contingency_plan": plan.contingency_plan,
    }
