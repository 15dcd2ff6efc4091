"""Numbers with the command that measures them."""
