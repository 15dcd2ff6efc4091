"""Facts that forms read by name: what a case's own records say now."""

from workflows.acts import Act
from workflows.facts.hazard import hazard_facts
from workflows.facts.policy import policy_facts
from workflows.facts.refusal import refusal_facts
from workflows.facts.visit import visit_facts
from workflows.reading import Facts, unit_name

__all__ = ["facts_of"]


def facts_of(act: Act) -> Facts:
    """Return all facts of the case's records, by the names that forms use."""
    act.session.flush()
    facts: Facts = {"policyholder_name": unit_name(act)}
    for read in (policy_facts, visit_facts, hazard_facts, refusal_facts):
        facts |= read(act)
    return facts
