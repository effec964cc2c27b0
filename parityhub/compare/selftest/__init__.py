"""Known faults seeded one at a time, to see that comparison and localisation find them."""
