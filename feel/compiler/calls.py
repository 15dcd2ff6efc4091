"""Closures of invocations and of functions that the text defines itself."""

from __future__ import annotations

from collections.abc import Sequence

from feel.builtins.registry import BUILTINS, Builtin, invoke, misuse
from feel.compiler.frames import frames_to_calls
from feel.compiler.scope import FIRST_SLOT, MISSING, Compiler, rule
from feel.costs import USER_CALL_FUEL, weight
from feel.errors import FeelTypeError
from feel.exchange import to_feel, to_python
from feel.inference import type_of
from feel.limits import DEPTH, FRAMES, PLAIN, HostFunction, Run
from feel.nodes import Call, FunctionNode, Literal, Name, Node, Path, Span
from feel.order import family
from feel.spelling import misspelt
from feel.types import ANY, Type, UnknownTypeError, coerced, resolve
from feel.values import Code, Frame, Function, Value

FOLDED = frozenset({"date", "time", "date and time", "duration", "years and months duration"})


@rule(Call)
def call(compiler: Compiler, node: Call) -> Code:
    """Compile an invocation."""
    if not isinstance(node.function, Name):
        return _value_call(compiler, node, compiler.code(node.function))
    if node.function.name == "is defined" and len(node.arguments) == 1:
        return _is_defined(compiler, node.arguments[0])
    _, binding = compiler.find(node.function.name)
    if binding is not None:
        return _value_call(compiler, node, compiler.code(node.function))
    compiler.called.add(node.function.name)
    return _folded(compiler, node) or _named_call(compiler, node, node.function.name)


@rule(FunctionNode)
def function(compiler: Compiler, node: FunctionNode) -> Code:
    """Compile a function: it keeps a copy of the frame around it, made when it is defined."""
    names = tuple(parameter for parameter, _ in node.parameters)
    if node.body is None:
        return _external(names, node.span)
    types = tuple(_parameter_type(compiler, node, place) for place in range(len(names)))
    result = type_of(node.body, dict(zip(names, types, strict=True)))
    declared = types if any(kind is not ANY for kind in types) else ()
    compiler.sizes.append(FIRST_SLOT)
    for name in names:
        compiler.bind(name)
    body = compiler.code(node.body)
    compiler.release(len(names))
    size = compiler.sizes.pop()
    blank = [None] * (size - FIRST_SLOT - len(names))
    cost, levels, span = USER_CALL_FUEL + weight(node.body), 1 + frames_to_calls(node.body), node.span

    def value(frame: Frame) -> Value:
        around = frame[:]

        def enter(run: Run, arguments: list[Value]) -> Value:
            run.spend(cost)
            if run.calls >= DEPTH or run.stack + levels > FRAMES:
                return run.warn("limit", span, names[0] if names else "")
            run.calls += 1
            run.stack += levels
            try:
                return body([run, around, *arguments, *blank])
            finally:
                run.calls -= 1
                run.stack -= levels

        return Function(names, enter, around, types=declared, result=result)

    return value


def fitted(run: Run, function: Value, arguments: list[Value], span: Span) -> list[Value] | None:
    """Return the arguments as a function value wants them; None with a warning if they do not fit it."""
    if type(function) is not Function:
        run.warn("function", span)
        return None
    wants_all = function.frame is not None or bool(function.types)
    missing = len(function.parameters) - len(arguments)
    if (missing < 0 and not function.variadic) or (missing and wants_all):
        run.warn("argument", span, _usage(function))
        return None
    return _typed(run, function, arguments, span) if function.types else arguments


def _typed(run: Run, function: Function, arguments: list[Value], span: Span) -> list[Value] | None:
    """Return the arguments as the types of the parameters want them; None with a warning if one does not conform."""
    found = []
    for argument, declared in zip(arguments, function.types, strict=True):
        conforms, value = coerced(run, argument, declared)
        if not conforms:
            run.warn("coercion", span, declared.kind)
            return None
        found.append(value)
    return found


def _external(names: tuple[str, ...], span: Span) -> Code:
    def refuse(run: Run, _arguments: list[Value]) -> Value:
        return run.warn("external", span)

    outcome = Function(names, refuse, name="external")
    return lambda _frame: outcome


def _parameter_type(compiler: Compiler, node: FunctionNode, place: int) -> Type:
    written = node.parameters[place][1]
    try:
        return ANY if written is None else resolve(written, compiler.types)
    except UnknownTypeError:
        return ANY


