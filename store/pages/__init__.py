"""One query module per page; each returns frozen structs."""
