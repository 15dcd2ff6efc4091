"""Element trees to models. Opens no file and follows no reference outside of the models handed in."""

from __future__ import annotations

from collections.abc import Mapping

from feel.cursor import STANDARD_NAMES, NameTable
from feel.dmn.boxed import Boxes, BoxFaultError, function
from feel.dmn.elements import Element, attribute, child, children, local_name
from feel.dmn.items import Items
from feel.dmn.model import Decision, Finding, InputData, Model, Part, Requirement, Service
from feel.dmn.table_boxes import ALL_READERS
from feel.errors import FeelSyntaxError
from feel.nodes import ContextNode, Node, Path
from feel.program import Body, build
from feel.types import keys_of

REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")
TARGETS = ("requiredInput", "requiredDecision", "requiredKnowledge")
PARTS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


def load(root: Element, imports: Mapping[str, Model] | None = None) -> Model:
    """Return the model of a `definitions` element; `imports` holds the models it may import, by namespace.

    What is wrong is in `findings`; a decision that could not be read gives null with a reason.
    """
    return _Loader(root, imports or {}).model()


class _Loader:
    """One model on its way from elements to parts."""

    def __init__(self, root: Element, imports: Mapping[str, Model]) -> None:
        self.root = root
        self.namespace = attribute(root, "namespace")
        self.findings: list[Finding] = []
        self.imports = self._imports(imports)
        imported = {
            f"{name}.{key}" if name else key: kind
            for name, model in self.imports
            for key, kind in model.types.items()
        }
        self.items = Items(children(root, "itemDefinition"), imported)
        self.types = self.items.all()
        self.components = self._component_names()
        self.named = {attribute(one, "id"): one for one in children(root, *PARTS)}

    def model(self) -> Model:
        """Return the finished model."""
        parts: dict[str, Part] = {}
        names: dict[str, str] = {}
        for _, model in self.imports:
            parts.update(model.parts)
        for element in children(self.root, *PARTS):
            part = self._part(element)
            parts[part.key] = part
            names[part.name] = part.key
        for element in children(self.root, *PARTS):
            names.setdefault(attribute(element, "name"), self._key(attribute(element, "id")))
        self._refuse_cycles(parts)
        self.findings += [Finding(name, f"类型“{name}”{fault}") for name, fault in self.items.faults]
        for unknown in sorted(self.items.unknown):
            self.findings.append(Finding(unknown, f"没有类型“{unknown}”。"))
        return Model(self.namespace, parts, names, self.types, tuple(self.findings))

    def _imports(self, given: Mapping[str, Model]) -> list[tuple[str, Model]]:
        """Return the imported models with their names; under an empty name all is known as if it were our own."""
        found = []
        for element in children(self.root, "import"):
            namespace, name = attribute(element, "namespace"), attribute(element, "name")
            if namespace in given:
                found.append((name, given[namespace]))
            elif "DMN" in attribute(element, "importType"):
                self.findings.append(Finding(name, f"引入的模型“{name}”不在这一版里。"))
        return found

    def _part(self, element: Element) -> Part:
        kind = local_name(element)
        name = _name(element)
        key = self._key(attribute(element, "id"))
        type_ref = attribute(child(element, "variable"), "typeRef")
        if kind == "inputData":
            return InputData(key, name, self.items.named(type_ref))
        if kind == "decisionService":
            return self._service(element, key, name)
        requirements = self._requirements(element)
        body, node = self._logic(element, name, requirements)
        if kind == "businessKnowledgeModel":
            return Decision(key, name, body, requirements, is_knowledge=True, node=node)
        return Decision(key, name, body, requirements, self.items.named(type_ref), node=node)

    def _logic(
        self, element: Element, name: str, requirements: tuple[Requirement, ...]
    ) -> tuple[Body | None, Node | None]:
        known = {one.name for one in requirements} | {one.through for one in requirements if one.through}
        boxes: Boxes | None = None
        try:
            boxes = Boxes([*sorted(known), name], self.types, self.components)
            if local_name(element) == "businessKnowledgeModel":
                node = self._knowledge(boxes, element, name)
            else:
                node = boxes.read(next((one for one in element if local_name(one) in ALL_READERS), None))
        except BoxFaultError as error:
            self.findings.append(Finding(attribute(element, "name"), str(error)))
            return None, None
        except FeelSyntaxError as error:
            place = f"{boxes.place}：" if boxes is not None and boxes.place else ""
            self.findings.append(Finding(attribute(element, "name"), f"{place}{error}"))
            return None, None
        return build(boxes.text, node, frozenset(known), self.types), node

    def _knowledge(self, boxes: Boxes, element: Element, name: str) -> Node:
        """Return a function that sees itself, so that it may be recursive."""
        logic = child(element, "encapsulatedLogic")
        node = boxes.read(None) if logic is None else function(boxes, logic, self._result_type(element))
        context = ContextNode(node.span, ((name, node),))
        return Path(node.span, context, name)

    def _result_type(self, element: Element) -> str:
        """Return the type of what an invocable gives: its variable is typed as a function, or as the result."""
        return self.items.result_of(attribute(child(element, "variable"), "typeRef"))

    def _component_names(self) -> NameTable:
        """Return the names of all components of types: after a dot or in a filter each decision may write them."""
        table = NameTable((), STANDARD_NAMES)
        for name in sorted(keys_of(self.types.values())):
            try:
                table.add(name)
            except FeelSyntaxError as error:
                self.findings.append(Finding(name, f"名称“{name}”写得不对：{error}"))
        return table

    def _requirements(self, element: Element) -> tuple[Requirement, ...]:
        found = []
        for requirement in children(element, *REQUIREMENTS):
            for target in children(requirement, *TARGETS):
                one = self._requirement(attribute(target, "href"))
                if one is None:
                    message = f"引用“{attribute(target, 'href')}”没有对象。"
                    self.findings.append(Finding(attribute(element, "name"), message))
                else:
                    found.append(one)
        return tuple(found)

    def _requirement(self, href: str) -> Requirement | None:
        namespace, _, identifier = href.rpartition("#")
        if namespace in ("", self.namespace) and identifier in self.named:
            return Requirement(_name(self.named[identifier]), self._key(identifier))
        key = f"{namespace}#{identifier}"
        for name, model in self.imports:
            if key in model.parts:
                return Requirement(model.parts[key].name, key, name)
        return None

    def _service(self, element: Element, key: str, name: str) -> Service:
        outputs = self._targets(element, "outputDecision")
        inputs = self._targets(element, "inputDecision", "inputData")
        order = {key: place for place, key in enumerate(self._targets(element, "inputData", "inputDecision"))}
        result = self.items.named(self._result_type(element))
        return Service(key, name, outputs, tuple(sorted(inputs, key=lambda one: order[one])), result)

    def _targets(self, element: Element, *names: str) -> tuple[str, ...]:
        found = (self._requirement(attribute(one, "href")) for one in children(element, *names))
        return tuple(one.key for one in found if one is not None)

    def _key(self, identifier: str) -> str:
        return f"{self.namespace}#{identifier}"

    def _refuse_cycles(self, parts: dict[str, Part]) -> None:
        for key in _entangled(parts):
            part = parts[key]
            if isinstance(part, Decision) and _reaches(parts, part, key):
                self.findings.append(Finding(part.name, f"决策“{part.name}”绕回到自己。"))
                parts[key] = Decision(key, part.name, None, (), part.type, part.is_knowledge)


