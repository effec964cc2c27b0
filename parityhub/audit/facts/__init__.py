"""Facts: what the evidence holds, gathered once, whoever asks."""
