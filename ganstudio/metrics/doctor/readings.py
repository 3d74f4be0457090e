"""What one examination has measured. Every complaint is judged from these numbers and from nothing else."""

from dataclasses import dataclass, fields
from math import nan


@dataclass(frozen=True)
class Readings:
    """Numbers of one examination; NaN where there is no such number. Means are over the steps since the last one."""

    step: int
    updates_g: int = 0
    """Updates that G has made so far."""
    updates_d: int = 0
    epochs: float = 0.0
    """How often the data have been gone through."""

    # what D tells apart
    auc: float = nan
    """Chance that D ranks a real sample of the last batch above a generated one: 1 is perfect, ½ guesswork."""
    loss_share: float = nan
    """Mean J_D, as a share of the way from the least that it can be (0) to its value at the equilibrium (1)."""
    score_real: float = nan
    """Mean ``Objective.score`` of real samples."""
    score_fake: float = nan

    # losses and gradients
    loss_d: float = nan
    """Mean."""
    loss_g: float = nan
    size: float = nan
    """Median of the largest of |J_D|, |J_G| and both gradients' norms."""
    gradient_d: float = nan
    """Median norm."""
    gradient_g: float = nan
    noise_d: float = nan
    """Standard deviation of the gradient's norm from step to step, as a share of its mean."""
    noise_g: float = nan

    # weights
    weights_d: float = nan
    """Root mean square."""
    weights_g: float = nan
    update_d: float = nan
    """‖Δw‖ / ‖w‖ of the last update, all layers together."""
    update_g: float = nan
    drift: float = nan
    """Distance of G's running batch-norm statistics from those of a batch of the training's size, in the batch's σ; the
    worst layer's mean."""

    # samples
    finite: bool = True
    """Whether all of G's samples are finite numbers."""
    diversity: float = nan
    """Mean distance between two samples, as a share of that between two real ones."""
    mismatch: float = nan
    """Energy distance of samples and data, as a share of the mean distance between two real samples: 0 for none."""
    duplicates: float = nan
    """Share of samples that look like another one (perceptual hash), less the same share of real ones."""
    modes: float = nan
    """Modes served: exp of the entropy over the modes of known data, of all samples."""
    modes_real: float = nan
    """The same of real samples."""
    mode: float = nan
    """The mode that holds more than half of the samples, by number."""
    travel: float = nan
    """How far the samples' mean has moved since the last examination, as a share of the mean distance between real
    ones."""
    nearness: float = nan
    """Median distance of a sample to the nearest training image, over that of an unseen (or another) real one."""
    second: float = nan
    """Median of: distance to the nearest training image over that to the second nearest."""


NAMES = tuple(one.name for one in fields(Readings))
