"""Named functions that a diagram may call."""
