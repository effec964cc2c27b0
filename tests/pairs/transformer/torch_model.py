"""The transformer block in PyTorch."""

from torch import Tensor, nn

WIDTH, HEADS, EPSILON = 32, 2, 1e-6


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.attend = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.norm_mlp = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.widen = nn.Linear(WIDTH, 4 * WIDTH)
        self.gelu = nn.GELU()
        self.narrow = nn.Linear(4 * WIDTH, WIDTH)
        self.norm_last = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, sequence: Tensor) -> Tensor:
        """(batch, 10, WIDTH) to the same."""
        y = self.norm_attention(sequence)
        attended, _ = self.attend(y, y, y, need_weights=False)
        x = sequence + attended
        x = x + self.narrow(self.gelu(self.widen(self.norm_mlp(x))))
        return self.norm_last(x)


def build() -> nn.Module:
    return Block()
