import os

from parityhub.errors import UsageError
from parityhub.frameworks.serve import Framework, serve_framework


def make_framework() -> Framework:
    """Import TensorFlow and return what holds its models.

    Raises:
        UsageError: Keras is told to run on another framework.
    """
    backend = os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if backend != "tensorflow":
        raise UsageError(f"Keras runs on {backend}", hint="set KERAS_BACKEND=tensorflow")
    from parityhub.frameworks.tensorflow.framework import TensorFlowFramework

    return TensorFlowFramework()


if __name__ == "__main__":
    serve_framework(make_framework)
