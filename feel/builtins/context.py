"""Functions of contexts."""

from __future__ import annotations

from feel.builtins.registry import RefusedError, builtin
from feel.limits import Run
from feel.values import Value


@builtin("get value(m: context, key: string)")
def get_value(_run: Run, entries: dict[str, Value], key: str) -> Value:
    """Return the entry of that key."""
    if key not in entries:
        raise RefusedError(key)
    return entries[key]


@builtin("get value(m: context, key: list)")
def get_value_by_path(_run: Run, entries: Value, keys: list[Value]) -> Value:
    """Return the entry at the end of a path of keys."""
    for key in keys:
        if type(entries) is not dict or type(key) is not str or key not in entries:
            raise RefusedError(str(key))
        entries = entries[key]
    return entries


@builtin("get entries(m: context)")
def get_entries(run: Run, entries: dict[str, Value]) -> list[Value]:
    """Return the entries as contexts of key and value."""
    run.spend(len(entries))
    return [{"key": key, "value": value} for key, value in entries.items()]


@builtin("context(entries: list)")
def context(_run: Run, entries: list[Value]) -> dict[str, Value]:
    """Return the context of a list of keys and values; every key may occur once."""
    found: dict[str, Value] = {}
    for entry in entries:
        if type(entry) is not dict or "value" not in entry or type(entry.get("key")) is not str:
            raise RefusedError("key, value")
        if entry["key"] in found:
            raise RefusedError(entry["key"])
        found[entry["key"]] = entry["value"]
    return found


@builtin("context put(context: context, key: string, value)")
def context_put(_run: Run, entries: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    """Return the context with an entry added or replaced."""
    return {**entries, key: value}


@builtin("context put(context: context, keys: list, value)")
def context_put_by_path(
    run: Run, entries: dict[str, Value], keys: list[Value], value: Value
) -> dict[str, Value]:
    """Return the context with an entry at the end of a path added or replaced."""
    if not keys or any(type(key) is not str for key in keys):
        raise RefusedError("keys")
    outcome = dict(entries)
    here = outcome
    for key in keys[:-1]:
        inner = here.get(key, {})
        if type(inner) is not dict:
            raise RefusedError(key)
        run.sized_context(inner)
        here[key] = dict(inner)
        here = here[key]
    here[keys[-1]] = value
    run.sized_context(here)
    return outcome


@builtin("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Value]) -> dict[str, Value]:
    """Return the entries of all contexts; later ones win."""
    found: dict[str, Value] = {}
    for part in contexts:
        if type(part) is not dict:
            raise RefusedError("context")
        found.update(part)
        run.sized_context(found)
    return found