def _value_call(compiler: Compiler, node: Call, function: Code) -> Code:
    arguments = [compiler.code(argument) for argument in node.arguments]
    names, span = node.names, node.span

    def value(frame: Frame) -> Value:
        run: Run = frame[0]
        run.spend(1)
        target = function(frame)
        found = [argument(frame) for argument in arguments]
        if names and type(target) is Function:
            ordered = by_name(target.parameters, names, found)
            if ordered is None:
                return run.warn("argument", span, _usage(target), misspelt(names, target.parameters))
            found = ordered
        wanted = fitted(run, target, found, span)
        return None if wanted is None else target.call(run, wanted)

    return value


def by_name(parameters: Sequence[str], names: Sequence[str], arguments: list[Value]) -> list[Value] | None:
    """Return the arguments in the order of the parameters, null for what is left out; None if a name is unknown."""
    if not set(names) <= set(parameters):
        return None
    given = dict(zip(names, arguments, strict=True))
    return [given.get(parameter) for parameter in parameters]


def _named_call(compiler: Compiler, node: Call, name: str) -> Code:
    """Compile a call by a name of no local binding: a function of the scope, a built-in, or one of the host."""
    in_scope = compiler.raw_reader(name)
    with_value = _value_call(compiler, node, in_scope)
    arguments = [compiler.code(argument) for argument in node.arguments]
    builtins = _candidates(node, name)
    misused = misuse(name, node.names) if name in BUILTINS and not builtins else ()
    names, span, local = node.names, node.span, compiler.local_names()

    def value(frame: Frame) -> Value:
        if type(in_scope(frame)) is Function:
            return with_value(frame)
        found = [argument(frame) for argument in arguments]
        if builtins:
            return invoke(frame[0], builtins, found, span)
        run: Run = frame[0]
        target = run.host.functions.get(name)
        if target is not None:
            return _host_call(run, target, names, found, span)
        if name in BUILTINS:
            return run.warn("argument", span, *misused)
        return run.warn_of_name("function", span, name, local, BUILTINS, run.host.functions, run.names)

    return value


def _usage(function: Function) -> str:
    return f"{function.name or 'function'}({', '.join(function.parameters)})"


def _candidates(node: Call, name: str) -> list[tuple[Builtin, list[int] | None]]:
    """Return the ways to call a built-in that fit the arguments, each with the order of the named ones."""
    known = BUILTINS.get(name, [])
    if not node.names:
        return [(candidate, None) for candidate in known if candidate.takes(len(node.arguments))]
    orders = ((candidate, candidate.order(node.names)) for candidate in known)
    return [(candidate, order) for candidate, order in orders if order is not None]


def _host_call(
    run: Run, target: HostFunction, names: tuple[str, ...], found: list[Value], span: Span
) -> Value:
    run.spend(1)
    if names:
        ordered = by_name(target.parameters, names, found)
        found = [] if ordered is None else ordered
    if len(found) != len(target.parameters):
        meant = misspelt(names, target.parameters)
        return run.warn("argument", span, ", ".join(target.parameters), meant)
    for argument, kind in zip(found, target.kinds, strict=False):
        if family(argument) != kind:
            return run.warn("argument", span, f"{family(argument)} / {kind}")
    try:
        outcome = target.call(*(to_python(run, argument) for argument in found))
    except ValueError as error:
        return run.warn("argument", span, str(error))
    except FeelTypeError as error:
        return run.warn("argument", span, str(error))
    return to_feel(run, outcome)


def _is_defined(compiler: Compiler, argument: Node) -> Code:
    """Compile `is defined(name)`: true if the scope has the name or the context the key, even if it is null."""
    if isinstance(argument, Name):
        compiler.read.add(argument.name)
        read = compiler.raw_reader(argument.name)
        return lambda frame: read(frame) is not MISSING
    if isinstance(argument, Path):
        base, key = compiler.code(argument.base), argument.name

        def defined(frame: Frame) -> bool:
            found = base(frame)
            return type(found) is dict and key in found

        return defined
    value = compiler.code(argument)
    return lambda frame: value(frame) is not None


def _folded(compiler: Compiler, node: Call) -> Code | None:
    """Return a constant for `date("2026-05-01")` and its like, unless it is null: then the run warns."""
    name = node.function.name if isinstance(node.function, Name) else ""
    if name not in FOLDED or name in compiler.shadowed or node.names:
        return None
    values = [argument.value for argument in node.arguments if isinstance(argument, Literal)]
    builtins = _candidates(node, name)
    if not builtins or len(values) != len(node.arguments):
        return None
    outcome = invoke(Run(PLAIN), builtins, values, node.span)
    return None if outcome is None else lambda _frame: outcome
