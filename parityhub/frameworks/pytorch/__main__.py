"""The child that holds models of PyTorch."""

from parityhub.frameworks.serve import Framework, serve_framework


def make_framework() -> Framework:
    """Import PyTorch and return what holds its models."""
    from parityhub.frameworks.pytorch.framework import TorchFramework

    return TorchFramework()


if __name__ == "__main__":
    serve_framework(make_framework)
