"""What waits for me, and the form to do it."""
