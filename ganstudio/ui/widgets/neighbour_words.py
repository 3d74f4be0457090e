"""Neighbours in words: distances, units, classes, and what stands above a group of them. No Qt."""

import numpy as np

from ganstudio.latent.neighbours import Found, Neighbours
from ganstudio.ui.widgets.neighbour_cells import SAMPLE, Cell

PIXELS = (
    "Nearest in pixels · root mean square difference, in grey levels of 255",
    "Nearest in pixels · root mean square, grey levels",
    "Nearest in pixels (grey levels)",
    "Pixels",
)
"""From the longest to the shortest."""
FEATURES = ("Nearest in D's features", "D's features")
PLANE = {
    1: ("Nearest on the line · Euclidean", "Nearest on the line", "On the line"),
    2: ("Nearest in the plane · Euclidean", "Nearest in the plane", "In the plane"),
}
"""Of points with so many numbers."""


def head_of_features(found: Found, stale: bool) -> tuple[str, ...]:
    """What stands above the neighbours in D's features, from the longest to the shortest."""
    part = "" if found.searched == found.total else f" · {found.searched:,} of {found.total:,}"
    past = " · stale: D has trained on" if stale else ""
    return (
        f"Nearest in D's features · Euclidean · D after step {found.step:,}{past}{part}",
        f"Nearest in D's features · step {found.step:,}{past and ' · stale'}{part}",
        f"D's features · step {found.step:,}{past and ' · stale'}{part}",
        f"D's features{past and ' · stale'}",
    )


def shown(found: Found, cell: Cell) -> str:
    """A distance in as many digits as are worth reading."""
    distance = float(found.distances[cell.row, cell.column])
    if distance < 0.0005:
        return "0"
    return f"{distance:.1f}" if distance >= 10 else f"{distance:.2f}" if distance >= 1 else f"{distance:.3f}"


def brief(distance: float) -> str:
    """A distance between points, in their units."""
    return f"{distance:.3f}" if distance >= 0.1 else f"{distance:.2g}"


def place_of(point: np.ndarray) -> str:
    """(D,) → "(x, y)"."""
    return f"({', '.join(f'{one:.2f}' for one in point)})".replace("-", "−")


def range_of(found: Found, cell: Cell) -> tuple[str, str]:
    """How near the nearest point is, and how near the last."""
    near = found.distances[cell.row]
    return f"nearest {brief(near[0])}", f"farthest {brief(near[-1])}" if len(near) > 1 else ""


def points_described(neighbours: Neighbours, found: Found, cell: Cell) -> str:
    """The neighbours of a point in a line."""
    where = "" if found.step is None else f"in D's features ({found.numbers:,}, Euclidean) "
    nearest = place_of(found.images[cell.row, 0])
    distances = ", ".join(map(brief, found.distances[cell.row]))
    return f"Nearest {where}of {found.searched:,} training points: {nearest} · distances {distances}"


def class_of(neighbours: Neighbours, found: Found, cell: Cell) -> str:
    """Name of a neighbour's class; empty where there are none."""
    if found.labels is None or not neighbours.classes:
        return ""
    return neighbours.classes[found.labels[cell.row, cell.column]]


def described(neighbours: Neighbours, found: Found, cell: Cell) -> str:
    """A neighbour in a line."""
    assert cell.group != SAMPLE
    name = class_of(neighbours, found, cell)
    unit = "grey levels of 255 (root mean square)" if found.step is None else f"(Euclidean, {found.numbers:,} features)"
    parts = [
        f"Training image {found.places[cell.row, cell.column]:,}",
        f"class {name}" if name else "",
        "mirrored" if found.mirrored[cell.row, cell.column] else "",
        f"distance {shown(found, cell)} {unit}",
    ]
    return " · ".join(part for part in parts if part)
