"""Weights of one framework loaded into the other, by a mapping that is data."""
