"""What a process of tests compiles once, however many databases and applications its tests make.

The product has one database and one application for its whole life; a test has its own. Compiling the same templates,
routes and statements for each of them took half the time of the tests that look at pages.
"""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_MANY = 5000


class _Templates(BytecodeCache):
    """Compiled templates by their place and their text."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what an earlier application compiled."""
        if known := self._compiled.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def compile_templates_once() -> None:
    """Let every application of this process use the templates that one of them has compiled."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Templates()}


def compile_routes_once() -> None:
    """Let every application of this process build addresses with the functions that one of them has compiled."""
    compiled: dict[tuple[object, ...], object] = {}
    compile_one = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> object:
        key = (rule.rule, rule.host, rule.subdomain, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_one(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = once


def compile_statements_once() -> None:
    """Let every engine of a dialect use the statements that one of them has compiled.

    A compiled statement is found by its dialect, among other things: all dialects of one class count as one here, as
    all databases of a kind are the same server and the same driver.
    """
    compiled: dict[type, LRUCache] = {}

    def of_dialect(engine: Engine) -> LRUCache:
        return compiled.setdefault(type(engine.dialect), LRUCache(_MANY))

    Engine._compiled_cache = property(of_dialect, lambda _engine, _own: None)
    DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))
    DefaultDialect.__eq__ = lambda dialect, other: type(dialect) is type(other)
