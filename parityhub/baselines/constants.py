"""The numbers that make the two sides a pair: each stands here once, and both sides read it."""

CHANNELS = (16, 32, 64, 128)
"""Of each level of the network, the finest first."""

BETA_1 = 1 - 2**-3
BETA_2 = 1 - 2**-10
"""Near the usual 0.9 and 0.999, but exact in float32, through which Keras takes them even where it
trains in float64: 1 - 0.999 would be off by 1e-5."""

EPSILON = 1e-7
"""Of Adam, added to the square root of the second moment before that is corrected for its bias:
the epsilon-hat of Kingma and Ba 2015, section 2, and Keras's way. PyTorch adds its own after, which
at first damps a small gradient 30 times less, so its side rescales it every step."""

BACKGROUND = 0.1
"""Photons a pixel that the likelihood allows for besides the model's: a count where the model
predicts none costs finitely much."""

DAMPING = 0.1
"""Of the division by the probe in the first estimate, relative to the probe's highest intensity."""

LIT = 0.1
"""A pixel of a patch is stitched if the probe's intensity there is above this share of its highest:
a pattern says nothing of what was not lit."""
