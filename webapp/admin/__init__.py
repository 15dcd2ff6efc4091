"""The pages of the three administrators: accounts and roles, how the product runs, what was done."""

from webapp.admin import (
    absences,
    accounts,
    audit,
    cases,
    fund_rules,
    incidents,
    jobs,
    letters,
    migrations,
    moves,
    organizations,
    overview,
    people,
    reference,
    roles,
    running,
)
from webapp.admin.frame import blueprint

__all__ = [
    "absences",
    "accounts",
    "audit",
    "blueprint",
    "cases",
    "fund_rules",
    "incidents",
    "jobs",
    "letters",
    "migrations",
    "moves",
    "organizations",
    "overview",
    "people",
    "reference",
    "roles",
    "running",
]
