"""People's verbs on open work: return, withdraw, transfer, delegate, urge, copy, comment … (docs/verbs.md)."""
