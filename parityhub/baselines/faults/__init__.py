"""Known mistakes, made on purpose in the PyTorch side of a pair."""
