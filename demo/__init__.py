"""Sample data: registers as Excel files fed through the importer, cases moved by people's own commands."""
