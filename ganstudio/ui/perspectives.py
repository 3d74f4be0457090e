"""Arrangements of the panels for a purpose. Ctrl+1, Ctrl+2 … switch between them."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow


@dataclass(frozen=True)
class Perspective:
    """Columns from left to right, each a list of rows from top to bottom, each a tuple of tabbed panels."""

    name: str
    title: str
    description: str
    columns: tuple[tuple[tuple[str, ...], ...], ...]
    widths: tuple[int, ...]
    """Relative widths of the columns."""
    heights: tuple[tuple[int, ...], ...]
    """Relative heights of the rows of each column."""

    @property
    def panels(self) -> set[str]:
        """Names of all panels that it shows."""
        return {name for column in self.columns for row in column for name in row}

    def of(self, names: Collection[str]) -> "Perspective":
        """The same without the panels that there are not."""
        columns, widths, heights = [], [], []
        for column, width, shares in zip(self.columns, self.widths, self.heights, strict=True):
            rows = {tuple(name for name in row if name in names): i for i, row in enumerate(column)}
            rows.pop((), None)
            if rows:
                columns.append(tuple(rows))
                heights.append(tuple(shares[i] for i in rows.values()))
                widths.append(width)
        return replace(self, columns=tuple(columns), widths=tuple(widths), heights=tuple(heights))


PERSPECTIVES = (
    Perspective(
        "train",
        "Train",
        "Samples, losses, D's histogram and scores beside the experiment",
        ((("experiment",),), (("samples",), ("histogram",)), (("losses",), ("scores",))),
        (26, 35, 39),
        ((1,), (62, 38), (50, 50)),
    ),
    Perspective(
        "explore",
        "Explore",
        "The latent space: directions, walks, arithmetic, labels, sketches, neighbours",
        (
            (("latent", "sketch", "invert"),),
            (("samples", "plane", "density", "real"), ("walk", "arithmetic", "label", "neighbours")),
        ),
        (54, 46),
        ((1,), (44, 56)),
    ),
    Perspective(
        "inspect",
        "Inspect",
        "Layers, gradients, scores and the log",
        ((("players",),), (("scores",), ("losses",)), (("samples",), ("log", "doctor"))),
        (35, 33, 32),
        ((1,), (1, 1), (1, 1)),
    ),
    Perspective(
        "theory",
        "Theory",
        "The game on data of known density: the plane or the line, the shape of the losses, convergence",
        (
            (("plane", "density", "minimax", "board"),),
            (("convergence", "loss_shape"), ("losses", "experiment")),
        ),
        (54, 46),
        ((1,), (58, 42)),
    ),
    Perspective(
        "runs",
        "Runs",
        "Every run on disk, and the curves of several beside each other",
        ((("runs",),), (("compare",),)),
        (50, 50),
        ((1,), (1,)),
    ),
    Perspective(
        "duel",
        "Duel",
        "Two trainings that differ in one setting, side by side",
        ((("duel",),),),
        (1,),
        ((1,),),
    ),
)


def perspective(name: str) -> Perspective:
    """A perspective by name; the first one when there is none of that name."""
    return next((one for one in PERSPECTIVES if one.name == name), PERSPECTIVES[0])


def arrange(window: QMainWindow, docks: dict[str, QDockWidget], chosen: Perspective) -> None:
    """Put the panels of a perspective in place, the first tab of each row in front, and hide the others."""
    chosen = chosen.of(docks)
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    heads = []
    for column in chosen.columns:
        head = docks[column[0][0]]
        if heads:
            window.splitDockWidget(heads[-1], head, Qt.Orientation.Horizontal)
        else:
            window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, head)
        heads.append(head)
    for column, head in zip(chosen.columns, heads, strict=True):
        above = head
        for row in column:
            first = docks[row[0]]
            if first is not head:
                window.splitDockWidget(above, first, Qt.Orientation.Vertical)
            above = first
    # Tabs last: beside a dock that is tabbed already Qt makes another tab, not a neighbour.
    for column in chosen.columns:
        for row in column:
            for name in row[1:]:
                window.tabifyDockWidget(docks[row[0]], docks[name])
    # The others have a place too, as hidden tabs: a dock without one covers the window's corner once it is shown, and
    # comes back visible with the saved layout.
    shown, last = chosen.panels, docks[chosen.columns[-1][-1][0]]
    for name, dock in docks.items():
        if name not in shown:
            window.tabifyDockWidget(last, dock)
        dock.setVisible(name in shown)
    window.resizeDocks(heads, [width * 100 for width in chosen.widths], Qt.Orientation.Horizontal)
    for column, heights in zip(chosen.columns, chosen.heights, strict=True):
        rows = [docks[row[0]] for row in column]
        window.resizeDocks(rows, [height * 100 for height in heights], Qt.Orientation.Vertical)
        for first in rows:
            first.raise_()


def add_tabs(window: QMainWindow, docks: dict[str, QDockWidget], chosen: Perspective, names: Collection[str]) -> None:
    """Give panels a place in a layout that does not know them: behind a tab of their row, others hidden.

    ``window`` stands in an arrangement that once was the perspective's; a person may have changed it since.
    """
    seen = [name for name, dock in docks.items() if not (dock.isHidden() or dock.isFloating() or name in names)]
    rows = [row for column in chosen.columns for row in column]
    for name in names:
        row = next((row for row in rows if name in row), ())
        beside = next((one for one in (*row, *seen) if one in seen), "")
        if beside:
            window.tabifyDockWidget(docks[beside], docks[name])
            docks[name].setVisible(bool(row))
            docks[beside].raise_()
        else:
            docks[name].show()
