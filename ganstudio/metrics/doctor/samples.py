"""What a few hundred samples say against as many real ones. Arrays are (N, D) float32: one flattened sample a row."""

import numpy as np

HASH = 8
"""Side of a perceptual hash, in cells."""
LEVELS = 12
"""Shades that a hash tells apart: what is flat but for a little noise counts as flat."""
ALIKE = 3
"""Bits of 64 by which the hashes of two pictures that look alike may differ."""


def distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(N, M) Euclidean distances between the rows of two arrays."""
    squares = (x * x).sum(1)[:, None] + (y * y).sum(1) - 2 * (x @ y.T)
    return np.sqrt(np.maximum(squares, 0))


def spread(x: np.ndarray) -> float:
    """Mean distance between two different rows; NaN for fewer than two rows."""
    if len(x) < 2:
        return float("nan")
    # Differences of large numbers: the mean is taken out first, or narrow clusters far from 0 would drown.
    x = x - x.mean(0)
    return float(distances(x, x).sum() / (len(x) * (len(x) - 1)))


class Reference:
    """Real samples (M, D) that others are held against; what is known of them is computed once."""

    def __init__(self, real: np.ndarray):
        self.real = real
        self.breadth = spread(real) or float("nan")
        """Mean distance between two of them; NaN where all are the same."""
        self._middle = real.mean(0)
        self._centred = real - self._middle

    def compare(self, x: np.ndarray) -> tuple[float, float]:
        """(diversity, mismatch) of (N, D) samples, N ≥ 2: their own breadth, and their energy distance from the real
        ones, both as shares of the real ones' breadth.

        The energy distance is 2 E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖ (Székely & Rizzo 2013, section 2), without bias: about
        0 for the same law.
        """
        own = spread(x)
        between = float(distances(x - self._middle, self._centred).mean())
        return own / self.breadth, (2 * between - own - self.breadth) / self.breadth


def served(shares: np.ndarray) -> float:
    """exp of the entropy of shares that sum to 1: K for K equal ones, 1 for a single one."""
    found = shares[shares > 0]
    return float(np.exp(-(found * np.log(found)).sum()))


def shrunk(images: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """(N, H, W, C) → (N, rows, columns, C) float32 means over cells as equal as can be."""
    for axis, cells in ((1, rows), (2, columns)):
        edges = np.linspace(0, images.shape[axis], cells + 1).round().astype(int)
        widths = np.diff(edges).reshape([-1 if i == axis else 1 for i in range(4)])
        images = np.add.reduceat(images, edges[:-1], axis, np.float32) / widths.astype(np.float32)
    return images


def hashes(images: np.ndarray) -> np.ndarray:
    """(N, 64) bool: whether brightness rises to the right, cell by cell (dHash), of (N, H, W, C) uint8.

    Images of fewer than 8 rows or 9 columns have none: (N, 0).
    """
    if images.shape[1] < HASH or images.shape[2] < HASH + 1:
        return np.zeros((len(images), 0), bool)
    shades = shrunk(images, HASH, HASH + 1).mean(3) * (LEVELS / 256)
    return (np.diff(shades, axis=2) > 1).reshape(len(images), -1)


def duplicates(hashed: np.ndarray) -> float:
    """Share of the pictures for which another one has nearly the same hash; NaN without hashes."""
    if not hashed.shape[1]:
        return float("nan")
    bits = hashed.astype(np.float32)
    apart = bits @ (1 - bits.T)
    apart = apart + apart.T
    np.fill_diagonal(apart, np.inf)
    return float((apart.min(1) <= ALIKE).mean())


def auc(real: np.ndarray, fake: np.ndarray) -> float:
    """Chance that a real logit is above a fake one, ties counted half (Mann–Whitney); (N,) and (M,), 0…1."""
    fake = np.sort(fake)
    below = np.searchsorted(fake, real, "left") + np.searchsorted(fake, real, "right")
    return float(below.mean() / (2 * len(fake)))