def _entangled(parts: Mapping[str, Part]) -> list[str]:
    """Return the decisions that neither rest on given things alone, however far, nor serve such alone.

    The others are on no circle.
    """
    rests_on = {
        key: {one.key for one in part.requirements if isinstance(parts.get(one.key), Decision)}
        for key, part in parts.items()
        if isinstance(part, Decision)
    }
    for _ in range(2):
        serves: dict[str, set[str]] = {key: set() for key in rests_on}
        for key, targets in rests_on.items():
            for target in targets:
                serves[target].add(key)
        free = [key for key, targets in rests_on.items() if not targets]
        while free:
            key = free.pop()
            del rests_on[key]
            for above in serves[key] & rests_on.keys():
                rests_on[above].discard(key)
                if not rests_on[above]:
                    free.append(above)
        rests_on = {key: serves[key] & rests_on.keys() for key in rests_on}
    return list(rests_on)


def _reaches(parts: Mapping[str, Part], start: Decision, key: str) -> bool:
    """Tell whether the requirements of a decision lead back to it; a function may call itself."""
    seen: set[str] = set()
    pending = [one.key for one in start.requirements if not (start.is_knowledge and one.key == key)]
    while pending:
        here = pending.pop()
        if here == key:
            return True
        part = parts.get(here)
        if here not in seen and isinstance(part, Decision):
            seen.add(here)
            pending += [one.key for one in part.requirements]
    return False


def _name(element: Element) -> str:
    """Return the name that expressions know an element by: its variable's, else its own."""
    return attribute(child(element, "variable"), "name") or attribute(element, "name")
