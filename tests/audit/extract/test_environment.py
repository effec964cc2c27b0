import pytest

from tests.audit.extract.builders import find_claims


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("`TF_XLA_FLAGS=--tf_xla_auto_jit=0`", "TF_XLA_FLAGS", "--tf_xla_auto_jit=0"),
        ('`TF_XLA_FLAGS="--a --b"` was exported', "TF_XLA_FLAGS", "--a --b"),
        ("with USE_XLA=0, it ran", "USE_XLA", "0"),
        ("`USE_XLA=0` is effective", "USE_XLA", "0"),
        ("- `USE_XLA` = `0`", "USE_XLA", "0"),
        ("- `USE_XLA` absent", "USE_XLA", "absent"),
        ("USE_XLA was unset", "USE_XLA", "unset"),
        ("OMP_NUM_THREADS was set to 2", "OMP_NUM_THREADS", "2"),
        ("so that USE_XLA = 0 holds", "USE_XLA", "0"),
        ("PyTorch version: 2.8.0+cu128", "PyTorch", "2.8.0+cu128"),
        ("torch==2.8.0", "torch", "2.8.0"),
        ("- GPU: NVIDIA H100", "GPU", "NVIDIA H100"),
        ("use_xla_translate: True in it", "use_xla_translate", "True"),
        ("params.cfg['use_xla'] = False", "use_xla", "False"),
    ],
)
def test_what_is_said_of_the_environment(text, name, value):
    (claim,) = find_claims(text, "environment")
    assert (claim.name, claim.value) == (name, value)


def test_an_empty_value_is_a_claim_too():
    (claim,) = find_claims('CUDA_VISIBLE_DEVICES="" was set', "environment")
    assert (claim.name, claim.value) == ("CUDA_VISIBLE_DEVICES", "")


def test_a_demand_is_no_version():
    assert find_claims("torch>=2.2 is needed", "environment") == []
