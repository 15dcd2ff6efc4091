"""Whether the standard is kept, duty by duty, counted from what is committed: one module per group of duties."""
