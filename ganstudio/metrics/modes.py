"""Which modes of a known density a generator has found, and how evenly it serves them.

After Srivastava et al. 2017 (VEEGAN), section 4.1, as Lin et al. 2018 (PacGAN), section 4.1, use it: of 2,500 samples
one is *good* when it lies within 3σ of its nearest mode, and a mode is *covered* when it has good samples.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from ganstudio.data.densities.density import GOOD_SIGMAS, Density

SAMPLES = 2500
"""How many are judged; with more of them, more modes would be covered by chance."""
PRESENT = 0.01
"""Share of the samples from which on a mode counts as one that G serves at all."""


@dataclass(frozen=True)
class ModeScore:
    """How N samples are spread over K modes. Each sample belongs to its nearest mode."""

    shares: np.ndarray
    """(K,) float64: share of the samples that belong to each mode; their sum is 1."""
    good_shares: np.ndarray
    """(K,) float64: the same of those that are good; their sum is ``good``."""

    @property
    def count(self) -> int:
        """K."""
        return len(self.shares)

    @property
    def covered(self) -> int:
        """Modes that have good samples."""
        return int((self.good_shares > 0).sum())

    @property
    def good(self) -> float:
        """Share of good samples, 0…1."""
        return float(self.good_shares.sum())

    @property
    def entropy(self) -> float:
        """−Σ s log s over the modes' shares s of the good samples, in nats: 0 for one mode, log K for all alike.

        NaN when no sample is good.
        """
        if not self.good:
            return float("nan")
        shares = self.good_shares[self.good_shares > 0] / self.good
        return float(max(0.0, -(shares * np.log(shares)).sum()))

    @property
    def most_entropy(self) -> float:
        """log K: the entropy of K modes served alike."""
        return log(self.count)

    @property
    def present(self) -> int:
        """Modes to which at least ``PRESENT`` of the samples belong."""
        return int((self.shares >= PRESENT).sum())

    @property
    def dominant(self) -> int | None:
        """The mode to which more than half of the samples belong; None when there is none."""
        first = int(self.shares.argmax())
        return first if self.shares[first] > 0.5 else None


def judge(density: Density, x: np.ndarray) -> ModeScore:
    """Of N samples (N, dim), at least one. What is not a finite number is far from every mode."""
    x = np.asarray(x, np.float64)
    finite = np.isfinite(x).all(1)
    belonging = density.belonging(np.where(finite[:, None], x, 0.0))
    good = finite & (belonging.distance <= GOOD_SIGMAS)
    modes = len(density.modes)
    counts = (np.bincount(belonging.mode[kept], minlength=modes) for kept in (slice(None), good))
    return ModeScore(*(count / len(x) for count in counts))
