import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import torch

from parityhub.frameworks.pytorch.models import Model
from parityhub.frameworks.pytorch.watch import Watched, watch_model

NETWORKS = Path(__file__).parent / "networks.py"


def load_networks() -> ModuleType:
    if "torch_networks" not in sys.modules:
        spec = importlib.util.spec_from_file_location("torch_networks", NETWORKS)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["torch_networks"] = module
        spec.loader.exec_module(module)
    return sys.modules["torch_networks"]


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
    torch.backends.mha.set_fastpath_enabled(False)


@pytest.fixture(scope="session")
def networks() -> ModuleType:
    return load_networks()


@pytest.fixture
def watch(networks: ModuleType) -> Callable[..., Watched]:
    """Watch a network by name, in a dtype; the weights are the same in each."""

    def make(
        name: str, dtype: torch.dtype = torch.float64, differentiable: bool = False
    ) -> Watched:
        torch.manual_seed(0)
        module = networks.BUILDERS[name]().eval().to(dtype)
        inputs = {
            key: tensor.to(dtype) if tensor.is_floating_point() else tensor
            for key, tensor in networks.INPUTS[name].items()
        }
        return watch_model(Model(module, dtype, 0), inputs, differentiable)

    return make
