"""The child that holds networks in ONNX."""

from parityhub.errors import UsageError
from parityhub.frameworks.serve import Framework, serve_framework


def make_framework() -> Framework:
    """Import onnx and onnxruntime and return what holds networks.

    Raises:
        UsageError: one of them is not installed.
    """
    try:
        from parityhub.frameworks.onnx.framework import OnnxFramework
    except ImportError as error:
        raise UsageError(
            f"a network in ONNX needs the packages onnx and onnxruntime: {error}",
            hint="pip install onnx onnxruntime",
        ) from error
    return OnnxFramework()


if __name__ == "__main__":
    serve_framework(make_framework)
