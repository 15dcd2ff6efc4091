"""What other engines run in processes of their own; each is installed by the benchmark alone."""
