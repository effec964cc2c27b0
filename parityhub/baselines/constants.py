"""The numbers that make the two sides a pair: each stands here once, and both sides read it."""

CHANNELS = (16, 32, 64, 128)
"""Of each level of the network, the finest first."""

BETA_1 = 0.9
BETA_2 = 0.999
EPSILON = 1e-8
"""Adam's. Keras's default is 1e-7 and PyTorch's 1e-8; and Keras adds it to the square root of the
second moment before that is corrected for its bias, PyTorch after. tests/baselines measures what
that comes to."""

BACKGROUND = 0.1
"""Photons a pixel that the likelihood allows for besides the model's: a count where the model
predicts none costs finitely much."""

DAMPING = 0.1
"""Of the division by the probe in the first estimate, relative to the probe's highest intensity."""

LIT = 0.1
"""A pixel of a patch is stitched if the probe's intensity there is above this share of its highest:
a pattern says nothing of what was not lit."""
