"""What run.py does before the environment exists: standard library only."""
