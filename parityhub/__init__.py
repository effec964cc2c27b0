"""parityhub: parity evidence between TensorFlow and PyTorch, recorded and audited."""
