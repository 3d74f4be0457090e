"""D* in the plane: the known density against G's, both on the cells of one grid and under one kernel."""

import numpy as np

from ganstudio.data.densities.density import Density
from ganstudio.probes.minimax_value import optimal_discriminator

SAMPLES = 8192
"""Of G, behind one picture of p_g."""
BANDWIDTH = 0.75
"""Standard deviation of the Gaussian kernel, in cells."""
LEAST = 0.1 / SAMPLES
"""Where both masses of a cell are below this, D* is left open: one sample in ten such pictures would fall there."""

Extent = tuple[tuple[float, float], tuple[float, float]]


def cell_masses(density: Density, extent: Extent, cells: int) -> np.ndarray:
    """(cells, cells) float64: mass of p_data in each cell; the first index is y, upwards."""
    x, y = (np.linspace(low, high, cells + 1) for low, high in extent)
    return density.masses(x, y).T


def sample_masses(samples: np.ndarray, extent: Extent, cells: int) -> np.ndarray:
    """(cells, cells) float64: share of (N, 2) samples in each cell; what lies beyond the grid has no cell."""
    low, high = np.array(extent).T
    at = (samples - low) / (high - low) * cells
    inside = ((at >= 0) & (at < cells)).all(1)
    column, row = at[inside].astype(np.intp).T
    return np.bincount(row * cells + column, minlength=cells**2).reshape(cells, cells) / max(1, len(samples))


def smoothed(masses: np.ndarray) -> np.ndarray:
    """Masses under the kernel, along both axes; what it pushes over the edges is lost."""
    reach = round(4 * BANDWIDTH)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / BANDWIDTH) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        padded = np.pad(masses, [(reach, reach) if one == axis else (0, 0) for one in (0, 1)])
        size = masses.shape[axis]
        masses = sum(
            weight * np.take(padded, np.arange(start, start + size), axis) for start, weight in enumerate(kernel)
        )
    return masses


def optimum(p: np.ndarray, q: np.ndarray, real_target: float) -> np.ndarray:
    """(cells, cells) D* = α p_data / (p_data + p_g) of masses under one kernel, NaN where there is hardly any of both.

    With the same kernel on both sides it is the exact D* of the game with noise of that breadth added to real and
    generated points alike: modes narrower than a cell cannot fall between the grid's points.
    """
    return np.where(p + q >= LEAST, optimal_discriminator(p, q, real_target), np.nan)
