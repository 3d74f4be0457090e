"""The search of inversion: many starts, Adam on the best of them, then Gauss–Newton steps on the best of those.

Imports torch. Every function that works is a generator: it yields after each piece of work that takes a few hundredths
of a second, and returns what it found.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import isfinite, sqrt
from time import perf_counter
from typing import TypeVar

import torch
from torch import Tensor, nn

from ganstudio.latent.requests import Prior

T = TypeVar("T")
Work = Generator[None, None, T]
PIECE_SECONDS = 0.02
"""About how long one pass through G may take; larger batches are cut."""
ADAM_RATE, ADAM_LAST = 0.1, 0.02
"""Of Adam, in the prior's standard deviations: iGAN's (Zhu et al. 2016), falling to a fifth."""
STEP = 1e-2
"""Of a forward difference, in the prior's standard deviations: small beside G's curvature, large beside rounding."""
DAMPINGS = (0.1, 1.0, 10.0, 100.0)
"""Tried at once, as multiples of the last one that helped: four more samples beside the Jacobian's dim."""
DAMPING, LEAST_DAMPING, MOST_DAMPING = 1e-3, 1e-7, 1e3
"""In units of the mean diagonal of JᵀJ; above the last nothing helps any more."""
CONVERGED = 1e-3
"""A candidate rests when a step gains less than this share of its loss."""
ITERATIONS = 2
"""Of L-BFGS at a time."""
GRADIENT = 3
"""What a gradient costs, in passes."""


@dataclass(frozen=True)
class Objective:
    """What is minimised: mean ((G(z) − target) / unit)² + likely · mean (z / σ)², per z."""

    network: nn.Module
    target: Tensor
    """(1, features) float32."""
    unit: float
    """2 for images, so that the first mean is that of pixels in 0…1; 1 for points."""
    prior: Prior
    likely: float
    """Weight of the prior; a bounded prior has none, z stays in its box."""

    @property
    def weight(self) -> float:
        return 0.0 if isfinite(self.prior.limit) else self.likely

    def errors(self, samples: Tensor) -> Tensor:
        """(k,) mean squared error of samples (k, features)."""
        return ((samples - self.target) / self.unit).square().mean(1)

    def losses(self, z: Tensor, samples: Tensor) -> Tensor:
        """(k,) what is minimised at z (k, dim), of which ``samples`` (k, features) were made."""
        return self.errors(samples) + self.weight * (z / self.prior.std).square().mean(1)

    def boxed(self, z: Tensor) -> Tensor:
        """z in the prior's support."""
        return z.clamp(-self.prior.limit, self.prior.limit) if isfinite(self.prior.limit) else z


