"""The measures of domain.md §8: each stands once: a name, a sentence that defines it, the rows that it counts."""
