"""Trains ``digit_classifier.safetensors`` on MNIST: about 80 seconds on two CPU cores, 99 % of the test images right.

    python resources/models/train_digit_classifier.py [FILE]

Seeded: the same machine and torch give the same weights, others give equally good ones.
"""

import sys
from pathlib import Path
from time import perf_counter

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import cross_entropy, pad

from ganstudio.experiment.registry import registry
from ganstudio.metrics.digits import DigitClassifier

SEED, EPOCHS, BATCH, PEAK_RATE, SHIFT = 0, 6, 256, 1e-2, 1


def shifted(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each batch moved by up to ``SHIFT`` pixels: what a generator draws need not be centred as well as MNIST is."""
    down, right = torch.randint(0, 2 * SHIFT + 1, (2,), generator=generator).tolist()
    return pad(x, (SHIFT,) * 4, value=-1.0)[:, :, down : down + x.shape[2], right : right + x.shape[3]]


def train(file: Path) -> float:
    """Train and save; returns the share of the test images that are classified rightly."""
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    data = registry.build("data", "mnist", {}).load()
    network = DigitClassifier().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=1e-2, fused=True)
    batches = len(data) // BATCH
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        for indices in torch.randperm(len(data), generator=generator)[: batches * BATCH].split(BATCH):
            batch = data.batch(indices)
            loss = cross_entropy(network(shifted(batch.x, generator)), batch.y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, file)
    return accuracy(network)


@torch.no_grad()
def accuracy(network: DigitClassifier) -> float:
    """Share of the 10,000 test images that are classified rightly."""
    from ganstudio.data.npz import opened
    from ganstudio.resources import resource

    with opened(resource("datasets", "mnist.npz")) as found:
        images, labels = (torch.from_numpy(found.read(name)) for name in ("x_test", "y_test"))
    x = images[:, None].float() / 127.5 - 1
    return float((network.eval()(x).argmax(1) == labels).float().mean())


if __name__ == "__main__":
    start = perf_counter()
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("digit_classifier.safetensors")
    share = train(where)
    print(f"{share:.2%} of the test images are right; {perf_counter() - start:.0f} s; saved {where}")
