"""All frames of a film from one and the same G, however long that takes and whatever G learns meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.requests import Study, as_bytes

if TYPE_CHECKING:
    from ganstudio.latent.workshop import Workshop

SLICE = 8
"""Samples between two chances for others."""


@dataclass(frozen=True)
class RenderAll(Study):
    """G(z) for these inputs (N, dim) float32, in order.

    Answered by None until all are done; then images (N, H, W, C) uint8, or points (N, D) float32.
    """

    inputs: np.ndarray


def render_all(workshop: "Workshop", request: RenderAll) -> Iterator[tuple[float, np.ndarray | None]]:
    """Works at it, a few samples at a time. Raises ``StudioError`` when there is nothing to render."""
    parts = []
    total = len(request.inputs)
    if not total:
        raise StudioError("give at least one z to render", "inputs")
    for first in range(0, total, SLICE):
        found = workshop.replica.render(request.inputs[first : first + SLICE])
        parts.append(as_bytes(found) if found.ndim == 4 else found)
        done = min(total, first + SLICE)
        yield done / total, np.concatenate(parts) if done == total else None
