"""The tagger in PyTorch."""

from torch import Tensor, nn


class Tagger(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lookup = nn.Embedding(50, 16)
        self.lstm = nn.LSTM(16, 20, batch_first=True, bidirectional=True)
        self.recur = nn.GRU(40, 24, batch_first=True)
        self.output = nn.Linear(24, 9)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, 12) token numbers to (batch, 12, 9)."""
        x, _ = self.lstm(self.lookup(tokens))
        x, _ = self.recur(x)
        return self.output(x)


def build() -> nn.Module:
    return Tagger()
