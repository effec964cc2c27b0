"""Rules: one class a check, each with a stable code."""
