"""One side of a duel: what its G makes, and how its D judges."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QFrame, QStackedLayout, QVBoxLayout, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.figure_one import FigureOneView
from ganstudio.ui.widgets.grid import ImageGrid
from ganstudio.ui.widgets.histogram import LEVELS, HistogramView
from ganstudio.ui.widgets.plane import PlaneView

if TYPE_CHECKING:
    from ganstudio.probes.density import DensityFrame
    from ganstudio.probes.histogram import HistogramFrame
    from ganstudio.probes.plane import PlaneFrame
    from ganstudio.probes.samples import SamplesFrame

TILES = 36
PROBES = {"images": "samples", "plane": "plane", "line": "density"}
"""Whose frames are shown, by what the data are."""
LAYERS = frozenset({"real", "generated", "heat", "contour"})
WAITING = "In a moment…"


def common(one: "HistogramFrame", other: "HistogramFrame") -> "tuple[HistogramFrame, HistogramFrame]":
    """Two histograms over one axis, to within a bin: each keeps its bins and gets empty ones at its ends."""
    if one.kind != other.kind:  # a probability and a critic's output have no axis in common
        return one, other
    low = min(float(one.edges[0]), float(other.edges[0]))
    high = max(float(one.edges[-1]), float(other.edges[-1]))
    return _widened(one, low, high), _widened(other, low, high)


def _widened(frame: "HistogramFrame", low: float, high: float) -> "HistogramFrame":
    width = float(frame.edges[1] - frame.edges[0])
    before = max(0, round((float(frame.edges[0]) - low) / width))
    after = max(0, round((high - float(frame.edges[-1])) / width))
    edges = float(frame.edges[0]) + width * np.arange(-before, len(frame.edges) + after)
    real, fake = (np.pad(side, (before, after)) for side in (frame.real, frame.fake))
    return replace(frame, edges=edges, real=real, fake=fake)


class DuelHalf(QFrame):
    """``colour`` names the side's colour in the theme."""

    def __init__(self, name: str, colour: str):
        super().__init__()
        self.name, self._colour = name, colour
        self.kind = "images"
        """What the data are: ``images``, or points of the ``plane`` or the ``line``."""
        self.grid = ImageGrid(f"Samples of the {name} side")
        self.grid.samples.inputs = lambda tiles: self._inputs[tiles] if self._inputs is not None else None
        self._inputs: np.ndarray | None = None
        self.plane = PlaneView()
        self.line = FigureOneView()
        self.histogram = HistogramView()
        self.histogram.show_history(False)
        self.plane.show_layers(LAYERS, False)
        self.plane.with_legend = False  # there is one legend for both, in everybody's memory of the Plane panel
        self.setObjectName(f"duel-{name}")
        pictures = QWidget()
        self._pictures = QStackedLayout(pictures)
        for widget in (self.grid, self.plane, self.line):
            widget.setMinimumSize(100, 90)
            self._pictures.addWidget(widget)
        self.histogram.setMinimumSize(100, 80)
        layout = QVBoxLayout(self)
        layout.setSpacing(2)
        layout.addWidget(pictures, 60)
        layout.addWidget(self.histogram, 40)
        self._layout = layout
        self.restyle()

    def begin(self, shape: list[int]) -> None:
        """Another duel, on data of this shape."""
        self.kind = "images" if len(shape) == 3 else "plane" if shape == [2] else "line"
        view = {"images": self.grid, "plane": self.plane, "line": self.line}[self.kind]
        self._pictures.setCurrentWidget(view)
        view.show_sentence(WAITING)
        self.histogram.show_sentence(WAITING)

    @property
    def inputs(self) -> np.ndarray | None:
        """(N, dim) float32: G's input of each tile; None before there are any, and of points."""
        return self._inputs if self.kind == "images" and self.grid.tiles is not None else None

    def options(self, pinned: Mapping[int, np.ndarray] | None = None) -> dict[str, Any]:
        """What the picture's probe is asked for, with these inputs at these tiles."""
        if self.kind == "images":
            return {"tiles": TILES, "columns": self.grid.columns_for(TILES), "live": True, "pinned": dict(pinned or {})}
        if self.kind == "plane":
            return {"real": True, "generated": True, "heat": True}
        return {}

    def show_picture(self, frame: "SamplesFrame | PlaneFrame | DensityFrame") -> None:
        """Draw what G makes."""
        if self.kind == "images" and frame.tiles is not None:
            self._inputs = frame.z
            self.grid.show_tiles(frame.tiles)
        elif self.kind == "plane" and frame.plane is not None:
            self.plane.show_plane(frame.plane)
        elif self.kind == "line" and frame.figure is not None:
            self.line.show_figure(frame.figure)

    def show_histogram(self, frame: "HistogramFrame") -> None:
        """Draw how D judges."""
        if frame.real.any() or frame.fake.any():
            self.histogram.top = LEVELS[0]
            self.histogram.show_frame(frame)

    def match(self, other: "DuelHalf") -> None:
        """Make both histograms as high, so that bars compare."""
        tallest = max(self.histogram.top, other.histogram.top)
        for view in (self.histogram, other.histogram):
            if view.top != tallest:
                view.top = tallest
                view.update()

    def restyle(self) -> None:
        """Take the theme's colours."""
        hue, edge = getattr(colours(), self._colour), self.name
        self.setStyleSheet(f"#duel-{self.name} {{ border: none; border-{edge}: 4px solid {hue}; }}")
        self.setContentsMargins(0, 0, 0, 0)
        self._layout.setContentsMargins(*((6, 0, 0, 0) if edge == "left" else (0, 0, 6, 0)))
        for view in (self.grid, self.plane, self.line, self.histogram):
            view.update()
