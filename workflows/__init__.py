"""What happens next: diagrams, the engine, commands and their handlers, operations."""
