from parityhub.baselines.program import run_program
from parityhub.baselines.side import Program, Side, SideSettings


def open_side(settings: SideSettings) -> Side:
    """Import TensorFlow, configure it, and build its side."""
    from parityhub.baselines.ptycho_tf.side import TensorFlowSide

    return TensorFlowSide(settings)


if __name__ == "__main__":
    run_program(Program("parityhub.baselines.ptycho_tf", "tensorflow", open_side))
