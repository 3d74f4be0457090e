"""Whether samples are copies of training images: nearest neighbours among all of them, found on small pictures."""

import numpy as np

from ganstudio.metrics.doctor.samples import shrunk

SIDE = 8
"""Of the small pictures that neighbours are looked for with, in cells."""
NEAREST = 6
"""Of them this many are compared pixel by pixel."""
MOST = 1 << 16
"""Training images that are searched; more than these are not learnt by heart."""
CHUNK = 1 << 11


class Library:
    """Training images, (N, H, W, C) uint8, N ≥ 3, to be searched for those that are near to a picture.

    ``mirrored``: near to it or to its mirror image, whichever is nearer to one of them.
    """

    def __init__(self, images: np.ndarray, mirrored: bool = False):
        self.images, self.mirrored = images[:MOST], mirrored
        self._small = np.concatenate([small(self.images[i : i + CHUNK]) for i in range(0, len(self.images), CHUNK)])
        self._squares = (self._small**2).sum(1)

    def neighbours(self, x: np.ndarray, own: np.ndarray | None = None) -> np.ndarray:
        """(N, 2) distances, in shades per pixel (root mean square), of (N, H, W, C) uint8 to the two nearest images.

        ``own`` (N,) are the places of the pictures themselves in the library, which do not count.
        """
        found = self._neighbours(x, own)
        if self.mirrored:
            turned = self._neighbours(x[:, :, ::-1], own)
            found = np.where(turned[:, :1] < found[:, :1], turned, found)
        return found

    def _neighbours(self, x: np.ndarray, own: np.ndarray | None) -> np.ndarray:
        near = self._squares - 2 * (small(x) @ self._small.T)
        if own is not None:
            near[np.arange(len(x)), own] = np.inf
        count = min(NEAREST, len(self.images) - 1)
        candidates = np.argpartition(near, count - 1, axis=1)[:, :count]
        pixels = x.reshape(len(x), 1, -1).astype(np.float32) - self.images[candidates].reshape(len(x), count, -1)
        return np.sort(np.sqrt((pixels**2).mean(2)), axis=1)[:, :2]


def small(images: np.ndarray) -> np.ndarray:
    """(N, D) float32: the pictures in few cells."""
    rows, columns = (min(SIDE, side) for side in images.shape[1:3])
    return shrunk(images, rows, columns).reshape(len(images), -1)


def likeness(found: np.ndarray, usual: np.ndarray) -> tuple[float, float]:
    """(nearness, second) of samples whose neighbours are ``found`` (N, 2), where those of real images are ``usual``.

    Nearness is the median distance to the nearest image over that of real ones; second the median of the distance to
    the nearest over that to the second nearest: near 0 for copies, near 1 for what is only dull, which is near to
    everything (compare Carlini et al. 2023, *Extracting Training Data from Diffusion Models*, section 5.1).
    """
    ordinary = float(np.median(usual[:, 0]))
    nearness = float(np.median(found[:, 0])) / ordinary if ordinary > 0 else float("nan")
    return nearness, float(np.median(found[:, 0] / np.maximum(found[:, 1], 1e-6)))
