"""How this process computes: threads, determinism, and the dtype that Keras builds with."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import tensorflow as tf

from parityhub.errors import UsageError

COMPLEX = {"float64": "complex128"}
"""the complex dtype of a floating one; of every other it is complex64"""
FLOATING = ("float16", "bfloat16", "float32", "float64")


def configure_process() -> None:
    """Make TensorFlow compute the operations as they are written, and the same way each time.

    Grappler is off: it fuses and rearranges operations, and which ones depends on what is
    fetched. Without it a graph computes what calling the model computes, bit for bit, whether or
    not intermediate values are fetched along.
    """
    tf.config.experimental.enable_op_determinism()
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


def set_threads(threads: int) -> int:
    """Set the threads of this process; 0: as TensorFlow chooses.

    Returns:
        What is set.

    Raises:
        UsageError: TensorFlow has begun with another number.
    """
    threading = tf.config.threading
    if threads and threads != threading.get_intra_op_parallelism_threads():
        try:
            threading.set_intra_op_parallelism_threads(threads)
            threading.set_inter_op_parallelism_threads(threads)
        except RuntimeError as error:
            raise UsageError(
                f"{threads} threads are asked for, and TensorFlow runs on "
                f"{threading.get_intra_op_parallelism_threads() or 'as many as it likes'}",
                hint="it takes the number once: start another process",
            ) from error
    return int(threading.get_intra_op_parallelism_threads())


@contextmanager
def use_dtype(dtype: str) -> Iterator[None]:
    """Let Keras build and compute in a dtype, for as long as this is open.

    Raises:
        UsageError: it is no floating dtype.
    """
    if dtype not in FLOATING:
        raise UsageError(f"{dtype!r} is no dtype to compute in", hint=f"one of {FLOATING}")
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])


def forget_names(seed: int) -> None:
    """Begin Keras's counting of names anew, and seed everything.

    A model that is built twice then has the same names twice.
    """
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
