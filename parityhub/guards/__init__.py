"""Keeping what was accepted: guards that pytest runs, and what they hold it against."""
