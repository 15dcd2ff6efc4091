"""Expressions and decisions tried outside of any case: from a command line, by other programs, by the public suite."""
