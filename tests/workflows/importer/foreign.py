"""Small files as other tools write them."""

from __future__ import annotations

from workflows.importer import Change, Imported, import_diagram

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="urn:elsewhere">'
)


def file_of(inside: str, more: str = "", process: str = 'id="p" isExecutable="true"') -> bytes:
    return f"{HEAD}{more}<process {process}>{inside}</process></definitions>".encode()


def node(kind: str, identity: str, inner: str = "", **attributes: str) -> str:
    given = "".join(f' {name}="{value}"' for name, value in {"name": identity, **attributes}.items())
    return f'<{kind} id="{identity}"{given}>{inner}</{kind}>'


def flows(*ways: str, **conditions: str) -> str:
    """Give the flows of `a>b`; a condition is given by the name of its target."""
    made = []
    for n, way in enumerate(ways):
        source, target = way.split(">")
        text = conditions.get(target, "")
        inner = f"<conditionExpression>{text}</conditionExpression>" if text else ""
        made.append(
            f'<sequenceFlow id="f{n}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        )
    return "".join(made)


def between(*middle: str, ways: tuple[str, ...], **conditions: str) -> bytes:
    """Give a file from a start `s` to an end `e`."""
    return file_of(
        node("startEvent", "s") + "".join(middle) + node("endEvent", "e") + flows(*ways, **conditions)
    )


def imported(source: bytes, *off: str) -> Imported:
    """Import a file that must be rewritten into something that compiles."""
    found = import_diagram(source, frozenset(off))
    assert not found.refused
    assert [finding.message_zh for draft in found.drafts for finding in draft.findings] == []
    return found


def change(found: Imported, rule: str) -> Change:
    return next(one for one in found.changes if one.rule == rule)


def rules(found: Imported) -> set[str]:
    return {one.rule for one in found.changes}
