"""Keras's weights in PyTorch's order for the three pairs, by hand: what a mapping must give."""

import numpy as np

from tests.pairs.drive import Arrays, port


def port_mobilenet(weights: Arrays) -> Arrays:
    owners = {"Conv1": "stem.conv", "bn_Conv1": "stem.norm", "predictions": "classify"}
    owners |= {"Conv_1": "last.conv", "Conv_1_bn": "last.norm"}
    for number in range(17):
        prefix = f"block_{number}" if number else "expanded_conv"
        parts = {"expand": "widen", "depthwise": "filter", "project": "narrow"}
        for part, torch_part in parts.items():
            owners[f"{prefix}_{part}"] = f"blocks.{number}.{torch_part}.conv"
            owners[f"{prefix}_{part}_BN"] = f"blocks.{number}.{torch_part}.norm"
    # HWIM to (I M)1HW: for M = 1 it is I that comes first.
    turned = {
        path: array.swapaxes(2, 3) if path.endswith("depthwise/kernel") else array
        for path, array in weights.items()
    }
    return port(turned, owners)


def port_recurrent(weights: Arrays) -> Arrays:
    ported = {"lookup.weight": weights["embed/embeddings"]}
    for way, suffix in (("forward", ""), ("backward", "_reverse")):
        prefix = f"both_ways/{way}_lstm/lstm_cell"
        bias = weights[f"{prefix}/bias"]
        ported[f"lstm.weight_ih_l0{suffix}"] = weights[f"{prefix}/kernel"].T
        ported[f"lstm.weight_hh_l0{suffix}"] = weights[f"{prefix}/recurrent_kernel"].T
        ported[f"lstm.bias_ih_l0{suffix}"] = bias
        ported[f"lstm.bias_hh_l0{suffix}"] = np.zeros_like(bias)
    ported["recur.weight_ih_l0"] = reorder_gru(weights["gru/gru_cell/kernel"]).T
    ported["recur.weight_hh_l0"] = reorder_gru(weights["gru/gru_cell/recurrent_kernel"]).T
    into, across = reorder_gru(weights["gru/gru_cell/bias"])
    ported["recur.bias_ih_l0"], ported["recur.bias_hh_l0"] = into, across
    ported["output.weight"], ported["output.bias"] = weights["tags/kernel"].T, weights["tags/bias"]
    return {name: np.ascontiguousarray(array) for name, array in ported.items()}


def reorder_gru(array: np.ndarray) -> np.ndarray:
    """Gates z, r, h of the last axis to r, z, n."""
    update, reset, new = np.split(array, 3, axis=-1)
    return np.concatenate([reset, update, new], axis=-1)


def port_transformer(weights: Arrays) -> Arrays:
    owners = {
        "ln_1": "norm_attention", "ln_2": "norm_mlp", "ln_3": "norm_last",
        "mlp_in": "widen", "mlp_out": "narrow",
    }  # fmt: skip
    ported = port({n: a for n, a in weights.items() if not n.startswith("attention/")}, owners)
    parts = ("query", "key", "value")
    kernels = [weights[f"attention/{part}/kernel"].reshape(32, 32).T for part in parts]
    biases = [weights[f"attention/{part}/bias"].reshape(32) for part in parts]
    ported["attend.in_proj_weight"] = np.concatenate(kernels)
    ported["attend.in_proj_bias"] = np.concatenate(biases)
    out = weights["attention/attention_output/kernel"].reshape(32, 32).T
    ported["attend.out_proj.weight"] = np.ascontiguousarray(out)
    ported["attend.out_proj.bias"] = weights["attention/attention_output/bias"]
    return ported
