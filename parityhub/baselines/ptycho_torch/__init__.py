"""The reference network in PyTorch."""
