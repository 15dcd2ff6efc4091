"""Releases outside of the database: as one file or a folder with hashes, and back."""
