"""From the text of a report to its claims: readers make passages, grammars find claims in them."""
