"""From somebody's repository to a plan: its sources are read, never run."""
