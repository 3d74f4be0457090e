"""What G makes of the prior on the number line: p_g on cells, by samples, and by change of variables."""

import numpy as np

SLICES = 10_000
"""Samples of G behind one picture of p_g."""
THINNEST = 1e-3
"""A slice of z is taken to cover at least this share of a cell: where G is flat, its slices have no breadth."""
SHORTEST = 0.2
"""Share of the samples in the narrowest interval that the bandwidth follows: about one mode's share."""
NORMAL_SHORTEST = 0.506694
"""Breadth, in σ, of the narrowest interval that holds that share of a normal distribution: 2 Φ⁻¹(0.6)."""
ROUNDING = 1e-6
"""Steps of G back that are no larger than this share of its largest value are rounding in float32."""


def equal_steps(count: int) -> np.ndarray:
    """(count,) probabilities, the middles of equal steps from 0 to 1."""
    return (np.arange(count) + 0.5) / count


def spread(gz: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(M,) mass of p_g in each cell between ``edges`` (M + 1,), from G at N values of z at equal steps of probability.

    Each slice of z between two neighbours has the probability 1/N, and G maps it onto the interval between their
    images, evenly but for terms of second order. So there is no noise of sampling, whether G is monotone or not; what
    lies beyond the two outermost z (1/2N each) stays where G puts these.
    """
    cell = float(edges[1] - edges[0])
    ends = np.concatenate([gz[:1], gz, gz[-1:]])
    low, high = np.minimum(ends[1:], ends[:-1]), np.maximum(ends[1:], ends[:-1])
    widen = np.maximum(0.0, THINNEST * cell - (high - low)) / 2
    low, high = low - widen, high + widen
    weights = np.full(len(low), 1 / len(gz))
    weights[[0, -1]] /= 2
    slopes = weights / (high - low)
    return np.maximum(0.0, np.diff(_ramps(low, slopes, edges) - _ramps(high, slopes, edges)))


def _ramps(starts: np.ndarray, slopes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Σ slope · max(0, x − start) at every x of ``at``."""
    order = np.argsort(starts)
    starts, slopes = starts[order], slopes[order]
    passed = np.searchsorted(starts, at)
    total, moment = (np.concatenate([[0.0], np.cumsum(one)]) for one in (slopes, slopes * starts))
    return at * total[passed] - moment[passed]


def smoothed(samples: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(M,) mass of p_g in each cell, from N random samples: a histogram under a Gaussian kernel.

    The bandwidth is Silverman's (1986, equation 3.31), 0.9 σ N^(−1/5), with σ that of the narrowest mode: judged by the
    breadth of the narrowest interval with ``SHORTEST`` of the samples, for σ of all would blur several modes into one.
    """
    counts = np.histogram(samples, edges)[0] / len(samples)
    ordered = np.sort(samples)
    held = max(1, int(SHORTEST * len(samples)))
    narrowest = float((ordered[held:] - ordered[:-held]).min()) / NORMAL_SHORTEST
    bandwidth = 0.9 * narrowest * len(samples) ** -0.2 / (edges[1] - edges[0])
    reach = min(len(counts) // 2, int(4 * bandwidth))
    if not reach or not counts.sum():
        return counts
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / bandwidth) ** 2)
    found = np.convolve(counts, kernel, mode="same")
    return found * (counts.sum() / found.sum())  # what the kernel would push over the ends stays inside


def is_monotone(gz: np.ndarray) -> bool:
    """Whether G rises, or falls, all along values of z in order (N,); a G without any extent does neither."""
    steps = np.diff(gz)
    slack = ROUNDING * float(np.abs(gz).max())
    extent = abs(float(gz[-1] - gz[0]))
    return extent > slack * 10 and bool((steps >= -slack).all() or (steps <= slack).all())


def change_of_variables(gz: np.ndarray, slope: np.ndarray, prior: np.ndarray, x: np.ndarray) -> np.ndarray:
    """p_g(x) = p_z(z) / |dG/dz| at z = G⁻¹(x), for a monotone G; 0 where G maps no z.

    ``gz``, ``slope`` = dG/dz and ``prior`` = p_z are (N,), at values of z in order; ``x`` and the answer are (M,).
    Where G is flat its density has no bound, and these z are left out.
    """
    steep = slope != 0
    gz, density = gz[steep], prior[steep] / np.abs(slope[steep])
    if len(gz) < 2:
        return np.zeros_like(x)
    order = np.argsort(gz, kind="stable")
    return np.interp(x, gz[order], density[order], left=0.0, right=0.0)
