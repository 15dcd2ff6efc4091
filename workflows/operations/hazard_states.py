"""The one place where a hazard passes from one state to the next (第十八、二十一条)."""

from rules.hazards import State, may_move
from rules.vocabulary import label
from store.tables import Hazard
from workflows.errors import RuleRefusedError


def move(hazard: Hazard, to: State) -> None:
    """Let the hazard pass to a state; staying where it stands is no passing. Raises: RuleRefusedError."""
    current = State(hazard.state)
    if current is not to and not may_move(current, to):
        before, after = (label("hazard_state", state) for state in (current, to))
        raise RuleRefusedError(f"隐患 {hazard.number} 现在是“{before}”，不能改成“{after}”")
    hazard.state = to.value
