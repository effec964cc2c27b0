"""The two pairs that faults are seeded into, as a plan would have them."""

from parityhub.plan.pair import Implementation, Pair, PairOutput, WeightSource

GRIDSIZE, SIZE, CANVAS = 2, 64, 96
REFERENCE = Pair(
    title="the reference network and its physics",
    dataset="selftest",
    weights=WeightSource(bundle="selftest:torch/wts.h5.zip", params=("intensity_scale",)),
    tensorflow=Implementation(
        target="parityhub.baselines.ptycho_tf.subject:build",
        options={"gridsize": GRIDSIZE, "size": SIZE, "canvas_size": CANVAS},
    ),
    pytorch=Implementation(
        target="parityhub.baselines.ptycho_torch.subject:build",
        options={"gridsize": GRIDSIZE, "size": SIZE, "canvas_size": CANVAS},
        env={"OMP_WAIT_POLICY": "PASSIVE"},
    ),
    repeats=2,
)
SMALL = Pair(
    title="what the reference lacks: batch normalisation, strides, softmax, interpolation",
    dataset="selftest",
    input_axes={"image": (0, 3, 1, 2)},
    outputs=(PairOutput(name="mask", tensorflow="mask", pytorch="mask", axes=(0, 2, 3, 1)),),
    weights=WeightSource(source="tensorflow", seed=7),
    tensorflow=Implementation(target="parityhub.baselines.small.keras_net:build"),
    pytorch=Implementation(
        target="parityhub.baselines.small.torch_net:build",
        env={"OMP_WAIT_POLICY": "PASSIVE"},
    ),
    repeats=2,
)
PAIRS = {"reference": REFERENCE, "small": SMALL}
