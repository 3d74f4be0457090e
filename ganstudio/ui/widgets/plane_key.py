"""What the legend of the plane says."""

from typing import TYPE_CHECKING

from ganstudio.ui.widgets.axis import number
from ganstudio.ui.widgets.plane_legend import Key
from ganstudio.ui.widgets.plane_painting import OPTIMAL_SCALE

if TYPE_CHECKING:
    from ganstudio.probes.plane import Plane
    from ganstudio.ui.widgets.sealed import Sealed

EVERYTHING = (
    ("real", "real points"),
    ("generated", "generated, colour D(x)"),
    ("manifold", "grid of z under G"),
    ("contour", "D = ½"),
    ("arrows", "−∂J_G/∂x"),
)
"""The layers over the heat map, and what each means."""
DRAWING = (
    ("real", "paint: where points will be"),
    ("", "left button: paint"),
    ("", "right button: erase"),
    ("", "wheel: size of the brush"),
    ("", "Restart uses the drawing"),
)
"""What is to be known with the brush in hand."""


def key_of_drawing() -> Key:
    """With the brush in hand."""
    return Key("", (0, 0.5, 1), DRAWING)


def key_of(plane: "Plane | Sealed | None", layers: frozenset[str], optimal: bool) -> Key:
    """Of a plane with these layers, and D* or D."""
    entries = tuple((name, words) for name, words in EVERYTHING if _shows(plane, layers, name))
    if plane is None or "heat" not in layers:
        return Key("", (0, 0.5, 1), entries)
    level, span = OPTIMAL_SCALE if optimal else (plane.level, plane.span)
    title = "D*(x)" if optimal else "D(x)" if plane.probability else "critic’s D(x)"
    line = "D* = ½" if optimal else "D = ½" if plane.probability else f"D = {number(plane.level, 0.01)}"
    named = tuple((name, line if name == "contour" else words) for name, words in entries)
    return Key(title, (level - span, level, level + span), named)


def _shows(plane: "Plane | Sealed | None", layers: frozenset[str], layer: str) -> bool:
    if layer == "manifold" and plane is not None and plane.noise > 2:
        return False
    return layer in layers and (layer != "contour" or "heat" in layers)
