from parityhub.baselines.program import run_program
from parityhub.baselines.side import Program, Side, SideSettings


def open_side(settings: SideSettings) -> Side:
    """Import PyTorch, configure it, and build its side."""
    from parityhub.baselines.ptycho_torch.side import TorchSide

    return TorchSide(settings)


if __name__ == "__main__":
    run_program(Program("parityhub.baselines.ptycho_torch", "pytorch", open_side))
