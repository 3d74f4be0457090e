"""What a stretch of the history says: levels and noise of losses and gradients. Arrays are (steps,), NaN where none."""

from math import log, nan

import numpy as np

from ganstudio.games.objectives.base import Objective

LEAST, MOST = 20, 512
"""Steps of the history that an examination reads: those since the last one, but at least and at most so many."""


def mean(values: np.ndarray) -> float:
    """Of the finite values; NaN without any."""
    found = values[np.isfinite(values)]
    return float(found.mean(dtype=np.float64)) if len(found) else nan


def median(values: np.ndarray) -> float:
    """Of the finite values; NaN without any."""
    found = values[np.isfinite(values)]
    return float(np.median(found)) if len(found) else nan


def noise(values: np.ndarray) -> float:
    """Standard deviation over mean of what is not negative; NaN for fewer than two values, or a mean of 0."""
    found = values[np.isfinite(values)].astype(np.float64)
    level = float(found.mean()) if len(found) > 1 else 0.0
    return float(found.std()) / level if level > 0 else nan


def largest(rows: list[np.ndarray]) -> np.ndarray:
    """(steps,) the largest size among several rows, step by step; NaN where none has a value."""
    return np.fmax.reduce([np.abs(row) for row in rows])


def loss_share(objective: Objective, loss: float, real_target: float) -> float:
    """Where J_D stands between its least value (0) and the equilibrium's (1); above 1 D is worse than guessing.

    NaN where J_D has no least value: a Wasserstein critic's loss measures a distance, and 0 is its best.
    """
    rest = objective.equilibrium(real_target).discriminator_loss
    least = 0.0
    if (objective.probability or objective.relativistic) and real_target < 1:
        # With smoothed labels even the surest D pays the labels' entropy.
        least = -(real_target * log(real_target) + (1 - real_target) * log(1 - real_target))
    return (loss - least) / (rest - least) if rest is not None and rest > least else nan
