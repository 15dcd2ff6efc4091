"""The rules in their order, applied until nothing changes; then what the check finds and a rule can mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from workflows.engine import DiagramError, Finding, Spec, stranded_joins
from workflows.importer import activities, choices, events, gateways, people, places, scopes, times
from workflows.importer.model import Change
from workflows.importer.tree import Diagram

Rule = Callable[[Diagram], Iterable[Change]]
ROUNDS = 12
"""More rounds than any file has needed; a rule that never rests would be a fault of ours, not of the file."""


class Known(Struct, frozen=True):
    """What the installation has already: processes that may be called, forms, decision tables."""

    processes: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()


def rules(known: Known) -> tuple[Rule, ...]:
    """Return the rules in their order: A, S, E, G, F, L (P, D and X belong to the whole file)."""
    return (
        gateways.dangling_flows,
        gateways.ends_that_go_on,
        lambda diagram: activities.known_decisions(diagram, known.decisions),
        activities.automatic_work,
        lambda diagram: activities.known_calls(diagram, known.processes),
        activities.loose_groups,
        activities.compensation,
        scopes.empty_subprocesses,
        scopes.starts,
        events.several_definitions,
        times.timers,
        events.conditions,
        events.links,
        places.wrong_places,
        gateways.implicit_branches,
        places.boundaries,
        events.undefined,
        activities.repetition,
        scopes.ends,
        gateways.complex_gateways,
        gateways.event_gateways,
        gateways.misplaced_conditions,
        gateways.defaults,
        choices.human_choices,
        people.lanes,
        lambda diagram: people.named_forms(diagram, known.forms),
    )


def settle(diagram: Diagram, known: Known) -> Iterator[Change]:
    """Apply all rules, again and again, until a round changes nothing."""
    for _ in range(ROUNDS):
        done = [change for rule in rules(known) for change in rule(diagram)]
        yield from done
        if not done:
            return


def loosen_joins(diagram: Diagram, spec: Spec) -> Iterator[Change]:
    """Mend the parallel joins of a foreign drawing that a choice of people can leave waiting for ever."""
    for scope in [] if diagram.ours else spec.compiled["scopes"].values():
        for element in stranded_joins(scope["nodes"]):
            yield from gateways.starving_join(diagram, element)


_REPAIRS: dict[str, Callable[[Diagram, str], Iterable[Change]]] = {
    "unreachable": scopes.unreachable,
    "end": gateways.no_end_at_all,
    "no_end": gateways.endless_circle,
    "automatic_cycle": gateways.sleepless_circle,
    "join": gateways.starving_join,
}


def repair(diagram: Diagram, error: DiagramError) -> Iterator[Change]:
    """Mend what only a look at the whole graph shows: one finding of each kind, for one may cause the others."""
    first: dict[str, list[Finding]] = {}
    for finding in error.findings:
        first.setdefault(finding.rule, []).append(finding)
    for rule, mend in _REPAIRS.items():
        for finding in first.get(rule, ()):
            if done := list(mend(diagram, finding.element or "")):
                yield from done
                return
