"""The encoder's network, and its file. Imports torch."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, sqrt
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.requests import Prior
from ganstudio.latent.workshop import Workshop
from ganstudio.networks.dcgan import KERNEL
from ganstudio.networks.layers import LEAK
from ganstudio.networks.thin import ImageConv2d

WIDTH, MOST_WIDTH = 16, 128
"""Channels of the first map; they double as the map halves."""
SMALLEST = 8
"""The side from which a map is halved no more."""
HIDDEN = 256
FORMAT = "1"
LARGEST_FILE = 64 << 20
"""Bytes: what is larger is no encoder of ours, and is not read."""
LOOKED_AT = 1024
"""Numbers of each tensor that go into a fingerprint: all of them move at each step."""


class Encoder(nn.Module):
    """Samples (N, *shape), images in [−1, 1] → z (N, dim), within the prior's support.

    For images D's convolutions (4×4, stride 2, leaky ReLU; Radford et al. 2016) with batch norm, down to a map of 4 to
    7 pixels, then one hidden layer; for points two hidden layers.
    """

    def __init__(self, shape: tuple[int, ...], prior: Prior):
        super().__init__()
        self.prior = prior
        layers: list[nn.Module] = []
        if len(shape) == 3:
            channels, *sides = shape
            width = WIDTH
            while min(sides) >= SMALLEST:
                kind = nn.Conv2d if layers else ImageConv2d
                layers += [kind(channels, width, bias=False, **KERNEL), nn.BatchNorm2d(width), nn.LeakyReLU(LEAK)]
                channels, width = width, min(2 * width, MOST_WIDTH)
                sides = [side // 2 for side in sides]
            features = channels * sides[0] * sides[1]
            layers.append(nn.Flatten())
        else:
            features = shape[0]
            layers += [nn.Linear(features, HIDDEN), nn.LeakyReLU(LEAK)]
            features = HIDDEN
        layers += [nn.Linear(features, HIDDEN, bias=False), nn.BatchNorm1d(HIDDEN), nn.LeakyReLU(LEAK)]
        layers += [nn.Linear(HIDDEN, prior.dim)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        z = self.layers(x)
        return self.prior.limit * torch.tanh(z) if isfinite(self.prior.limit) else self.prior.std * z


def fresh(shape: tuple[int, ...], prior: Prior, seed: int) -> Encoder:
    """An encoder with weights drawn from ``seed`` alone: He et al. 2015, equation 14, for leaky ReLU."""
    # Built without memory, so that the constructors of layers draw nothing from torch's process-wide generator.
    with torch.device("meta"):
        network = Encoder(shape, prior)
    network.to_empty(device="cpu")
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            spread = sqrt(2 / (1 + LEAK**2) / module.weight[0].numel())
            with torch.no_grad():
                module.weight.normal_(0, spread, generator=generator)
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.reset_running_stats()
            nn.init.ones_(module.weight)
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)
    return network


@dataclass
class Trained:
    """An encoder, and which G it was trained on."""

    network: Encoder
    fingerprint: str
    step: int
    """Completed steps of that G."""
    steps: int
    """Of its own training."""
    error: float
    """As in ``EncoderNews``."""


def fingerprint(weights: Mapping[str, np.ndarray]) -> str:
    """Tells one G's weights from another's, in hexadecimal digits."""
    digest = hashlib.sha256()
    for name, array in sorted(weights.items()):
        digest.update(f"{name}\0{array.dtype}\0{array.shape}\0".encode())
        digest.update(np.ascontiguousarray(array.reshape(-1)[:LOOKED_AT]).tobytes())
    return digest.hexdigest()


def save(trained: Trained, path: Path) -> None:
    """Write an encoder to a safetensors file, whole or not at all. Raises ``StudioError`` naming it."""
    words = {
        "ganstudio-encoder": FORMAT,
        "fingerprint": trained.fingerprint,
        "step": str(trained.step),
        "steps": str(trained.steps),
        "error": repr(trained.error),
    }
    content = safetensors.torch.save({k: v.contiguous() for k, v in trained.network.state_dict().items()}, words)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StudioError(f"the encoder cannot be saved there ({error.strerror or error})", str(path)) from None


def load(path: Path, workshop: Workshop) -> Trained:
    """An encoder that ``save`` has written, in evaluation mode. Raises ``StudioError`` naming the file.

    It must be for samples and z of the same shapes as this G's; the G itself may be another.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    if size > LARGEST_FILE:
        raise StudioError("is too large for an encoder", str(path))
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            tensors, words = {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    except (SafetensorError, ValueError, RuntimeError, TypeError, AttributeError):
        raise StudioError("is damaged, or no safetensors file", str(path)) from None
    if words.get("ganstudio-encoder") != FORMAT:
        raise StudioError("holds no encoder of this version", str(path))
    with torch.device("meta"):
        network = Encoder(workshop.frame.shape, workshop.prior)
    wanted = {name: (tensor.shape, tensor.dtype) for name, tensor in network.state_dict().items()}
    if {name: (tensor.shape, tensor.dtype) for name, tensor in tensors.items()} != wanted:
        raise StudioError("belongs to a generator of another shape", str(path))
    if not finite(tensors):
        raise StudioError("holds numbers that are not finite", str(path))
    network.load_state_dict(tensors, assign=True)
    try:
        step, steps, error = int(words["step"]), int(words["steps"]), float(words["error"])
    except (KeyError, ValueError):
        raise StudioError("is damaged: it does not say how it was trained", str(path)) from None
    if min(step, steps) < 0 or not (isfinite(error) and error >= 0):
        raise StudioError("is damaged: it tells an error, or steps, that cannot be", str(path))
    return Trained(network.eval().requires_grad_(False), words.get("fingerprint", ""), step, steps, error)


def finite(tensors: Mapping[str, Tensor]) -> bool:
    """Whether weights and running statistics, by name, are all finite."""
    return all(bool(tensor.isfinite().all()) for tensor in tensors.values())
