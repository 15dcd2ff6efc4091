"""Decisions of business rule tasks: DMN files of the release, run by our own tables, never by the library's.

Whatever a table cannot decide (two rows where one may hold, a file that was not understood) is an incident
with its reason. What was decided is told with the file's SHA-256, the rows that held, inputs and outputs,
so that "why three visits" stays answerable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from lxml import etree
from msgspec import Struct

import feel
from feel import dmn
from workflows.engine.check_sites import HOST_FUNCTIONS
from workflows.engine.environment import FeelEngine
from workflows.engine.errors import DecisionError, DiagramError, Finding, LimitError
from workflows.engine.model import DecisionFile
from workflows.engine.values import plain_mapping
from workflows.engine.xml import parse_foreign_xml, parse_xml

Data = dict[str, object]
SENTENCES = 20
_BLOCKING = frozenset({"overlap"})


def decide(engine: FeelEngine, name: str, inputs: Mapping[str, object], element: str) -> tuple[Data, Data]:
    """Return the outputs of a decision, and the facts that prove it.

    A decision with one nameless output gives it under the decision's own name.
    Raises: DecisionError, LimitError.
    """
    file = engine.host.decision(name)
    outcome = _outcome(file, name, inputs, engine.feel, engine, element)
    value = outcome.value
    outputs = plain_mapping(value if isinstance(value, dict) else {name: value}, f"{name}.")
    tables = [hit for step in outcome.trace for hit in step.tables]
    facts: Data = {
        "decision": name,
        "sha256": hashlib.sha256(file.source).hexdigest(),
        "rules": [list(hit.rules) for hit in tables],
        "inputs": plain_mapping(inputs),
        "result": outputs,
        "why": dmn.sentences(outcome)[:SENTENCES],
    }
    return outputs, facts


class Advice(Struct, frozen=True):
    """What a decision says, and the rows of its tables that held."""

    outputs: Data
    rules: tuple[int, ...]


def advise(file: DecisionFile, name: str, inputs: Mapping[str, object], host: feel.Host) -> Advice:
    """Return what a decision says for these inputs while no case moves: advice beside a form.

    Raises: DecisionError, LimitError.
    """
    outcome = _outcome(file, name, inputs, host, None, None)
    value = outcome.value
    outputs = plain_mapping(value if isinstance(value, dict) else {name: value}, f"{name}.")
    return Advice(outputs, tuple(rule for step in outcome.trace for hit in step.tables for rule in hit.rules))


def decision_findings(file: DecisionFile) -> list[dmn.Finding]:
    """Return everything that is wrong with the decisions of a DMN file, and what of it could not be looked at.

    Raises: DiagramError if the file cannot be read at all.
    """
    return list(dmn.analyse(load_decisions(file), HOST_FUNCTIONS))


def check_decision(file: DecisionFile) -> None:
    """Raise DiagramError with every reason why a DMN file cannot be published."""
    parse_xml(file.source)
    found = [finding for finding in decision_findings(file) if not finding.is_note]
    if found:
        raise DiagramError(tuple(Finding(one.element, one.rule, told_of(one)) for one in found))


def told_of(finding: dmn.Finding) -> str:
    """Return a finding as a sentence that names its decision."""
    return f"决策“{finding.element}”：{finding.message}"


def load_decisions(file: DecisionFile) -> dmn.Model:
    """Return the model of a file, with those beside it that it imports, and that these import.

    Raises: DiagramError if it cannot be read; one beside it that cannot be read is not there.
    """
    models: dict[str, dmn.Model] = {}
    beside = dict(_by_namespace(file.beside))

    def model_of(root: etree._Element, above: frozenset[str]) -> dmn.Model:
        wanted = {str(one.get("namespace")) for one in root if str(one.tag).rpartition("}")[2] == "import"}
        for namespace in (wanted & beside.keys()) - above - models.keys():
            models[namespace] = model_of(beside[namespace], above | {namespace})
        return dmn.load(root, {namespace: models[namespace] for namespace in wanted & models.keys()})

    root = parse_foreign_xml(file.source)
    return model_of(root, frozenset({str(root.get("namespace"))}))


def _by_namespace(sources: Iterable[bytes]) -> Iterator[tuple[str, etree._Element]]:
    for source in sources:
        try:
            root = parse_foreign_xml(source)
        except DiagramError:
            continue
        yield str(root.get("namespace")), root


def _outcome(
    file: DecisionFile,
    name: str,
    inputs: Mapping[str, object],
    host: feel.Host,
    engine: FeelEngine | None,
    element: str | None,
) -> dmn.Outcome:
    """Return the outcome; while a case moves it is explained, and paid from the command's allowance."""
    meter = None if engine is None else engine.meter
    try:
        outcome = dmn.decide(_model(file, name), name, inputs, host, meter, explaining=engine is not None)
    except dmn.UnknownDecisionError as error:
        raise DecisionError(element, decision=name, reason="文件里没有这个决策") from error
    except feel.FeelLimitError as error:
        raise LimitError(element, what="feel", limit=str(error)) from error
    for reason in outcome.warnings:
        if reason.code in _BLOCKING:
            raise DecisionError(element, decision=name, reason=reason.sentence())
    return outcome


@lru_cache(maxsize=64)
def _model(file: DecisionFile, name: str) -> dmn.Model:
    """Return the model of a file. Raises: DecisionError if it is not understood."""
    try:
        parse_xml(file.source)
        model = load_decisions(file)
    except DiagramError as error:
        raise DecisionError(None, decision=name, reason=str(error)) from error
    if model.findings:
        raise DecisionError(None, decision=name, reason="；".join(f.message for f in model.findings))
    return model
