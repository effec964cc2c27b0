"""Composite operations, taken apart into those whose rounding is known.

Where implementations differ (batch norm: one multiplication and one addition, or four operations)
the parts are those that lose most: what is measured must cover both frameworks.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch._decomp import decomposition_table

Parts = Callable[..., Any]


def find_parts(func: Any, name: str) -> Parts | None:
    """Return a function of the operation's arguments that does the same by simpler operations."""
    if name in PARTS:
        return PARTS[name]
    functional = func
    if func._schema.is_mutable:
        packet = getattr(torch.ops.aten, name, None)
        functional = getattr(packet, func._overloadname, func)
    return decomposition_table.get(functional)


def _normalize_batch(
    x: Tensor,
    weight: Any,
    bias: Any,
    mean: Any,
    var: Any,
    training: bool,
    momentum: float,
    eps: float,
) -> Any:
    if training or mean is None:
        dims = [0, *range(2, x.ndim)]
        mean, var = x.mean(dims), _vary(x, dims)
    scale = torch.rsqrt(var + eps)
    empty = x.new_empty(0)
    return _scale(x, mean, scale, weight, bias, [1, -1, *[1] * (x.ndim - 2)]), empty, empty


def _normalize_batch_in_inference(
    x: Tensor, weight: Any, bias: Any, mean: Any, var: Any, momentum: float, eps: float
) -> Any:
    return _normalize_batch(x, weight, bias, mean, var, False, momentum, eps)


def _scale(
    x: Tensor, mean: Tensor, scale: Tensor, weight: Any, bias: Any, shape: list[int]
) -> Tensor:
    factor = scale if weight is None else scale * weight
    shift = -mean * factor if bias is None else bias - mean * factor
    return x * factor.reshape(shape) + shift.reshape(shape)


def _normalize_layer(x: Tensor, shape: list[int], weight: Any, bias: Any, eps: float) -> Any:
    dims = list(range(x.ndim - len(shape), x.ndim))
    mean = x.mean(dims, keepdim=True)
    rstd = torch.rsqrt(_vary(x, dims, keepdim=True) + eps)
    factor = rstd if weight is None else rstd * weight
    shift = -mean * factor if bias is None else bias - mean * factor
    return x * factor + shift, mean, rstd


