"""Evidence against evidence: statistics, values, artifacts and images, each with a verdict."""
