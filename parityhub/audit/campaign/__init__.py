"""Whether an audit sees lies: a true hub, one thing in it made false at a time."""
