"""What D sees in samples: the input of its last layer with weights, for all training samples. Imports torch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time

import numpy as np
import torch
from torch import Tensor, nn

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.neighbours_search import Index

MOST_BYTES = 256 << 20
"""Memory that features may take; of a set whose features would take more, a drawn part is searched."""
SEED = 0
FIRST_BATCH, MOST_AT_ONCE = 16, 512
"""Samples in one pass through D: more as long as a pass is quick."""
QUICK, SLOW = 0.010, 0.030
"""Seconds of a pass, by the clock of this thread: others that take the cores make no pass slower."""


class _Reached(Exception):
    """The last layer's input is there: its output is not wanted."""


class Eye:
    """D without its last layer: samples → what that layer judges by."""

    def __init__(self, critic: nn.Module, example: Tensor):
        """``example`` (1, C, H, W) or (1, D) finds out which layer is last, and how many features there are."""
        self._critic = critic
        self._last = last_layer(critic, example)
        self.numbers = self.features(example).shape[1]

    @torch.inference_mode()
    def features(self, x: Tensor) -> Tensor:
        """Images (N, C, H, W) in [−1, 1], or points (N, D) → (N, numbers) float32.

        A map is kept, not pooled: it is what the last layer sees.

        Raises ``StudioError`` where they are not finite.
        """
        found: list[Tensor] = []

        def stop(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            found.append(inputs[0].flatten(1).clone())
            raise _Reached

        handle = self._last.register_forward_pre_hook(stop)
        try:
            self._critic(x)
        except _Reached:
            pass
        finally:
            handle.remove()
        if not bool(torch.isfinite(found[0]).all()):
            raise StudioError("D's features are not finite numbers; go back to its last finite state")
        return found[0]


@torch.inference_mode()
def last_layer(network: nn.Module, example: Tensor) -> nn.Module:
    """The fully connected or convolutional layer that is computed last. Raises ``StudioError`` when there is none."""
    called: list[nn.Module] = []
    layers = [one for one in network.modules() if isinstance(one, nn.Linear | nn.modules.conv._ConvNd)]
    with _noting(layers, lambda module, inputs: called.append(module)):
        network(example)
    if not called:
        raise StudioError("D has no layer with weights whose input could be compared", "players.discriminator.network")
    return called[-1]


@contextmanager
def _noting(layers: list[nn.Module], note: Callable) -> Iterator[None]:
    handles = [layer.register_forward_pre_hook(note) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


class Features:
    """Features of the training samples, as one D sees them. They come in by and by, in a drawn order, by ``grow``:
    what has been searched of an unfinished one is a fair draw from the set.
    """

    def __init__(self, critic: nn.Module, step: int, samples: np.ndarray):
        """``samples`` (N, H, W, C) uint8 images or (N, D) float32 points; ``step``: completed steps of this D."""
        self.step = step
        """Completed steps of the D whose features these are."""
        self._samples = samples
        self.eye = Eye(critic, floats(samples[:1]))
        most = max(1, MOST_BYTES // (4 * self.eye.numbers))
        order = torch.randperm(len(samples), generator=torch.Generator().manual_seed(SEED))
        self.places = order[:most].numpy()
        """(M,) int64: where in the data set a row's sample is."""
        self.index = Index(torch.empty(len(self.places), self.eye.numbers))
        self._batch = FIRST_BATCH

    @property
    def complete(self) -> bool:
        """Whether nothing more will come in."""
        return self.index.filled == len(self.places)

    def grow(self, end: int) -> Iterator[int]:
        """Take in samples until there are ``end``; yields how many there are after each pass through D."""
        end = min(end, len(self.places))
        while (start := self.index.filled) < end:
            begun = thread_time()
            stop = min(end, start + self._batch)
            self.index.rows[start:stop] = self.eye.features(floats(self._samples[self.places[start:stop]]))
            for _ in self.index.fill(stop):
                pass
            took = thread_time() - begun
            if stop - start == self._batch and took < QUICK:
                self._batch = min(MOST_AT_ONCE, 2 * self._batch)
            elif took > SLOW:
                self._batch = max(1, self._batch // 2)
            yield stop


def floats(samples: np.ndarray) -> Tensor:
    """As D takes them: (N, H, W, C) uint8 → (N, C, H, W) float32 in [−1, 1]; points (N, D) stay as they are."""
    if samples.ndim == 2:
        return torch.from_numpy(np.ascontiguousarray(samples))
    return (torch.from_numpy(np.ascontiguousarray(samples)).float() * (1 / 127.5) - 1).permute(0, 3, 1, 2)
