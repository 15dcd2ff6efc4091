"""What the database itself guards, in its own words: append-only tables, sealed archives, search, the bell of workers.

The statements run after `create_all`; the migrations carry their own frozen copy, and a test
compares the two. SQLite refuses with RAISE(ABORT), PostgreSQL with an integrity violation, so
both arrive as SQLAlchemy's IntegrityError. PostgreSQL also recomputes the hash of each event.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, MetaData, event, text

from store.tables.base import Base

APPEND_ONLY = (
    "access_log",
    "artefact",
    "case_event",
    "filed_report_row",
    "fund_entry",
    "quota_snapshot",
    "record_event",
)
CHAINED = ("case_event", "record_event")
OF_ARCHIVED_VISIT = (
    "anomaly",
    "checklist_result",
    "entry_check",
    "low_score",
    "pre_contact",
    "return_visit",
    "service_item_record",
    "visit_day",
    "visit_member",
)
RING = "weiran_job"
"""The channel on which PostgreSQL says at a commit that jobs were queued."""

SEARCHED = ("cases", "hazard_template", "organization", "person")
_SEALED_COLUMNS = "number, policy_id, visit_id, title, state, sealed_at, sealed_by, confirmed_by, chain_head"
_FROZEN_RELEASE = "definition_id, process, number, origin, manifest, published_at"
_FROZEN_CHECKPOINT = "number, at, root, chains, previous, body, signature, key_id"
_FROZEN_REPORT = (
    "kind, period, period_name, first_day, last_day, version, case_id, snapshot, sha256, frozen_at,"
    " reason_of_correction"
)
_FROZEN_PLAN = "year, version, case_id, reason, basis"
_FROZEN_FILING = "year, version, case_id, reason, snapshot, sha256, frozen_at"
_FROZEN_DISPOSAL = "number, org_id, insurer_id, reason, volumes, list_sha256, proposed_by, proposed_at"
_FROZEN = (
    ("annual_plan", _FROZEN_PLAN),
    ("disposal", _FROZEN_DISPOSAL),
    ("fund_filing", _FROZEN_FILING),
    ("release", _FROZEN_RELEASE),
    ("checkpoint", _FROZEN_CHECKPOINT),
    ("filed_report", _FROZEN_REPORT),
)
_FILED = (
    ("filed", "sections, submitted_on, submitted_by", "OLD.submitted_on IS NOT NULL"),
    ("received", "receipt, receipt_opinion, received_on, received_by", "OLD.receipt IS NOT NULL"),
)
"""What of a report stays as it is: once it was submitted, once it was answered."""

_SHRINKS = (
    "NEW.retain_until < OLD.retain_until OR (NEW.retain_until IS NULL AND OLD.retain_until IS NOT NULL)"
)
_GONE_ON = {
    "sqlite": "date(NEW.disposed_at, '+8 hours')",
    "postgresql": "(NEW.disposed_at AT TIME ZONE 'Asia/Shanghai')::date",
}
_UNDUE = (
    "OLD.disposed_at IS NOT NULL OR"
    " (NEW.disposed_at IS NOT NULL AND (OLD.retain_until IS NULL OR {} <= OLD.retain_until))"
)
"""A volume is disposed of once, and not before its time is over, whoever asks."""

_REFUSE = "RAISE EXCEPTION '% is %', TG_TABLE_NAME, {} USING ERRCODE = 'integrity_constraint_violation';"
_GO_ON = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
_FORGED = (
    "NEW.alg <> 'sha256' OR NEW.hash <> encode("
    "sha256(convert_to(NEW.alg, 'UTF8') || decode(NEW.prev_hash, 'hex') || NEW.body), 'hex')"
)
_ARCHIVED = "EXISTS (SELECT 1 FROM visit WHERE id = OLD.visit_id AND state = 'archived')"
_SEALED = "EXISTS (SELECT 1 FROM case_file WHERE id = OLD.case_file_id AND state = 'sealed')"
_LATE = f"NEW.supplement_no IS NULL AND {_SEALED.replace('OLD', 'NEW')}"


def statements(dialect: str) -> Iterator[str]:
    """Yield the statements of this database, in order; each may run again without harm."""
    yield from _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    for table in APPEND_ONLY:
        yield _abort(table, "update", "UPDATE", "append-only")
        yield _abort(table, "delete", "DELETE", "append-only")
    for table, columns in _FROZEN:
        yield _abort(table, "update", f"UPDATE OF {columns}", "frozen")
        yield _abort(table, "delete", "DELETE", "frozen")
    for name, columns, when in _FILED:
        yield _abort("filed_report", name, f"UPDATE OF {columns}", name, when=when)
    yield from _sqlite_archive()
    for table in SEARCHED:
        yield from _sqlite_search(table)


def _sqlite_archive() -> Iterator[str]:
    for action in ("update", "delete"):
        yield _abort("visit", action, action.upper(), "archived", when="OLD.state = 'archived'")
        for table in OF_ARCHIVED_VISIT:
            archived = "(SELECT state FROM visit WHERE id = OLD.visit_id) = 'archived'"
            yield _abort(table, action, action.upper(), "archived", when=archived)
        sealed = "(SELECT state FROM case_file WHERE id = OLD.case_file_id) = 'sealed'"
        yield _abort("case_file_item", action, action.upper(), "sealed", when=sealed)
    late = (
        "NEW.supplement_no IS NULL AND (SELECT state FROM case_file WHERE id = NEW.case_file_id) = 'sealed'"
    )
    yield _abort("case_file_item", "insert", "INSERT", "sealed", when=late)
    yield _abort("case_file", "update", f"UPDATE OF {_SEALED_COLUMNS}", "sealed", when="OLD.state = 'sealed'")
    yield _abort("case_file", "delete", "DELETE", "sealed", when="OLD.state = 'sealed'")
    yield _abort("case_file", "retention", "UPDATE OF retain_until", "kept longer", when=_SHRINKS)
    undue = _UNDUE.format(_GONE_ON["sqlite"])
    yield _abort("case_file", "disposal", "UPDATE OF disposed_at", "kept", when=undue)


def _abort(table: str, name: str, action: str, what: str, *, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_keep_{name} BEFORE {action} ON {table}{condition}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is {what}'); END"
    )


def _sqlite_search(table: str) -> Iterator[str]:
    """Keep a full-text index beside the column; the text itself stays in the table alone."""
    index = f"{table}_search"
    remove = f"INSERT INTO {index}({index}, rowid, bigrams) VALUES ('delete', OLD.rowid, OLD.bigrams);"  # noqa: S608  # names of ours
    insert = f"INSERT INTO {index}(rowid, bigrams) VALUES (NEW.rowid, NEW.bigrams);"  # noqa: S608  # names of ours
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5("
        f"bigrams, content='{table}', content_rowid='rowid', tokenize='ascii')"
    )
    yield f"CREATE TRIGGER IF NOT EXISTS {index}_insert AFTER INSERT ON {table} BEGIN {insert} END"
    yield f"CREATE TRIGGER IF NOT EXISTS {index}_delete AFTER DELETE ON {table} BEGIN {remove} END"
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {index}_update AFTER UPDATE OF bigrams ON {table}"
        f" BEGIN {remove} {insert} END"
    )


def _postgresql() -> Iterator[str]:
    yield from _postgresql_functions()
    for table in APPEND_ONLY:
        yield _guard(table, "rows", "UPDATE OR DELETE", "weiran_refuse('append-only')")
        yield _guard(table, "all", "TRUNCATE", "weiran_refuse('append-only')", each="STATEMENT")
    for table in CHAINED:
        yield _guard(table, "hash", "INSERT", "weiran_check_hash()")
    for table, columns in _FROZEN:
        yield _guard(table, "rows", f"UPDATE OF {columns} OR DELETE", "weiran_refuse('frozen')")
    for name, columns, when in _FILED:
        yield _guard("filed_report", name, f"UPDATE OF {columns}", f"weiran_refuse('{name}')", when=when)
    yield _guard(
        "visit", "rows", "UPDATE OR DELETE", "weiran_refuse('archived')", when="OLD.state = 'archived'"
    )
    for table in OF_ARCHIVED_VISIT:
        yield _guard(table, "rows", "UPDATE OR DELETE", "weiran_keep_archived()")
    yield _guard("case_file_item", "rows", "INSERT OR UPDATE OR DELETE", "weiran_keep_sealed()")
    sealed = "OLD.state = 'sealed'"
    action = f"UPDATE OF {_SEALED_COLUMNS} OR DELETE"
    yield _guard("case_file", "rows", action, "weiran_refuse('sealed')", when=sealed)
    action = "UPDATE OF retain_until"
    yield _guard("case_file", "retention", action, "weiran_refuse('kept longer')", when=_SHRINKS)
    undue, action = _UNDUE.format(_GONE_ON["postgresql"]), "UPDATE OF disposed_at"
    yield _guard("case_file", "disposal", action, "weiran_refuse('kept')", when=undue)
    for table in SEARCHED:
        vector = "to_tsvector('simple'::regconfig, bigrams)"
        yield f"CREATE INDEX IF NOT EXISTS {table}_search ON {table} USING gin ({vector})"
    yield _function("weiran_ring", f"PERFORM pg_notify('{RING}', ''); RETURN NULL;")
    yield (
        "CREATE OR REPLACE TRIGGER job_ring AFTER INSERT ON job"
        " FOR EACH STATEMENT EXECUTE FUNCTION weiran_ring()"
    )


def _guard(table: str, name: str, action: str, call: str, *, each: str = "ROW", when: str = "") -> str:
    condition = f" WHEN ({when})" if when else ""
    return (
        f"CREATE OR REPLACE TRIGGER {table}_keep_{name} BEFORE {action} ON {table}"
        f" FOR EACH {each}{condition} EXECUTE FUNCTION {call}"
    )


def _postgresql_functions() -> Iterator[str]:
    """Refuse by the reason in the trigger's argument; the others decide by a row elsewhere."""
    yield _function("weiran_refuse", _REFUSE.format("TG_ARGV[0]"))
    yield _function(
        "weiran_check_hash", f"IF {_FORGED} THEN {_REFUSE.format(repr('forged'))} END IF; RETURN NEW;"
    )
    yield _function(
        "weiran_keep_archived", f"IF {_ARCHIVED} THEN {_REFUSE.format(repr('archived'))} END IF; {_GO_ON}"
    )
    sealed = _REFUSE.format(repr("sealed"))
    insert = f"IF TG_OP = 'INSERT' THEN IF {_LATE} THEN {sealed} END IF; RETURN NEW; END IF;"
    yield _function("weiran_keep_sealed", f"{insert} IF {_SEALED} THEN {sealed} END IF; {_GO_ON}")


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def execute(connection: Connection) -> None:
    """Run the statements of this connection's database."""
    for statement in statements(connection.dialect.name):
        connection.execute(text(statement.replace(":", r"\:")))


def _after_create(_target: MetaData, connection: Connection, **_: object) -> None:
    execute(connection)


event.listen(Base.metadata, "after_create", _after_create)
