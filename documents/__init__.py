"""What is printed and what comes as Excel: paper, archive packages and their verifier, register sheets."""
