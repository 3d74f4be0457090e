"""What one player's update needs, whichever way it is differentiated (``by_hand``, ``by_autograd``)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from torch import Tensor

G, D = "generator", "discriminator"


class Made(NamedTuple):
    """Samples of G, and the way back from them to its weights."""

    x: Tensor
    """(N, …): with its graph where autograd leads back."""
    kept: Sequence[Any] = ()
    """What G's layers keep for the way back, where it is walked by hand."""


class Judged(NamedTuple):
    """D's loss with its gradient in D's weights, and what there is to note of it."""

    loss: Tensor
    penalty: Tensor | None
    real: Tensor
    """(N,) logits."""
    fake: Tensor
    gradients: Sequence[Tensor]


class Fooled(NamedTuple):
    """G's loss, with its gradient in G's weights through D as it stands."""

    loss: Tensor
    gradients: Sequence[Tensor]
