"""Causes of a divergence: each file tries changes of some operations and says what they give."""
