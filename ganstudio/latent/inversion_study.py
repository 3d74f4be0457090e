"""The study that inverts G, as the window runs it. Imports torch."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from time import perf_counter

import numpy as np
import torch

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.encoder_study import guess
from ganstudio.latent.inversion import Invert, Projection
from ganstudio.latent.inversion_search import (
    DAMPINGS,
    GRADIENT,
    Candidate,
    Objective,
    Passes,
    Work,
    adam,
    candidates,
    gauss_newton,
    quasi_newton,
)
from ganstudio.latent.inversion_target import target_of
from ganstudio.latent.requests import as_bytes
from ganstudio.latent.workshop import Workshop

DRAWS = 512
"""Starts from the prior, of which the best go on; a starting z that is given goes on in any case."""
KEPT, ADAM_STEPS = 32, 40
ROUNDS = ((8, 5), (4, 6), (2, 12))
"""(candidates, steps of each) of the refinement, from round to round."""
GUESS_STEPS = 12
"""Of the refinement of starts that are given, before there are any others."""
LONGEST_JACOBIAN = 256
"""Numbers of z up to which a step of Gauss–Newton costs less than what L-BFGS needs to come as far."""
WAVES, GOOD = 3, 1e-4
"""All of it is done again from other starts, unless the mean squared error is below this: 40 dB for images."""
SLICE_SECONDS = 0.03
ADAM_SHARE = 0.4
"""Of the time, where G is so slow that it runs out."""


def invert(workshop: Workshop, request: Invert) -> Iterator[tuple[float, Projection]]:
    """The z of a subject, closer and closer. Raises ``StudioError`` that names the file or field at fault."""
    target, words = target_of(workshop, request)
    search = _Search(workshop, request, Projection(target, words))
    yield 0.0, search.found
    told = perf_counter()
    for _ in search.work():
        if perf_counter() - told > SLICE_SECONDS:
            yield min(search.share, 0.999), search.found
            told = perf_counter()
    if search.found.z is None:
        raise StudioError("this generator makes no finite numbers; go back to an earlier step")
    yield 1.0, replace(search.found, method="")


class _Search:
    """One search, and the best that it has found."""

    def __init__(self, workshop: Workshop, request: Invert, found: Projection):
        self.found = found
        self._workshop, self._request = workshop, request
        self._image = len(workshop.frame.shape) == 3
        target = torch.from_numpy(np.array(found.target)).float()
        if self._image:
            target = target.permute(2, 0, 1) / 127.5 - 1
        prior = workshop.prior
        unit = 2.0 if self._image else 1.0
        self._objective = Objective(workshop.generator, target.reshape(1, -1), unit, prior, request.likely)
        self._passes = Passes(self._objective)
        self._began = perf_counter()
        self._best = inf
        self._candidates: list[Candidate] = []
        self._step = gauss_newton if prior.dim <= LONGEST_JACOBIAN else quasi_newton
        step = prior.dim + 1 + len(DAMPINGS)
        wave = DRAWS + GRADIENT * KEPT * ADAM_STEPS + step * sum(count * steps for count, steps in ROUNDS)
        self._total = WAVES * wave

    @property
    def share(self) -> float:
        """How much of the work, or of the time, has passed."""
        return max(self._passes.done / self._total, self._seconds / self._request.seconds)

    @property
    def _seconds(self) -> float:
        return perf_counter() - self._began

    def work(self) -> Work[None]:
        """Search, a piece at a time."""
        given = self._given()
        if len(given):
            given = yield from self._improve(given)
            if self.found.mse < GOOD:
                return
        for drawn in self._workshop.draw(WAVES * DRAWS, self._request.seed).split(DRAWS):
            yield from self._wave(given, drawn)
            if self.found.mse < GOOD or self._seconds > self._request.seconds:
                return
            given = given[:0]

    def _improve(self, given: torch.Tensor) -> Work[torch.Tensor]:
        """Refine what is close to begin with: a good guess needs no search. Returns what became of it (k, dim)."""
        samples = yield from self._passes.samples(given)
        self._say("From the start that was given")
        improved = candidates(self._objective, given, samples)
        for one in improved:
            if self.found.mse < GOOD:
                break
            self._see(one)
            for _ in range(GUESS_STEPS):
                if not one.resting and self._seconds < self._request.seconds:
                    yield from self._step(self._passes, one)
                    self._see(one)
        return torch.cat([one.z for one in improved])

    def _wave(self, given: torch.Tensor, drawn: torch.Tensor) -> Work[None]:
        """From these starts to the best z that they lead to."""
        self._say(f"{DRAWS} starts from the prior")
        z = torch.cat([given, drawn])
        samples = yield from self._passes.samples(z)
        losses = torch.nan_to_num(self._objective.losses(z, samples), nan=torch.inf)
        losses[: len(given)] = -1.0  # they go on in any case
        kept = losses.argsort(stable=True)[:KEPT]
        self._candidates = candidates(self._objective, z[kept], samples[kept])
        self._see(self._candidates[0])
        self._say(f"Adam from the best {KEPT}")
        z = yield from adam(self._passes, z[kept], ADAM_STEPS, self._watch)
        samples = yield from self._passes.samples(z)
        self._candidates += candidates(self._objective, z, samples)
        self._candidates.sort(key=lambda one: one.loss)
        self._see(self._candidates[0])
        yield from self._refine()

    def _watch(self, z: torch.Tensor, samples: torch.Tensor) -> bool:
        best = int(torch.nan_to_num(self._objective.losses(z, samples), nan=torch.inf).argmin())
        self._see(candidates(self._objective, z[[best]], samples[[best]])[0])
        return self._seconds < ADAM_SHARE * self._request.seconds

    def _refine(self) -> Work[None]:
        name = "Gauss–Newton" if self._step is gauss_newton else "L-BFGS"
        for count, steps in ROUNDS:
            self._candidates = self._candidates[:count]
            self._say(f"{name} from the best {count}")
            for _ in range(steps):
                for one in self._candidates:
                    if one.resting:
                        continue
                    if self._seconds > self._request.seconds:
                        return
                    yield from self._step(self._passes, one)
                    self._see(one)
            self._candidates.sort(key=lambda one: one.loss)
            if all(one.resting for one in self._candidates):
                return

    def _given(self) -> torch.Tensor:
        """(k, dim) starts that need no luck: an earlier search's, and the encoder's guess."""
        dim = self._workshop.prior.dim
        rows = []
        for z in self._request.starts:
            if z.shape != (dim,):
                raise StudioError(f"G takes {dim} numbers (these are {z.shape})", "starts")
            if not np.isfinite(z).all():
                raise StudioError("are not finite", "starts")
            rows.append(torch.from_numpy(np.array(z, np.float32)))
        objective = self._objective
        guessed, words = guess(self._workshop, objective.target, self._request.encoder)
        if guessed is not None:
            rows.append(objective.boxed(guessed)[0])
        self.found = replace(self.found, encoder_words=words)
        given = torch.stack(rows) if rows else torch.empty(0, dim)
        if guessed is not None:
            sample = objective.network(given[-1:]).flatten(1)
            self.found = replace(self.found, encoder_mse=float(objective.errors(sample)))
        return given

    def _say(self, method: str) -> None:
        self.found = replace(self.found, method=method)

    def _see(self, one: Candidate) -> None:
        """Take over what is better than all before."""
        if not one.loss < self._best:
            return
        self._best = one.loss
        z, shape = one.z[0].numpy().copy(), self._workshop.frame.shape
        sample = one.sample.numpy().reshape(1, *shape)
        self.found = replace(
            self.found,
            z=z,
            sample=as_bytes(sample)[0] if self._image else sample[0].copy(),
            mse=one.error,
            errors=(*self.found.errors, (self._seconds, one.error)),
        )
