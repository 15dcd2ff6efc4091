"""The pages of the three administrators: accounts and roles, how the product runs, what was done."""

from webapp.admin import accounts, organizations, overview, people, roles
from webapp.admin.frame import blueprint

__all__ = ["accounts", "blueprint", "organizations", "overview", "people", "roles"]
