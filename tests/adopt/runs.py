"""Files in the form that Polygraphy 0.53 writes, made by hand: for what no runner would give."""

import base64
import io
import json
import zipfile

import numpy as np


def encode(array):
    stream = io.BytesIO()
    np.save(stream, np.asarray(array), allow_pickle=False)
    return wrap(stream.getvalue())


def wrap(data):
    text = data if isinstance(data, str) else base64.b64encode(data).decode()
    return {
        "values": {"array": text, "polygraphy_class": "ndarray"},
        "polygraphy_class": "LazyArray",
    }


def zip_array(array):
    stream = io.BytesIO()
    np.savez_compressed(stream, array)
    return wrap(stream.getvalue())


def zip_bytes(data):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("arr_0.npy", data)
    return stream.getvalue()


def make_runs(*runners):
    """Each runner: its name, and for each iteration the encoded outputs by name."""
    return {
        "lst": [
            [
                name,
                [
                    {
                        "outputs": outputs,
                        "runtime": 0.001,
                        "runner_name": name,
                        "polygraphy_class": "IterationResult",
                    }
                    for outputs in iterations
                ],
            ]
            for name, iterations in runners
        ],
        "polygraphy_class": "RunResults",
    }


def write_runs(path, *runners):
    path.write_text(json.dumps(make_runs(*runners)))
    return path
