"""Nothing lost: the product under faults, with real processes and signals (`run.py faults`)."""
