"""Sample data: Excel files with the distributions of the standard, brought to life by commands."""
