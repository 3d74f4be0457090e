"""The search for z that a sketch asks for: many starts at once, downhill. Imports torch."""

from collections.abc import Iterator
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.requests import as_bytes
from ganstudio.latent.sketch_terms import (
    as_images,
    colour_term,
    edge_term,
    near_term,
    reach_term,
    realism_term,
)
from ganstudio.latent.sketching import CANDIDATES, ITERATIONS, STARTS, Candidates, FindSketched, ranked
from ganstudio.latent.workshop import Workshop

MOST_ITERATIONS = 240
RATE, LAST_RATE = 0.1, 0.02
"""Adam's learning rate in the prior's standard deviations: for all starts (iGAN's), and at the very end."""
BETAS, TINY = (0.9, 0.999), 1e-8
AROUND = 0.3
"""Of starts near z₀: standard deviation of their distance in each number, in the prior's."""
REACH = 0.5
"""Weight of the term that keeps z of an unbounded prior as long as its draws."""
PICTURE_NEAR = 0.05
"""Least weight of a picture that has no z: without it nothing but the paint would hold."""
CHUNK = 16
"""Starts in one pass through G, so that slices stay short for large images too."""
SLICE_SECONDS = 0.04
FRESH_SECONDS = 0.1
"""How often candidates are ranked anew."""
PATIENCE, GAIN = 20, 0.01
"""The search has converged when the best gain less than this share of their energy in so many iterations."""


def find_sketched(workshop: Workshop, request: FindSketched) -> Iterator[tuple[float, Candidates]]:
    """Candidates for a sketch, ranked, better and better. Raises ``StudioError`` where there can be none."""
    check(workshop, request)
    search = Search(workshop, request)
    began = ranked_at = perf_counter()
    before = np.inf
    found: Candidates | None = None
    for iteration in range(MOST_ITERATIONS):
        for rows in search.rows.split(CHUNK):
            if perf_counter() - began > SLICE_SECONDS and found is not None:
                yield iteration / MOST_ITERATIONS, found
                began = perf_counter()
            search.step(rows, _rate(iteration))
        search.iterations = iteration + 1
        if found is None or perf_counter() - ranked_at > FRESH_SECONDS:
            found, ranked_at = search.candidates(), perf_counter()
        if search.iterations == ITERATIONS:
            search.keep_best()
        if iteration > ITERATIONS and iteration % PATIENCE == 0:
            now = search.energy
            if now > (1 - GAIN) * before:
                break
            before = now
    yield 1.0, search.candidates()


def check(workshop: Workshop, request: FindSketched) -> None:
    """Raise ``StudioError`` when the request does not fit G, or asks for nothing."""
    shape, dim = workshop.frame.shape, workshop.prior.dim
    if len(shape) != 3:
        raise StudioError("these data are points, not images: there is nothing to paint on")
    request.edits.check()
    request.weights.check()
    height, width, channels = request.edits.shape
    if (channels, height, width) != shape:
        raise StudioError(f"are of {width}×{height} pixels and {channels} channels, G's images of {shape}", "edits")
    if request.picture is not None and request.picture.shape != request.edits.shape:
        raise StudioError(f"is {request.picture.shape}, the edits are {request.edits.shape}", "picture")
    if request.edits.empty and (request.z0 is not None or request.picture is None):
        raise StudioError("ask for nothing yet; paint something first", "edits")
    if request.z0 is not None and request.z0.shape != (dim,):
        raise StudioError(f"G takes {dim} numbers a sample (this one is {request.z0.shape})", "z0")
    if request.starts is not None and (request.starts.ndim != 2 or request.starts.shape[1] != dim):
        raise StudioError(f"G takes {dim} numbers a sample (these are {request.starts.shape})", "starts")


def _rate(iteration: int) -> float:
    """Constant for all starts, then falling to the last one geometrically."""
    late = max(0, iteration - ITERATIONS) / (MOST_ITERATIONS - ITERATIONS)
    return RATE * (LAST_RATE / RATE) ** late


