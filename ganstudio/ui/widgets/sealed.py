"""A plane on its way between processes."""

import pickle
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ganstudio.probes.plane import Plane
    from ganstudio.probes.plane_optimum import Extent


class Sealed(NamedTuple):
    """A plane of which only the outline lies open: named as in ``Plane``.

    Its layers stay packed until somebody asks for them. Unpacking takes as many lines of Python as all the rest of
    showing a picture that was painted elsewhere, and a small network's training waits for each.
    """

    extent: "Extent"
    noise: int
    probability: bool
    level: float
    span: float
    data: bytes
    """The whole plane, pickled."""

    def opened(self) -> "Plane":
        """The plane with its layers."""
        plane: Plane = pickle.loads(self.data)
        return plane


def seal(plane: "Plane") -> Sealed:
    """Pack a plane."""
    data = pickle.dumps(plane, pickle.HIGHEST_PROTOCOL)
    return Sealed(plane.extent, plane.noise, plane.probability, plane.level, plane.span, data)
