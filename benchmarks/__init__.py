"""Measurements, as ratios within one run: what a machine or its load changes cancels out."""
