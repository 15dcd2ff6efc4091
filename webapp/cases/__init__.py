"""A case with its diagram, history, papers and records."""
