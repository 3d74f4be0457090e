"""Finds G's principal directions. Imports torch: for the workbench alone."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from ganstudio.latent.principal import FindDirections, Moments, Principal
from ganstudio.latent.workshop import Workshop

SEED = 0
"""Always the same samples: directions found again differ only by what G has learned."""
SAMPLES_PER_NUMBER = 4
"""Of z, at the least, for directions that the choice of the samples hardly turns."""
FIRST, LARGEST = 64, 2048
"""Samples in the first slice, and at most in one."""
NUMBERS = 1 << 20
"""Activations at once, which bounds the time of a slice and its memory (8 MiB in float64)."""


def find_directions(workshop: Workshop, request: FindDirections) -> Iterator[tuple[float, Principal | None]]:
    """The study of ``FindDirections``."""
    count = max(request.samples, SAMPLES_PER_NUMBER * workshop.prior.dim)
    moments, z, size = Moments(), workshop.draw(count, SEED), min(FIRST, LARGEST)
    while moments.count < count:
        part = z[moments.count : moments.count + size]
        with torch.inference_mode():
            activations = first_activation(workshop.generator, part).flatten(1)
        moments.add(part.numpy(), activations.numpy())
        size = max(1, min(LARGEST, NUMBERS // activations.shape[1]))
        yield 0.99 * moments.count / count, None
    yield 1.0, moments.principal(request.count)


class _Reached(Exception):
    """The layer has been computed: the rest of the network need not be."""


def first_activation(network: nn.Module, z: torch.Tensor) -> torch.Tensor:
    """(N, …) output of G's first nonlinearity; of the whole network when it has none.

    The nonlinearity is the first layer without weights or statistics after the first that has some.
    """
    leaves = [module for module in network.modules() if not list(module.children())]
    weighted = [bool(module.state_dict()) for module in leaves]
    if True not in weighted or False not in weighted[weighted.index(True) :]:
        return network(z)
    found: list[torch.Tensor] = []

    def stop(module: nn.Module, inputs: Any, output: torch.Tensor) -> None:
        found.append(output.clone())
        raise _Reached

    handle = leaves[weighted.index(False, weighted.index(True))].register_forward_hook(stop)
    try:
        network(z)
    except _Reached:
        pass
    finally:
        handle.remove()
    return found[0]
