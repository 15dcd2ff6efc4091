"""The pages of the three administrators: accounts and roles, how the product runs, what was done."""

from webapp.admin import accounts, incidents, jobs, organizations, overview, people, roles
from webapp.admin.frame import blueprint

__all__ = ["accounts", "blueprint", "incidents", "jobs", "organizations", "overview", "people", "roles"]