class Search:
    """Rows of z going downhill by Adam (Kingma & Ba 2015, algorithm 1), each with the best place it has been at."""

    def __init__(self, workshop: Workshop, request: FindSketched):
        self._workshop, self._request, self._prior = workshop, request, workshop.prior
        edits, z0 = request.edits, request.z0
        self._weights = torch.from_numpy(edits.weights)
        self._targets = as_images(torch.from_numpy(edits.targets))
        self._lines = torch.from_numpy(edits.edges.astype(np.float32)) if edits.edges.any() else None
        self._z0 = None if z0 is None else torch.from_numpy(np.array(z0, np.float32))
        self._picture = None
        if z0 is None and request.picture is not None:
            self._picture = as_images(torch.from_numpy(np.array(request.picture)))
        self.z = starts(workshop, request)
        """(n, dim): where the rows are now."""
        count = len(self.z)
        self.rows = torch.arange(count)
        """Indices of those that still go on."""
        self.iterations = 0
        self._steps = torch.zeros(count)
        self._first, self._second = torch.zeros_like(self.z), torch.zeros_like(self.z)
        self._best_z = self.z.clone()
        self._best_energy = torch.full((count,), torch.inf)
        self._errors = torch.full((count,), torch.inf)
        self._images = torch.zeros(count, *workshop.frame.shape)

    def terms(self, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """z (n, dim) → energies (n,), the errors among them by which is ranked (n,), and images (n, C, H, W)."""
        weights, std = self._request.weights, self._prior.std
        images = self._workshop.generator(z)
        errors = colour_term(images, self._targets, self._weights)
        if self._lines is not None:
            errors = errors + weights.edge * edge_term(images, self._lines)
        energy = errors
        if self._z0 is not None:
            energy = energy + weights.near * near_term(z, self._z0, std)
        elif self._picture is not None:
            near = colour_term(images, self._picture, 1 - self._weights)
            energy = energy + max(weights.near, PICTURE_NEAR) * near
            if self._request.edits.empty:
                errors = near
        if weights.realism:
            energy = energy + weights.realism * realism_term(self._workshop.critic(images))
        if not np.isfinite(self._prior.limit):
            energy = energy + REACH * reach_term(z, std)
        return energy, errors, images

    def step(self, rows: Tensor, rate: float) -> None:
        """Look where these rows (k,) are, remember it where it is the best yet, and go on downhill.

        ``rate`` is in the prior's standard deviations.
        """
        z = self.z[rows].requires_grad_()
        energy, errors, images = self.terms(z)
        (gradient,) = torch.autograd.grad(energy.sum(), z)
        energy, gradient = energy.detach(), gradient.nan_to_num(0.0, 0.0, 0.0)
        better = energy < self._best_energy[rows]
        there = rows[better]
        self._best_energy[there], self._errors[there] = energy[better], errors.detach()[better]
        self._best_z[there], self._images[there] = z.detach()[better], images.detach()[better]
        self._steps[rows] += 1
        steps = self._steps[rows, None]
        first = self._first[rows].lerp_(gradient, 1 - BETAS[0])
        second = self._second[rows].lerp_(gradient.square(), 1 - BETAS[1])
        self._first[rows], self._second[rows] = first, second
        way = first / (1 - BETAS[0] ** steps) / ((second / (1 - BETAS[1] ** steps)).sqrt() + TINY)
        limit = self._prior.limit
        self.z[rows] = (z.detach() - rate * self._prior.std * way).clamp_(-limit, limit)

    def keep_best(self) -> None:
        """Only the best ``CANDIDATES`` distinct rows go on; the others stay where they are."""
        found = self._ranked()
        if len(found):
            self.rows = torch.from_numpy(found)

    @property
    def energy(self) -> float:
        """The mean over the rows that go on, each at its best."""
        return float(self._best_energy[self.rows].mean())

    def candidates(self) -> Candidates:
        """The best places so far. Raises ``StudioError`` when G makes no images at all."""
        order = self._ranked()
        if not len(order):
            raise StudioError("G's images are not finite numbers; go back to its last finite state")
        images = as_bytes(self._images[order].numpy())
        return Candidates(self._best_z[order].numpy(), images, self._errors[order].numpy(), order, self.iterations)

    def _ranked(self) -> np.ndarray:
        return ranked(self._errors.numpy(), as_bytes(self._images.numpy()), CANDIDATES)


def starts(workshop: Workshop, request: FindSketched) -> Tensor:
    """(STARTS, dim) in the prior's support: what the request goes on from, z₀ with some around it, and fresh draws."""
    prior = workshop.prior
    parts: list[Tensor] = []
    if request.starts is not None:
        parts.append(torch.from_numpy(np.array(request.starts[: STARTS // 2], np.float32)))
    drawn = workshop.draw(STARTS, request.seed)
    if request.z0 is not None:
        z0 = torch.from_numpy(np.array(request.z0, np.float32))
        noise = torch.randn(STARTS // 4, prior.dim, generator=torch.Generator().manual_seed(request.seed))
        noise[0] = 0  # z₀ itself
        parts.append(z0 + AROUND * prior.std * noise)
    parts.append(drawn)
    return torch.cat(parts)[:STARTS].clamp(-prior.limit, prior.limit)
