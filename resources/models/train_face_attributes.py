"""Trains ``face_attributes.safetensors`` on the pixel faces: about a minute on two CPU cores.

    python resources/models/train_face_attributes.py [FILE]

The faces that are held out from G are held out here too; prints the share of them that is judged rightly.
Seeded: the same machine and torch give the same weights, others give equally good ones.
"""

import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import avg_pool2d, binary_cross_entropy_with_logits, pad

from ganstudio.data.npz import opened
from ganstudio.data.shipped import HELD_OUT_EVERY
from ganstudio.metrics.attributes import AttributeClassifier
from ganstudio.metrics.judges import FACES as ATTRIBUTES
from ganstudio.resources import resource

SEED, EPOCHS, BATCH, PEAK_RATE, SHIFT, NOISE = 0, 10, 64, 5e-3, 1, 0.1
DARK_HAIR = {"#28150a", "#603015", "#603a14", "#611c17", "#612616"}
BRIGHT_HAIR = {"#009bbd", "#91cb15", "#bd1700"}
DARK_SKIN = {"#8d5524", "#a26d3d", "#b68655"}


def faces() -> tuple[Tensor, Tensor]:
    """All 3,000 faces (N, 3, 32, 32) in [−1, 1], and which attributes each has (N, 6), as its drawing says."""
    with opened(resource("datasets", "pixel_faces32.npz")) as file:
        names = ("x", "glasses", "hair", "hairColor", "skinColor", "hat")
        x, glasses, hair, colour, skin, hat = (file.read(name) for name in names)
    has = {
        "glasses": glasses != "",
        "long hair": np.char.startswith(hair, "long"),
        "dark hair": np.isin(colour, list(DARK_HAIR)),
        "bright hair": np.isin(colour, list(BRIGHT_HAIR)),
        "dark skin": np.isin(skin, list(DARK_SKIN)),
        "hat": hat != "",
    }
    images = torch.from_numpy(x).permute(0, 3, 1, 2).float() / 127.5 - 1
    return images, torch.from_numpy(np.stack([has[name] for name in ATTRIBUTES], 1)).float()


def varied(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each batch moved by up to ``SHIFT`` pixels, with noise, most of them soft, as G draws them."""
    down, right, soft = torch.randint(0, 2 * SHIFT + 1, (3,), generator=generator).tolist()
    height, width = x.shape[2:]
    x = pad(x, (SHIFT,) * 4, value=1.0)[:, :, down : down + height, right : right + width]
    if soft:
        x = avg_pool2d(pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1) * 0.4 + x * 0.6
    return x + NOISE * torch.randn(x.shape, generator=generator)


def train(file: Path) -> Tensor:
    """Train and save; returns for each attribute the share of the held-out faces that is judged rightly."""
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    x, y = faces()
    held = torch.arange(len(x)) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
    network = AttributeClassifier().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=5e-2)
    learned = torch.nonzero(~held)[:, 0]
    batches = len(learned) // BATCH
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        order = learned[torch.randperm(len(learned), generator=generator)]
        for indices in order[: batches * BATCH].split(BATCH):
            batch = varied(x[indices], generator).contiguous(memory_format=torch.channels_last)
            loss = binary_cross_entropy_with_logits(network(batch), y[indices])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, file)
    with torch.no_grad():
        return ((network.eval()(x[held]) > 0) == (y[held] > 0.5)).float().mean(0)


if __name__ == "__main__":
    start = perf_counter()
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("face_attributes.safetensors")
    shares = train(where)
    right = ", ".join(f"{name} {share:.1%}" for name, share in zip(ATTRIBUTES, shares.tolist(), strict=True))
    print(f"held-out faces judged rightly: {right}; {perf_counter() - start:.0f} s; saved {where}")
