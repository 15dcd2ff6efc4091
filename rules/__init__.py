"""The standard as pure functions: dates and amounts in, answers out; no clock, no database, no web."""
