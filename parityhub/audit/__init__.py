"""Claims against evidence: what reports assert, and whether the evidence bears it."""
