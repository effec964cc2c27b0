"""Models of PyTorch, held in a child: `python -m parityhub.frameworks.pytorch`."""