class Passes:
    """Passes through G, cut so that none takes much longer than ``PIECE_SECONDS``; the size of a cut is learned."""

    def __init__(self, objective: Objective):
        self.objective = objective
        self.done = 0.0
        """Samples' worth of work so far; a gradient counts as ``GRADIENT``."""
        self._size = 8

    def samples(self, z: Tensor) -> Work[Tensor]:
        """(k, features): G(z)."""
        parts, first = [], 0
        while first < len(z):
            began, piece = perf_counter(), z[first : first + self._size]
            with torch.inference_mode():
                parts.append(self.objective.network(piece).flatten(1))
            first += len(piece)
            self._learn(len(piece), perf_counter() - began, 1)
            yield
        return torch.cat(parts)

    def gradients(self, z: Tensor) -> Work[tuple[Tensor, Tensor]]:
        """((k, features) G(z), (k, dim) gradients of the losses)."""
        samples, gradients, first = [], [], 0
        while first < len(z):
            began, piece = perf_counter(), z[first : first + max(1, self._size // GRADIENT)]
            leaf = piece.clone().requires_grad_()
            found = self.objective.network(leaf).flatten(1)
            gradients.append(torch.autograd.grad(self.objective.losses(leaf, found).sum(), leaf)[0])
            samples.append(found.detach())
            first += len(piece)
            self._learn(len(piece), perf_counter() - began, GRADIENT)
            yield
        return torch.cat(samples), torch.cat(gradients)

    def _learn(self, count: int, seconds: float, cost: int) -> None:
        self.done += cost * count
        wanted = cost * count * PIECE_SECONDS / max(seconds, 1e-6)
        # A short piece says little about a long one: no more than twice as much at a time.
        self._size = int(min(max(wanted, 1, self._size / 4), 2 * self._size, 1024))


@dataclass
class Candidate:
    """A z that is being improved."""

    z: Tensor
    """(1, dim)."""
    sample: Tensor
    """(1, features): G(z)."""
    loss: float
    error: float
    damping: float = DAMPING
    resting: bool = False
    """Nothing more is to be gained from here."""
    descent: torch.optim.LBFGS | None = None
    """What L-BFGS knows of the way so far."""


def candidates(objective: Objective, z: Tensor, samples: Tensor) -> list[Candidate]:
    """From z (k, dim) and their samples (k, features), the best first; copies."""
    # A G that has diverged may make NaN of some z: those come last.
    losses, errors = torch.nan_to_num(objective.losses(z, samples), nan=torch.inf), objective.errors(samples)
    order = losses.argsort(stable=True).tolist()
    return [Candidate(z[[i]], samples[[i]], float(losses[i]), float(errors[i])) for i in order]


def adam(passes: Passes, z: Tensor, steps: int, see: Callable[[Tensor, Tensor], bool]) -> Work[Tensor]:
    """(k, dim): all z after so many steps of Adam (Kingma & Ba 2015), each on its own loss.

    ``see`` is shown all z with their samples at every step, and answers whether to go on.
    """
    z, std = z.clone(), passes.objective.prior.std
    optimiser = torch.optim.Adam([z], betas=(0.9, 0.99))
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = std * (ADAM_RATE + (ADAM_LAST - ADAM_RATE) * step / steps)
        samples, z.grad = yield from passes.gradients(z)
        if not see(z, samples):
            break
        optimiser.step()
        z.copy_(passes.objective.boxed(z))
    return z


def gauss_newton(passes: Passes, at: Candidate) -> Work[None]:
    """One step of Levenberg–Marquardt (Marquardt 1963), with the Jacobian by forward differences, in place.

    G in evaluation mode passes dim + 1 samples through at the price of a few gradients, and a step is worth dozens.
    Numbers of z at the edge of the prior's box that would leave it are held there.
    """
    objective = passes.objective
    prior, features, dim = objective.prior, at.sample.shape[1], at.z.shape[1]
    step = STEP * prior.std
    moved = yield from passes.samples(at.z + step * torch.eye(dim))
    per = objective.unit * sqrt(features)  # the mean is part of the residuals: their squares add up to the loss
    jacobian = (moved - at.sample) / (step * per)
    rest = (at.sample - objective.target)[0] / per
    keep = objective.weight / (dim * prior.std**2)
    normal = (jacobian @ jacobian.T).double() + keep * torch.eye(dim, dtype=torch.float64)
    slope = (jacobian @ rest).double() + keep * at.z[0].double()
    held = ((at.z[0] >= prior.limit) & (slope < 0)) | ((at.z[0] <= -prior.limit) & (slope > 0))
    normal[held], normal[:, held] = 0.0, 0.0
    normal.diagonal()[held] = 1.0
    slope[held] = 0.0
    dampings = at.damping * torch.tensor(DAMPINGS, dtype=torch.float64)
    size = float(normal.diagonal()[~held].mean()) if not bool(held.all()) else 1.0
    damped = normal + (max(size, 1e-12) * dampings)[:, None, None] * torch.eye(dim, dtype=torch.float64)
    ways, failed = torch.linalg.solve_ex(damped, slope.expand(len(dampings), dim)[..., None])
    trials = objective.boxed(at.z - ways[failed == 0, :, 0].float())
    if len(trials):
        samples = yield from passes.samples(trials)
        losses = torch.nan_to_num(objective.losses(trials, samples), nan=torch.inf)
        best = int(losses.argmin())
        if float(losses[best]) < at.loss:
            at.damping = max(float(dampings[failed == 0][best]), LEAST_DAMPING)
            _move(at, trials[best : best + 1], samples[best : best + 1], objective)
            return
    at.damping *= 10 * DAMPINGS[-1]
    at.resting = at.damping > MOST_DAMPING


def quasi_newton(passes: Passes, at: Candidate) -> Work[None]:
    """A few iterations of L-BFGS (Liu & Nocedal 1989) in place, for a z too long for its Jacobian."""
    objective = passes.objective
    if at.descent is None:
        leaf = at.z.clone().requires_grad_()
        at.descent = torch.optim.LBFGS([leaf], max_iter=ITERATIONS, history_size=20, line_search_fn="strong_wolfe")
    (leaf,) = at.descent.param_groups[0]["params"]

    def closure() -> Tensor:
        leaf.grad = None
        loss = objective.losses(leaf, objective.network(leaf).flatten(1)).sum()
        loss.backward()
        passes.done += GRADIENT
        return loss

    at.descent.step(closure)
    z = objective.boxed(leaf.detach().clone())
    sample = yield from passes.samples(z)
    at.resting = True
    if float(objective.losses(z, sample)) < at.loss:
        _move(at, z, sample, objective)


def _move(at: Candidate, z: Tensor, sample: Tensor, objective: Objective) -> None:
    loss = float(objective.losses(z, sample))
    at.resting = at.loss - loss < CONVERGED * at.loss
    at.z, at.sample, at.loss, at.error = z, sample, loss, float(objective.errors(sample))
