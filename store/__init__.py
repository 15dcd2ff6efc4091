"""What is kept, and how it is asked for: tables, events, projections, files, jobs."""
