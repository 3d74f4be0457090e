"""The explorer's own copy of G. Imports torch: only the explorer's thread loads this file."""

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.requests import Draw, Prior, Render, Request
from ganstudio.networks.network import Shapes
from ganstudio.training import build

if TYPE_CHECKING:
    from ganstudio.probes.discriminator import DiscriminatorFrame
    from ganstudio.probes.generator import GeneratorFrame

CHUNK = 64
"""Samples in one pass through G: the memory that a large request takes stays small."""


class Replica:
    """G in evaluation mode on the CPU, made from frames alone.

    It draws from generators of its own, never from torch's process-wide one, and leaves the number of threads alone:
    setting it would change what the training thread computes.
    """

    def __init__(self, frame: "GeneratorFrame"):
        self._structure = _structure(frame)
        self.network = bare_network(frame, "generator")
        """In evaluation mode, its weights without gradients."""
        self.load(frame)

    def fits(self, frame: "GeneratorFrame") -> bool:
        """Whether this frame's weights are those of the same architecture."""
        return _structure(frame) == self._structure

    def load(self, frame: "GeneratorFrame") -> None:
        """Take over a frame's weights, without a copy."""
        self.frame = frame
        give_weights(self.network, frame)
        self.noise = build.noise(frame.experiment)
        self.prior = Prior(self.noise.config.dim, self.noise.std, self.noise.limit)

    @torch.inference_mode()
    def answer(self, request: Request) -> Any:
        """What a request that is no ``Study`` asks for; ``StudioError`` when it cannot be had."""
        if isinstance(request, Render):
            return self.render(request.inputs)
        assert isinstance(request, Draw)
        return self.noise.draw(request.count, torch.Generator().manual_seed(request.seed)).numpy()

    @torch.inference_mode()
    def render(self, inputs: np.ndarray) -> np.ndarray:
        """(N, dim) → (N, *shape) float32. Raises ``StudioError`` for inputs of another length."""
        z = np.require(inputs, np.float32, ["C", "W"])  # torch wants no view of what is read-only
        if z.ndim != 2 or z.shape[1] != self.prior.dim:
            raise StudioError(f"G takes {self.prior.dim} numbers a sample (these inputs are {z.shape})", "inputs")
        parts = [self.network(part).contiguous() for part in torch.from_numpy(z).split(CHUNK)]
        return torch.cat(parts).numpy() if parts else np.zeros((0, *self.frame.shape), np.float32)


def bare_network(frame: "GeneratorFrame | DiscriminatorFrame", player: str) -> nn.Module:
    """The player's network as the frame's experiment has it, in evaluation mode, yet without weights."""
    shapes = Shapes(build.noise(frame.experiment).config.dim, frame.shape)
    # Without memory there is nothing to initialise, so the constructors of layers draw no random number.
    with torch.device("meta"):
        return build.network(frame.experiment, player, shapes).eval().requires_grad_(False)


def give_weights(network: nn.Module, frame: "GeneratorFrame | DiscriminatorFrame") -> None:
    """Have a network use a frame's weights. Only read-only arrays are copied: a published frame's never change."""
    # A copy keeps the layout, on which the speed of a channels-last network depends.
    arrays = {name: one if one.flags.writeable else one.copy(order="K") for name, one in frame.weights.items()}
    weights = {name: torch.from_numpy(array) for name, array in arrays.items()}
    network.load_state_dict(weights, assign=True)


def _structure(frame: "GeneratorFrame") -> tuple:
    noise = build.noise(frame.experiment).config
    return frame.experiment.players["generator"].network, noise.dim, frame.shape
