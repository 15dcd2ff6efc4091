"""One function per command: the transaction, and the only place that authorizes."""
