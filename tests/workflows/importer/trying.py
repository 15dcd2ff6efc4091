"""A dry run of what has been imported: answers picked so that each branch is taken, waits named and then ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from msgspec import Struct

from forms.schema import parse_form
from tests.workflows.engine.walking import NOW, RememberingHost, Walk
from workflows import engine
from workflows.engine import Spec, compile_process
from workflows.importer import Drafted

STEPS = 300
WAITS = ("message", "signal", "timer", "condition")


class Run(Struct):
    """What became of one case: the elements it came by, the events it waited for, whether it ended."""

    hops: set[str]
    waits: set[str]
    ended: bool


def runs_of(draft: Drafted, rounds: int = 4) -> Iterator[Run]:
    """Yield a few cases of a draft: begun by each start, at each choice the next option."""
    spec = compile_process(draft.diagram)
    for form in (content for name, content in draft.files.items() if name.startswith("forms/")):
        parse_form(form)
    for start in spec.starts:
        for n in range(rounds):
            yield _run(spec, draft.files, start, n)


def _run(spec: Spec, files: Mapping[str, bytes], start: str, n: int) -> Run:
    walk = Walk(spec, RememberingHost(), engine.start(spec, {}, RememberingHost(), NOW, start))
    hops = {done.element for done in walk.outcome.trail}
    waits: set[str] = set()
    for count in range(STEPS):
        if not walk.outcome.tokens:
            return Run(hops | set(walk.hops), waits, True)
        token = walk.outcome.tokens[(n + count) % len(walk.outcome.tokens)]
        if token.element in spec.steps:
            form = json.loads(files[f"forms/{spec.steps[token.element].form}.json"])
            walk.carry(engine.Complete(token.id, answers(form, n + count)))
            continue
        assert token.kind in WAITS, token
        waits.add(spec.nodes[token.element]["name"])
        walk.carry(
            engine.Fire(token.id) if token.kind in ("timer", "condition") else engine.Deliver(token.id, {})
        )
    return Run(hops | set(walk.hops), waits, False)


def answers(form: Mapping[str, object], n: int) -> dict[str, object]:
    """Return answers to a generated form, the n-th option of each choice."""
    picked: dict[str, object] = {}
    for field in form["components"]:
        kind = field["type"]
        if "key" not in field:
            continue
        options = [value["value"] for value in field.get("values", ())]
        picked[field["key"]] = {
            "radio": lambda o=options: o[n % len(o)],
            "checklist": lambda o=options: [o[n % len(o)]],
            "checkbox": lambda: bool(n % 2),
            "number": lambda: n,
        }.get(kind, lambda: "x")()
    return picked
