"""The standard as pure functions: dates and amounts in, dates and amounts out."""
