"""The reference network in TensorFlow and Keras."""
