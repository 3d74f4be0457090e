"""A plane through the space of z, and a map's view of it. Pure functions; coordinates (a, b) are in z's own units."""

from dataclasses import dataclass
from math import exp2, floor, log2

import numpy as np

from ganstudio.experiment.errors import StudioError

FLAT = 1e-6
"""Three points whose triangle is flatter than this share of its longest side lie on a line."""


@dataclass(frozen=True, eq=False)
class Section:
    """The points origin + a·u + b·v with orthonormal u, v: distances in the plane are distances of z."""

    origin: np.ndarray
    """(dim,) float64."""
    basis: np.ndarray
    """(2, dim) float64, orthonormal rows."""

    def z(self, places: np.ndarray) -> np.ndarray:
        """Coordinates (n, 2) → z (n, dim) float32."""
        return (self.origin + np.asarray(places, np.float64) @ self.basis).astype(np.float32)

    def places(self, z: np.ndarray) -> np.ndarray:
        """z (n, dim) → coordinates (n, 2) of the nearest points of the plane."""
        return (np.asarray(z, np.float64) - self.origin) @ self.basis.T

    def distances(self, z: np.ndarray) -> np.ndarray:
        """z (n, dim) → (n,) how far each lies from the plane."""
        off = np.asarray(z, np.float64) - self.origin
        return np.linalg.norm(off - (off @ self.basis.T) @ self.basis, axis=1)


def whole_plane() -> Section:
    """All z of two numbers: a and b are those numbers."""
    return Section(np.zeros(2), np.eye(2))


def section_through(points: np.ndarray) -> Section:
    """The plane through three points (3, dim), dim ≥ 2; its origin is their centre, and a runs from the first to the
    second (Gram–Schmidt). Raises ``StudioError`` when they do not say which plane.
    """
    points = np.asarray(points, np.float64)
    first, second = points[1] - points[0], points[2] - points[0]
    sides = np.linalg.norm([first, second, points[2] - points[1]], axis=1)
    if points.shape[1] < 2:
        raise StudioError("z is a single number here: there is no plane to map")
    if sides.min() <= FLAT * sides.max() or sides.max() == 0:
        raise StudioError("two of the three anchors are the same sample; choose another one for the map")
    u = first / sides[0]
    across = second - (second @ u) * u
    if np.linalg.norm(across) <= FLAT * sides.max():
        raise StudioError("the three anchors lie on one line, which many planes go through; choose another third one")
    v = across / np.linalg.norm(across)
    v -= (v @ u) * u
    return Section(points.mean(0), np.stack([u, v / np.linalg.norm(v)]))


@dataclass(frozen=True)
class MapView:
    """What of the plane a picture of ``width`` × ``height`` pixels shows; b grows upwards."""

    a: float
    b: float
    """What lies in the middle."""
    scale: float
    """Pixels to one unit of z."""
    width: float
    height: float

    def to_plane(self, x: float, y: float) -> tuple[float, float]:
        """A pixel → (a, b)."""
        return self.a + (x - self.width / 2) / self.scale, self.b - (y - self.height / 2) / self.scale

    def to_pixel(self, a: float, b: float) -> tuple[float, float]:
        """(a, b) → a pixel."""
        return self.width / 2 + (a - self.a) * self.scale, self.height / 2 - (b - self.b) * self.scale

    def moved(self, dx: float, dy: float) -> "MapView":
        """The plane dragged by so many pixels."""
        return MapView(self.a - dx / self.scale, self.b + dy / self.scale, self.scale, self.width, self.height)

    def zoomed(self, factor: float, x: float, y: float) -> "MapView":
        """Zoomed so that what lies under this pixel stays there."""
        a, b = self.to_plane(x, y)
        scale = self.scale * factor
        return MapView(
            a - (x - self.width / 2) / scale, b + (y - self.height / 2) / scale, scale, self.width, self.height
        )

    def spacing(self, least: float) -> float:
        """The distance between tiles: the smallest power of two whose tiles are at least so many pixels wide.

        Powers of two, so that the lattice of a coarser map is part of the finer one's and no image is lost by zooming;
        and their multiples are exact, so that they are good keys.
        """
        return exp2(-floor(log2(self.scale / least)))

    def tiles(self, spacing: float) -> list[tuple[float, float]]:
        """Centres (a, b) of the tiles in view, from the middle outwards."""
        across, up = self.width / 2 / self.scale, self.height / 2 / self.scale
        columns = range(round((self.a - across) / spacing), round((self.a + across) / spacing) + 1)
        rows = range(round((self.b - up) / spacing), round((self.b + up) / spacing) + 1)
        found = [(column * spacing, row * spacing) for column in columns for row in rows]
        return sorted(found, key=lambda at: (at[0] - self.a) ** 2 + (at[1] - self.b) ** 2)


def around(places: np.ndarray, width: float, height: float, margin: float = 1.4) -> MapView:
    """A view of all these points (n, 2), with room around them."""
    low, high = places.min(0), places.max(0)
    size = np.maximum(high - low, 1e-3) * margin
    middle = (low + high) / 2
    scale = float(min(width / size[0], height / size[1]))
    return MapView(float(middle[0]), float(middle[1]), scale, width, height)
