"""One query module per page; each returns frozen dataclasses."""
