"""Steps that are too large: the learning rate, and what running statistics make of it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf, log

import numpy as np

from ganstudio.metrics.doctor import remedies
from ganstudio.metrics.doctor.complaint import Complaint, Evidence, Patient, Remedy, Verdict, at_least, percent
from ganstudio.metrics.doctor.readings import Readings

UPDATE = 0.12
"""‖Δw‖ / ‖w‖ of one update. Shipped presets stay below 0.09; 0.001 is what is usually aimed at."""
AIM, LEAST = 0.01, 10
"""What a remedy brings it to, and by how much it cuts the rate at least: the last update is not the largest."""
GROWTH = 2.5
"""Factor by which a player's weights may grow between two examinations. Shipped presets stay below 2."""
DRIFT = 0.5
"""Distance of running and batch statistics, in σ of the batch. Shipped presets stay below 0.3 once G is warm; batches
of 8 stay below it, those of 4 do not."""
SMALL, ENOUGH = 16, 32
"""Samples in a batch below which it is the batch that is at fault, and in the batch that a remedy proposes."""
WARM = 100
"""Updates of G after which its running statistics have forgotten how they were initialised."""


class RateTooHigh(Complaint):
    """A player's weights change by a tenth of their size in one update, or have grown manifold since the last look."""

    name = "rate-too-high"
    title = "Learning rate too high"
    headline = "a learning rate is too high"
    source = (
        "The ratio of update to weight should be about 0.001 (Karpathy 2015, CS231n notes, part 3); from 0.1 on an "
        "update forgets what was learnt."
    )
    patience = 2

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        return max((self._of(past, player) for player in (remedies.D, remedies.G)), key=lambda one: one.strength)

    def _of(self, past: Sequence[Readings], player: str) -> Verdict:
        now, letter = past[-1], remedies.SHORT[player].lower()
        update, weights = getattr(now, f"update_{letter}"), getattr(now, f"weights_{letter}")
        # The growth stays in sight for a while: a catastrophe may be over in a few steps.
        near = [getattr(one, f"weights_{letter}") for one in past[-3:]]
        growth = max((b / a for a, b in pairwise(near) if a > 0), default=1.0)
        growth = growth if np.isfinite(growth) else inf
        grown = log(max(growth, 1.0)) / log(GROWTH) if growth < inf else inf
        name = remedies.SHORT[player]
        noise = getattr(now, f"noise_{letter}")
        changed = Evidence(
            f"update_{letter}", f"the last update changed {name}'s weights by {percent(update)} of their size"
        )
        larger = Evidence(
            f"weights_{letter}",
            f"{name}'s weights are {weights:.2g} (root mean square), at most {growth:.1f} times as large as at the "
            "look before",
        )
        varies = Evidence(
            f"noise_{letter}", f"the norm of {name}'s gradient varies by {percent(noise)} from step to step"
        )
        # The size of the last update says nothing for a catastrophe of some updates ago.
        evidence = (larger, varies) if grown >= 1 > at_least(update, UPDATE) else (changed, larger, varies)
        sentence = f"{name}'s steps are too large: each forgets what those before have learnt."
        return Verdict(max(at_least(update, UPDATE), grown), sentence, evidence)

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        worst = max((remedies.D, remedies.G), key=lambda player: self._of(past, player).strength)
        update = getattr(past[-1], f"update_{remedies.SHORT[worst].lower()}")
        wanted = max(LEAST, update / AIM) if np.isfinite(update) else LEAST
        factor = next((one for one in remedies.FRACTIONS if one >= wanted), max(remedies.FRACTIONS))
        yield remedies.slower(patient, worst, factor)


class Drift(Complaint):
    """G's batch norm has other statistics in use than in training: its samples on show are not those that D judged.

    Either a batch is so small that its statistics are mostly chance, or the running ones lag behind G's changes. Of the
    latter they catch up within some 20 updates of any single edit: it is said where G goes on changing too fast.
    """

    name = "drift"
    title = "Batch norm statistics drift"
    headline = "batch norm's statistics drift"
    source = (
        "Ioffe & Szegedy 2015, algorithm 2: running means stand for a batch's only while the weights change slowly; "
        "Ioffe 2017, section 1, and Wu & He 2018, figure 1: nor do they where a batch has a few samples only."
    )

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        strength = at_least(now.drift, DRIFT) if now.updates_g >= WARM else 0.0
        size = patient.experiment.batch_size
        cause = "The running statistics of G's batch norm lag behind those of its batches"
        words = "in the worst layer they lie"
        if size < SMALL:
            cause = f"Batches of {size} are too small for G's batch norm: their statistics are mostly chance"
            words = f"in the worst layer the statistics of {size} samples and the running ones lie"
        return Verdict(
            strength,
            f"{cause}. The samples on show are not those that D was trained on.",
            (Evidence("drift", f"{words} {now.drift:.2f} σ apart"),),
        )

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        if patient.experiment.batch_size < SMALL:
            yield remedies.larger_batch(patient, ENOUGH)
        yield remedies.slower(patient, remedies.G)
