"""The same classifier in PyTorch; run, it writes its state dict, or a network in ONNX."""

import sys

import torch
from torch import nn


class Classifier(nn.Module):
    """(n, 3, 8, 8) to (n, 4)."""

    def __init__(self) -> None:
        """Make the layers, under the names that Keras's have."""
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, padding=1)
        self.norm = nn.BatchNorm2d(6, eps=1e-5)
        self.head = nn.Linear(6, 4)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Classify images."""
        return self.head(torch.relu(self.norm(self.stem(image))).mean((2, 3)))


def build() -> nn.Module:
    """Return the classifier."""
    return Classifier()


if __name__ == "__main__":
    torch.manual_seed(3)
    model = build()
    for tensor in (*model.parameters(), model.norm.running_mean, model.norm.running_var):
        nn.init.uniform_(tensor, 0.1, 0.9)
    if sys.argv[1].endswith(".onnx"):
        if len(sys.argv) > 2:
            model.head.bias.data[0] += float(sys.argv[2])
        image = torch.zeros(3, 3, 8, 8)
        names = {"input_names": ["image"], "output_names": ["scores"]}
        torch.onnx.export(model.eval(), (image,), sys.argv[1], dynamo=True, verbose=False, **names)
    else:
        torch.save(model.state_dict(), sys.argv[1])
