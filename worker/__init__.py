"""What runs without a person: due timers and queued jobs."""
