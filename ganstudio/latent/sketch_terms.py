"""The energy of a sketch: its terms, each a pure differentiable function with one number for each row. Imports torch.

Zhu et al. 2016, section 4.1: Σ_g ‖f_g(G(z)) − v_g‖² over the edits g, + λ ‖z − z₀‖² + λ_D log(1 − D(G(z))).
"""

from math import cos, pi, sin

import torch
from torch import Tensor
from torch.nn import functional as F

ORIENTATIONS = 6
"""Bins of half a turn: an edge from dark to light is the same as one from light to dark."""
LEAST_GRADIENT = 0.02
"""Gradient, in units of [−1, 1] a pixel and averaged over a cell, that is half an edge."""
CELLS, LEAST_CELL = 8, 4
"""Cells to an image's shorter side, and the pixels that a cell has at least."""


def colour_term(images: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """(N,) the mean squared difference of images (N, C, H, W) from targets (C, H, W) under weights (H, W)."""
    squares = (images - targets).square().mean(1)
    return (squares * weights).sum((1, 2)) / weights.sum().clamp_min(1e-12)


def edge_histogram(images: Tensor, cell: int) -> Tensor:
    """Images (N, C, H, W) → (N, ORIENTATIONS, h, w): how strong edges of each orientation are about each place.

    A smooth histogram of oriented gradients (Dalal & Triggs 2005): Sobel's gradient g of the brightness, shared out
    over orientations u_k as |g| cos⁴ ∠(g, u_k), and averaged over cells of ``cell`` pixels that overlap by half.
    """
    sobel = images.new_tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 8
    kernels = torch.stack([sobel, sobel.T])[:, None]
    gradient = F.conv2d(F.pad(images.mean(1, keepdim=True), (1, 1, 1, 1), mode="replicate"), kernels)
    size = gradient.square().sum(1, keepdim=True).add(1e-8).sqrt()
    angles = [pi * k / ORIENTATIONS for k in range(ORIENTATIONS)]
    units = images.new_tensor([[cos(angle), sin(angle)] for angle in angles])
    along = torch.einsum("kd,ndhw->nkhw", units, gradient / size)
    return F.avg_pool2d(size * along.pow(4), cell, stride=max(1, cell // 2), ceil_mode=True)


def edge_term(images: Tensor, lines: Tensor) -> Tensor:
    """(N,) how little the edges of images (N, C, H, W) agree with drawn lines (H, W) of 0 and 1; 0 … about 1.

    Both histograms are brought to length 1 in each cell (a weak edge to less), so that it counts that there is an edge,
    and in which direction, not how strong it is. The mean over the cells through which a line runs; 0 without lines.
    """
    cell = max(LEAST_CELL, min(lines.shape) // CELLS)
    wanted, found = (_normed(edge_histogram(x, cell)) for x in (lines[None, None], images))
    there = wanted.square().sum(1) > 0.25
    return ((found - wanted).square().sum(1) * there).sum((1, 2)) / there.sum().clamp_min(1)


def _normed(histogram: Tensor) -> Tensor:
    return histogram / (histogram.square().sum(1, keepdim=True) + LEAST_GRADIENT**2).sqrt()


def near_term(z: Tensor, z0: Tensor, std: float) -> Tensor:
    """(N,) mean squared distance of z (N, dim) from z0 (dim,), in the prior's variances: 2 between two draws."""
    return (z - z0).square().mean(1) / std**2


def reach_term(z: Tensor, std: float) -> Tensor:
    """(N,) 0 where ‖z‖² is at most what the prior's draws have in the mean, dim · std²; beyond, the excess squared.

    Draws of many numbers have nearly all about that length (White 2016, "Sampling generative networks"): G has not been
    trained on longer ones.
    """
    return (z.square().mean(1) / std**2 - 1).clamp_min(0).square()


def realism_term(logits: Tensor) -> Tensor:
    """(N,) −log σ(D(G(z))) of D's outputs (N,), as in the non-saturating loss, so that it pulls where D is sure.

    Where D's output is the log odds of being real, −log of D's probability. A critic's or a least-squares D's output is
    no log odds: there the term is only a soft hinge that falls as D's opinion rises, in units of that game's own.
    """
    return F.softplus(-logits)


def as_images(pixels: Tensor) -> Tensor:
    """(H, W, C) or (N, H, W, C) uint8 → (…, C, H, W) float32 in [−1, 1]."""
    return pixels.movedim(-1, -3).float() / 127.5 - 1