def _normalize_groups(
    x: Tensor, weight: Any, bias: Any, N: int, C: int, HxW: int, groups: int, eps: float
) -> Any:
    parts = x.reshape(N, groups, C // groups * HxW)
    mean = parts.mean(2, keepdim=True)
    rstd = torch.rsqrt(_vary(parts, [2], keepdim=True) + eps)
    plain = (parts * rstd - mean * rstd).reshape(x.shape)
    shape = [1, C, *[1] * (x.ndim - 2)]
    if weight is not None:
        plain = plain * weight.reshape(shape)
    if bias is not None:
        plain = plain + bias.reshape(shape)
    return plain, mean.reshape(N, groups), rstd.reshape(N, groups)


def _vary(x: Tensor, dims: Any, keepdim: bool = False, correction: float = 0) -> Tensor:
    apart = x - x.mean(dims, keepdim=True)
    squares = torch.square(apart)
    if not correction:
        return squares.mean(dims, keepdim=keepdim)
    count = math.prod(x.shape[dim] for dim in dims)
    return squares.sum(dims, keepdim=keepdim) / max(count - correction, 0)


def _var(x: Tensor, dim: Any = None, *, correction: Any = None, keepdim: bool = False) -> Tensor:
    dims = list(dim) if dim else list(range(x.ndim))
    return _vary(x, dims, keepdim, 1 if correction is None else correction)


def _var_mean(x: Tensor, dim: Any = None, *, correction: Any = None, keepdim: bool = False) -> Any:
    dims = list(dim) if dim else list(range(x.ndim))
    variance = _var(x, dims, correction=correction, keepdim=keepdim)
    return variance, x.mean(dims, keepdim=keepdim)


def _std(x: Tensor, dim: Any = None, *, correction: Any = None, keepdim: bool = False) -> Tensor:
    return torch.sqrt(_var(x, dim, correction=correction, keepdim=keepdim))


def _softmax(x: Tensor, dim: int, half_to_float: bool = False) -> Tensor:
    powers = torch.exp(x - x.amax(dim, keepdim=True))
    return powers / powers.sum(dim, keepdim=True)


def _log_softmax(x: Tensor, dim: int, half_to_float: bool = False) -> Tensor:
    apart = x - x.amax(dim, keepdim=True)
    return apart - torch.log(torch.exp(apart).sum(dim, keepdim=True))


def _log_sum_exp(x: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    top = x.amax(dim, keepdim=True)
    total = torch.log(torch.exp(x - top).sum(dim, keepdim=True)) + top
    return total if keepdim else total.squeeze(dim)


def _gelu(x: Tensor, *, approximate: str = "none") -> Tensor:
    if approximate == "tanh":
        inner = (x + 0.044715 * (x * x * x)) * math.sqrt(2 / math.pi)
        return 0.5 * x * (1 + torch.tanh(inner))
    return 0.5 * x * (1 + torch.erf(x * math.sqrt(0.5)))


def _elu(x: Tensor, alpha: float = 1, scale: float = 1, input_scale: float = 1) -> Tensor:
    below = (torch.exp(x.clamp(max=0) * input_scale) - 1) * (alpha * scale)
    return torch.where(x > 0, x * scale, below)


def _mish(x: Tensor) -> Tensor:
    return x * torch.tanh(torch.log1p(torch.exp(x)))


def _log_sigmoid(x: Tensor) -> Any:
    return x.clamp(max=0) - torch.log1p(torch.exp(-x.abs())), x.new_empty(0)


def _hardsigmoid(x: Tensor) -> Tensor:
    return (x + 3).clamp(0, 6) / 6


def _hardswish(x: Tensor) -> Tensor:
    return x * (x + 3).clamp(0, 6) / 6


def _add_product(a: Tensor, b: Tensor, c: Tensor, *, value: float = 1) -> Tensor:
    return a + value * (b * c)


def _add_quotient(a: Tensor, b: Tensor, c: Tensor, *, value: float = 1) -> Tensor:
    return a + value * (b / c)


def _vector_norm(
    x: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False, **_: Any
) -> Any:
    dims = [dim] if isinstance(dim, int) else list(dim) if dim else list(range(x.ndim))
    if ord == math.inf:
        return x.abs().amax(dims, keepdim=keepdim)
    if ord == 1:
        return x.abs().sum(dims, keepdim=keepdim)
    if ord == 2:
        return torch.sqrt(torch.square(x.abs()).sum(dims, keepdim=keepdim))
    return x.abs().pow(ord).sum(dims, keepdim=keepdim).pow(1 / ord)


def _attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    attn_mask: Tensor | None = None,
    scale: float | None = None,
) -> Any:
    scores = _score(query, key, is_causal, attn_mask, scale)
    return _softmax(scores, -1) @ value, _log_sum_exp(scores, -1)


def _score(query: Tensor, key: Tensor, causal: bool, mask: Any, scale: float | None) -> Tensor:
    factor = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = (query @ key.transpose(-1, -2)) * factor
    if causal:
        seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        scores = scores.masked_fill(~seen, -math.inf)
    if mask is not None:
        scores = scores + mask if mask.dtype != torch.bool else scores.masked_fill(~mask, -math.inf)
    return scores


def _attend_backward(
    gradient: Tensor,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    out: Tensor,
    logsumexp: Tensor,
    dropout_p: float,
    is_causal: bool,
    *,
    attn_mask: Tensor | None = None,
    scale: float | None = None,
) -> Any:
    factor = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = _score(query, key, is_causal, attn_mask, scale)
    shares = torch.exp(scores - logsumexp.unsqueeze(-1))
    inner = gradient @ value.transpose(-1, -2)
    total = (gradient * out).sum(-1, keepdim=True)
    errors = shares * (inner - total)
    by_query = (errors @ key) * factor
    by_key = (errors.transpose(-1, -2) @ query) * factor
    return by_query, by_key, shares.transpose(-1, -2) @ gradient


PARTS: dict[str, Parts] = {
    "native_batch_norm": _normalize_batch,
    "_native_batch_norm_legit_no_training": _normalize_batch_in_inference,
    "native_layer_norm": _normalize_layer,
    "native_group_norm": _normalize_groups,
    "var": _var,
    "var_mean": _var_mean,
    "std": _std,
    "_softmax": _softmax,
    "_log_softmax": _log_softmax,
    "logsumexp": _log_sum_exp,
    "gelu": _gelu,
    "elu": _elu,
    "mish": _mish,
    "log_sigmoid_forward": _log_sigmoid,
    "hardsigmoid": _hardsigmoid,
    "hardswish": _hardswish,
    "addcmul": _add_product,
    "addcdiv": _add_quotient,
    "linalg_vector_norm": _vector_norm,
    "_scaled_dot_product_flash_attention_for_cpu": _attend,
    "_scaled_dot_product_flash_attention_for_cpu_backward": _attend_backward,
}
