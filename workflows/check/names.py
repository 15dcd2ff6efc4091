"""What expressions read and steps leave behind, against what a case knows: variables, decisions."""

import re
from collections.abc import Iterator

from msgspec import Struct

from feel.nodes import Node as Expression
from forms.model import walk as every
from workflows.check.begun import BEGUN_WITH
from workflows.check.signing import FormOf
from workflows.check.ways import Ways, ways_of
from workflows.engine import Finding, Site, Spec, feel_of, names_of, spaced_names, tree_of
from workflows.engine.model import Node

LOCAL = frozenset({"answers", "payload", "result"})
"""What is there only while a step is handed in, a message comes or an operation has answered."""
OF_INSTANCES = frozenset({"completed", "total"})
SUFFIXES = ("_due", "_provisional")
"""How the variables end that a step's kind of deadline reads by itself."""
_WORD = re.compile(r"[A-Za-z_]\w*")


class Read(Struct, frozen=True):
    """An expression with what it reads; `told` says where it stands."""

    site: Site
    node: Node
    tree: Expression
    names: frozenset[str]

    @property
    def told(self) -> str:
        """Return the beginning of a sentence about it."""
        return f"“{self.node['name']}”的“{self.site.text}”"


def name_findings(spec: Spec, form_of: FormOf | None, decisions: frozenset[str] | None) -> Iterator[Finding]:
    """Give what expressions read that no case knows, and what is written and read by nobody."""
    reads, ways = tuple(reads_of(spec)), ways_of(spec)
    for read in reads:
        yield from _variables(spec, ways, read)
    yield from _unused(spec, form_of, reads)
    for element, node in spec.nodes.items():
        if node.get("decision") and decisions is not None and node["decision"] not in decisions:
            message = f"“{node['name']}”的决策表“{node['decision']}”不存在，请改选或先建好"
            yield Finding(element, "decision", message)


def reads_of(spec: Spec) -> Iterator[Read]:
    """Yield the expressions of a process that are FEEL; what does not compile was told before."""
    spaced = spaced_names(spec.compiled)
    head: Node = {"name": spec.name, "type": "process"}
    for site in spec.sites:
        if (text := feel_of(site)) is None:
            continue
        local = LOCAL if site.site.startswith(("input", "output")) else frozenset()
        node, names = spec.nodes.get(site.element, head), names_of(text, spaced)
        yield Read(site, node, tree_of(text, spaced), names - local)


def _variables(spec: Spec, ways: Ways, read: Read) -> Iterator[Finding]:
    begun, written = BEGUN_WITH.get(spec.subject or ""), _written(spec)
    local = OF_INSTANCES if read.site.site == "until" else frozenset()
    element = read.site.element
    for name in sorted(read.names - local - (begun or frozenset())):
        told = f"{read.told}用了“{name}”"
        if name not in written and begun is None:
            yield Finding(element, "unknown_name", f"{told}，没有哪一步写它，除非开单的一方带进来", "W")
        elif name not in written:
            yield Finding(element, "unknown_name", f"{told}，没有哪一步写它，请改成已有的变量，或先算出它")
        elif begun is not None and element in spec.nodes and not _is_before(ways, written[name], read):
            yield Finding(element, "not_yet", f"{told}，可是它前面没有一步写过。请把写它的环节放到前面")


def _is_before(ways: Ways, writers: list[str], read: Read) -> bool:
    """Tell whether some way leads from one that writes a variable to where it is read."""
    element = read.site.element
    if ways.nodes[element]["type"] == "subProcess":  # its loop is asked again behind what is inside
        return True
    before = ways.before(element)
    return any(writer in before and (writer != element or _is_own(read)) for writer in writers)


def _is_own(read: Read) -> bool:
    """Tell whether an element may read what it writes itself: in a circle, or behind its own writing."""
    return read.site.site.startswith(("output", "condition", "until", "loop", "input", "due"))


def _unused(spec: Spec, form_of: FormOf | None, reads: tuple[Read, ...]) -> Iterator[Finding]:
    used = {name for read in reads for name in read.names} | _in_forms(spec, form_of)
    used |= {f"{node.get('deadline')}{suffix}" for node in spec.nodes.values() for suffix in SUFFIXES}
    for node in spec.nodes.values():
        operation, event = node.get("operation") or {}, node.get("event") or {}
        given = (*operation.get("inputs", ()), *node.get("inputs", ()), *event.get("inputs", ()))
        used |= {name for name, text in given if text is None}
        if node.get("decision") and not node["inputs"]:
            return  # a table without inputs of its own reads whatever it asks for
    for name, writers in _written(spec).items():
        if name not in used:
            named = "、".join(dict.fromkeys(f"“{spec.nodes[writer]['name']}”" for writer in writers))
            message = f"{named}留下“{name}”，流程图和表单里都没有用到它。别处也不用就删去"
            yield Finding(writers[0], "unused", message, "W")


def _in_forms(spec: Spec, form_of: FormOf | None) -> set[str]:
    """Return every word of the forms of a process: they may ask for variables as well."""
    forms = [form for _, _, name in spec.forms if form_of is not None and (form := form_of(name))]
    parts = (part for form in forms for part in every(form.components))
    texts = (getattr(part, name) for part in parts for name in part.__struct_fields__)
    return {word for text in texts if isinstance(text, str) for word in _WORD.findall(text)}


def _written(spec: Spec) -> dict[str, list[str]]:
    """Return where each variable is set."""
    found: dict[str, list[str]] = {}
    for element, node in spec.nodes.items():
        loop = node.get("loop") or {}
        names = [name for name, _ in node.get("outputs", ())]
        names += [loop[part] for part in ("output", "item") if loop.get(part)]
        for name in names:
            found.setdefault(name, []).append(element)
    return found
