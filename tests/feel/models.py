"""Decision models built from a few words, for tests."""

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from feel.dmn import Model, load

NAMESPACE = "urn:test"
DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*parts: str, namespace: str = NAMESPACE, imports: str = "") -> ET.Element:
    """Return a `definitions` element around parts."""
    body = imports + "".join(parts)
    return ET.fromstring(f'<definitions xmlns="{DMN}" name="m" namespace="{namespace}">{body}</definitions>')


def model(
    *parts: str, imports: Mapping[str, Model] | None = None, lines: str = "", namespace: str = NAMESPACE
) -> Model:
    """Return a loaded model; `lines` are its import elements."""
    return load(definitions(*parts, namespace=namespace, imports=lines), imports)


def input_data(name: str, kind: str = "") -> str:
    """Return an input."""
    return (
        f"<inputData id={quoteattr(ident(name))} name={quoteattr(name)}>{_variable(name, kind)}</inputData>"
    )


def decision(name: str, logic: str, needs: Iterable[str] = (), kind: str = "") -> str:
    """Return a decision; a need is `input:name`, `decision:name` or `knowledge:name`, or with an href after `=`."""
    return (
        f"<decision id={quoteattr(ident(name))} name={quoteattr(name)}>{_variable(name, kind)}"
        f"{''.join(map(_need, needs))}{logic}</decision>"
    )


def knowledge(
    name: str,
    parameters: Mapping[str, str],
    logic: str,
    needs: Iterable[str] = (),
    kind: str = "",
    how: str = "",
) -> str:
    """Return a business knowledge model."""
    formal = "".join(
        f"<formalParameter name={quoteattr(key)}{_ref(kind)}/>" for key, kind in parameters.items()
    )
    written = f' kind="{how}"' if how else ""
    return (
        f"<businessKnowledgeModel id={quoteattr(ident(name))} name={quoteattr(name)}>{_variable(name, kind)}"
        f"<encapsulatedLogic{written}>{formal}{logic}</encapsulatedLogic>{''.join(map(_need, needs))}"
        "</businessKnowledgeModel>"
    )


def service(
    name: str, outputs: Iterable[str], inputs: Iterable[str] = (), given: Iterable[str] = (), kind: str = ""
) -> str:
    """Return a decision service."""
    parts = [f'<outputDecision href="#{ident(one)}"/>' for one in outputs]
    parts += [f'<inputDecision href="#{ident(one)}"/>' for one in given]
    parts += [f'<inputData href="#{ident(one)}"/>' for one in inputs]
    head = f"<decisionService id={quoteattr(ident(name))} name={quoteattr(name)}>{_variable(name, kind)}"
    return f"{head}{''.join(parts)}</decisionService>"


def literal(text: str, kind: str = "") -> str:
    """Return a literal expression."""
    return f"<literalExpression{_ref(kind)}><text>{escape(text)}</text></literalExpression>"


def item(
    name: str, kind: str = "", allowed: str = "", constraint: str = "", *, many: bool = False, inner: str = ""
) -> str:
    """Return an item definition."""
    return _item("itemDefinition", name, kind, allowed, constraint, many=many, inner=inner)


def component(name: str, kind: str = "", allowed: str = "", *, many: bool = False, inner: str = "") -> str:
    """Return a component of an item definition."""
    return _item("itemComponent", name, kind, allowed, "", many=many, inner=inner)


def table(
    inputs: Iterable[str],
    outputs: Iterable[str],
    rules: Iterable[str],
    policy: str = "UNIQUE",
    aggregation: str = "",
) -> str:
    """Return a decision table.

    A column is `expression`, `expression:type`, or either with `|` and its values, and with `||` and its default;
    a rule is its cells between semicolons, conditions before `=>` and results after.
    """
    written = f" aggregation={quoteattr(aggregation)}" if aggregation else ""
    columns = list(inputs)
    return (
        f'<decisionTable hitPolicy="{policy}"{written}>{"".join(map(_input, columns))}'
        f"{''.join(map(_output, outputs))}{''.join(_rule(rule, bool(columns)) for rule in rules)}</decisionTable>"
    )


def ident(name: str) -> str:
    """Return the id of a name."""
    return "_" + "".join(sign if sign.isascii() and sign.isalnum() else f"-{ord(sign):x}" for sign in name)


def _need(need: str) -> str:
    kind, _, name = need.partition(":")
    target = {"input": "requiredInput", "decision": "requiredDecision", "knowledge": "requiredKnowledge"}[
        kind
    ]
    outer = "knowledgeRequirement" if kind == "knowledge" else "informationRequirement"
    href = name if "#" in name else f"#{ident(name)}"
    return f"<{outer}><{target} href={quoteattr(href)}/></{outer}>"


def _variable(name: str, kind: str) -> str:
    return f"<variable name={quoteattr(name)}{_ref(kind)}/>"


def _ref(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""


def _item(tag: str, name: str, kind: str, allowed: str, constraint: str, *, many: bool, inner: str) -> str:
    parts = f"<typeRef>{escape(kind)}</typeRef>" if kind else ""
    parts += f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    parts += f"<typeConstraint><text>{escape(constraint)}</text></typeConstraint>" if constraint else ""
    collection = ' isCollection="true"' if many else ""
    return f"<{tag} name={quoteattr(name)}{collection}>{parts}{inner}</{tag}>"


def _input(column: str) -> str:
    expression, _, values = column.partition("|")
    text, _, kind = expression.partition(":")
    allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
    return (
        f"<input label={quoteattr(text)}><inputExpression{_ref(kind)}><text>{escape(text)}</text></inputExpression>"
        f"{allowed}</input>"
    )


def _output(column: str) -> str:
    column, _, default = column.partition("||")
    expression, _, values = column.partition("|")
    name, _, kind = expression.partition(":")
    parts = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    parts += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    named = f" name={quoteattr(name)}" if name else ""
    return f"<output{named}{_ref(kind)}>{parts}</output>"


def _rule(rule: str, has_inputs: bool) -> str:
    conditions, _, results = rule.partition("=>")
    cells = "".join(
        f"<inputEntry><text>{escape(cell.strip())}</text></inputEntry>" for cell in conditions.split(";")
    )
    outcome = "".join(
        f"<outputEntry><text>{escape(cell.strip())}</text></outputEntry>" for cell in results.split(";")
    )
    return f"<rule>{cells if has_inputs else ''}{outcome}</rule>"
