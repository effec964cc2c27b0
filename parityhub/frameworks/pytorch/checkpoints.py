"""Checkpoints of PyTorch: read without running what is in them, and taken over whole or not at all.

PyTorch's files are pickles, which may run any code. They are read in the restricted form alone
(`weights_only=True`: tensors and plain containers); what needs more is refused with the way out.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from parityhub.capture.protocol import Restored
from parityhub.errors import Error, EvidenceError, UsageError
from parityhub.frameworks.pytorch.models import COUNTER, list_weights

WRAPPED = ("state_dict", "model_state_dict", "model_state", "model", "module")
"""keys under which training programs and Lightning keep a state dict beside other things"""
WRAPPERS = ("module.", "_orig_mod.")
"""what data parallelism and `torch.compile` put before each name"""
NAMED = 6
"""names that an error lists; it counts the others"""

States = dict[str, Tensor]


def restore_checkpoint(module: nn.Module, path: Path) -> Restored:
    """Take over the weights of a checkpoint into the tensors that are there.

    BatchNorm's counts of batches are no weights. Weights that the module shares may stand in the
    file once.

    Args:
        module: the model.
        path: a state dict (`.pt`, `.pth`), alone or under a key; a Lightning checkpoint (`.ckpt`);
            or `.safetensors`.

    Raises:
        EvidenceError: the file is missing or damaged, holds what only unrestricted unpickling
            reads, or holds other weights than the model's.
        UsageError: it needs a package that is not installed.
    """
    if not path.is_file():
        raise EvidenceError(f"{path.name}: there is no such file", hint="name a file that is there")
    if path.suffix == ".safetensors":
        states, form = _read_safetensors(path), "safetensors"
    else:
        states, form = _find_states(_unpickle(path), path)
    return _take_over(module, states, path, form)


def _unpickle(path: Path) -> Any:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        text = str(error)
        if "TorchScript" in text:
            raise EvidenceError(
                f"{path.name} is a TorchScript program, no state dict",
                hint=_show_rescue(path, f"torch.jit.load({path.name!r})", ""),
            ) from error
        if "weights_only" in text:
            held = _name_global(text)
            load = f"torch.load({path.name!r}, map_location='cpu', weights_only=False)"
            raise EvidenceError(
                f"{path.name} needs unrestricted unpickling, which may run any code: refused"
                + (f"; it holds {held}" if held else ""),
                hint=_show_rescue(path, load, held),
            ) from error
        words = text.splitlines() or [type(error).__name__]
        raise EvidenceError(
            f"{path.name} cannot be read: {words[0]}",
            hint="save it again with torch.save(model.state_dict(), FILE)",
        ) from error


def _show_rescue(path: Path, load: str, held: str) -> str:
    """Return what a person types who trusts the file, where the classes in it can be imported."""
    target = f"{path.stem}_state_dict.pt"
    code = f"m = {load}; m = m.state_dict() if hasattr(m, 'state_dict') else m['state_dict']; "
    code += f"torch.save(m, {target!r})"
    if held.startswith("__main__."):
        where = f"in the program that defines {held.removeprefix('__main__.')}: {code}"
    else:
        where = f'beside the file: python -c "import torch; {code}"'
    return f"if you trust it, type {where}; then name {target} in the plan"


def _name_global(text: str) -> str:
    """Return which class the file asks for, as PyTorch says it; empty where it does not."""
    for mark in ("Unsupported global: GLOBAL ", "Unsupported class "):
        _, found, rest = text.partition(mark)
        if found:
            return rest.split()[0].rstrip(",")
    return ""


def _read_safetensors(path: Path) -> States:
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError as error:
        raise UsageError(
            f"{path.name} needs the package safetensors", hint="pip install safetensors"
        ) from error
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise EvidenceError(
            f"{path.name} is no safetensors file: {str(error).splitlines()[0]}",
            hint="write it with safetensors.torch.save_file",
        ) from error


def _find_states(loaded: Any, path: Path) -> tuple[States, str]:
    """Return the state dict in what was loaded, and what form the file has."""
    form = "state dict"
    if isinstance(loaded, Mapping) and not _is_state_dict(loaded):
        keys = [key for key in WRAPPED if _is_state_dict(loaded.get(key))]
        if len(keys) == 1:
            form = "Lightning checkpoint" if "pytorch-lightning_version" in loaded else form
            loaded = loaded[keys[0]]
        elif keys:
            raise EvidenceError(
                f"{path.name} holds several state dicts: {', '.join(keys)}",
                hint="save the one that is meant with torch.save(model.state_dict(), FILE)",
            )
    if not _is_state_dict(loaded):
        held = f"the keys {_list_names(map(str, loaded))}" if isinstance(loaded, Mapping) else ""
        raise EvidenceError(
            f"{path.name} holds no state dict, but {held or f'a {type(loaded).__name__}'}",
            hint="save it with torch.save(model.state_dict(), FILE)",
        )
    return dict(loaded), form


def _is_state_dict(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(isinstance(name, str) for name in value)
        and all(isinstance(tensor, Tensor) for tensor in value.values())
    )


def _take_over(module: nn.Module, states: States, path: Path, form: str) -> Restored:
    weights = list_weights(module)
    given = {n: t for n, t in states.items() if n.rpartition(".")[2] != COUNTER}
    prefix = _find_prefix(given, weights)
    given = {name.removeprefix(prefix): tensor for name, tensor in given.items()}
    for name in weights:
        if name not in given and (twin := _find_twin(name, weights, given)):
            given[name] = given[twin]
    _refuse_others(path, weights, given)
    try:
        with torch.no_grad():
            for name, tensor in weights.items():
                tensor.copy_(given[name])
    except Error:
        raise
    except Exception as error:
        raise EvidenceError(
            f"{path.name}: {str(error).splitlines()[0]}",
            hint="save floating tensors: a quantised model has no float64 to be judged by",
        ) from error
    return Restored(weights=len(weights), format=form, prefix=prefix)


def _find_prefix(given: States, weights: States) -> str:
    """Return what stands before each name of the file; empty unless all names fit with it alone.

    Lightning keeps a network that a module holds as `model` under `model.`.
    """
    if set(given) & set(weights):
        return ""
    first = next(iter(given), "")
    ends = [place + 1 for place, letter in enumerate(first) if letter == "."]
    for prefix in [*WRAPPERS, *(first[:end] for end in ends)]:
        stripped = {name.removeprefix(prefix) for name in given if name.startswith(prefix)}
        if len(stripped) == len(given) and stripped <= set(weights):
            return prefix
    return ""


def _find_twin(name: str, weights: States, given: States) -> str | None:
    """Return another name of the same tensor that the file has: tied weights are written once."""
    return next((n for n, t in weights.items() if t is weights[name] and n in given), None)


def _refuse_others(path: Path, weights: States, given: States) -> None:
    missing = [name for name in weights if name not in given]
    unexpected = [name for name in given if name not in weights]
    shared = [name for name in weights if name in given]
    wrong = [
        f"{name} {tuple(given[name].shape)} for {tuple(weights[name].shape)}"
        for name in shared
        if given[name].shape != weights[name].shape
    ]
    complex_ = [name for name in shared if given[name].is_complex() != weights[name].is_complex()]
    kinds = (
        ("missing", missing),
        ("unexpected", unexpected),
        ("of another shape", wrong),
        ("complex on one side alone", complex_),
    )
    if any(names for _, names in kinds):
        told = "; ".join(f"{kind}: {_list_names(names)}" for kind, names in kinds if names)
        raise EvidenceError(
            f"{path.name} does not hold the weights of the PyTorch model; {told}",
            hint="build the model as it was when it was saved, or save the state dict of this one",
        )


def _list_names(names: Any) -> str:
    listed = list(names)
    more = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
    return ", ".join(listed[:NAMED]) + more
