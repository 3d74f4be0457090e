"""What the panels of curves share: plots over the same steps, one above the other, with legend and controls."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.ui.saved_curves import SavedCurves
from ganstudio.ui.theme import tool_buttons
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.curve_controls import CurveControls
from ganstudio.ui.widgets.curve_export import save_numbers
from ganstudio.ui.widgets.curve_legend import LegendButton
from ganstudio.ui.widgets.curve_model import Curve
from ganstudio.ui.widgets.curve_painting import text_size
from ganstudio.ui.widgets.curves import CurvePlot
from ganstudio.ui.widgets.run_notes import RunNotes
from ganstudio.ui.widgets.wrap import WrapLayout

if TYPE_CHECKING:
    from ganstudio.training.history import History
    from ganstudio.ui.studio import Studio

MARGINS, SPACE = 12, 5
"""Pixels at both ends of a row of the legend, and between its entries."""


class CurvePanel(SavedCurves):
    """A panel of one plot or several. A subclass names the curves of each, and draws what theory says of them."""

    wait = 2  # a curve over thousands of steps moves by less than a pixel at a time

    reads_history = True
    keys: ClassVar[dict[str, str]] = {
        "← → ↑ ↓ or drag": "Move the curves",
        "+ · − or wheel": "Zoom",
        "A or double click": "Follow the run again",
    }

    entry: ClassVar[type[LegendButton]] = LegendButton
    """What stands in the legend for each curve."""

    def __init__(self, studio: "Studio", groups: list[tuple[Curve, ...]], scaled: Callable[[int], bool], empty: str):
        """``scaled`` says of which plots the values may be logarithmic."""
        super().__init__(studio)
        x = Axis(0, 100)
        self.plots = [CurvePlot(group, x) for group in groups]
        self.legend = {one.name: self.entry(plot, one) for plot in self.plots for one in plot.curves}
        self.controls = CurveControls(
            self.plots, [plot for i, plot in enumerate(self.plots) if scaled(i)], self.ask_where_to_save
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for i, plot in enumerate(self.plots):
            layout.addWidget(_header(self.header(i)))
            layout.addWidget(plot, 1)
            plot.setAccessibleName(f"{self.title}: " + ", ".join(one.label for one in plot.curves))
        self.notes = RunNotes(studio)
        self.notes.changed.connect(self._annotate)
        self.restyle()
        self._waiting = Waiting(studio, self._say, empty, of_data=not self.reads_history, of_training=True)
        self._annotate()

    def header(self, plot: int) -> list[QWidget]:
        """What stands above a plot: its legend and, above the first, the controls."""
        legend: list[QWidget] = [self.legend[one.name] for one in self.plots[plot].curves]
        return legend if plot else legend + self.controls.widgets

    def show_history(self, history: "History") -> None:
        self._waiting.over() if len(history) else self._waiting.again()
        for plot in self.plots:
            plot.show_history(history)

    def show_past(self, step: int | None) -> None:
        self._waiting.look_back(step)
        for plot in self.plots:
            plot.show_cursor(step)

    def _say(self, sentence: str) -> None:
        for i, plot in enumerate(self.plots):
            plot.empty = sentence if i == 0 else ""
            plot.update()

    def _annotate(self) -> None:
        for plot in self.plots:
            plot.set_markers(self.notes.markers)
        self.show_theory()

    def show_theory(self) -> None:
        """Draw what ``self.notes.theory`` says; called when that has changed."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_type()
        super().resizeEvent(event)

    def _fit_type(self) -> None:
        self.set_legend(text_size(self.width(), self.height() / len(self.plots)))
        for widget in self.controls.widgets:
            widget.setFixedHeight(next(iter(self.legend.values())).line_height)

    def set_legend(self, size: int) -> None:
        """Fit the legend to plots whose text is ``size`` pixels high."""
        for button in self.legend.values():
            button.set_size(size)

    def restyle(self) -> None:
        self._fit_type()
        self.setStyleSheet(tool_buttons("1px 6px") + "QToolButton::menu-indicator { image: none; }")
        for plot in self.plots:
            plot.repaint_all()

    # saving

    def pictured(self) -> list[CurvePlot]:
        return self.plots

    def writer(self) -> Callable[[Path], None]:
        names = [one.name for plot in self.plots for one in plot.curves]
        history = self.plots[0].history
        return lambda path: save_numbers(path, names, history)

    # memory

    def save_state(self) -> dict[str, Any]:
        hidden = [name for name, button in self.legend.items() if not button.isChecked()]
        return {**self.controls.state(), "hidden": hidden}

    def load_state(self, state: dict[str, Any]) -> None:
        self.controls.load(state)
        hidden = state.get("hidden")
        if isinstance(hidden, list):
            for name, button in self.legend.items():
                button.setChecked(name not in hidden)


def _header(widgets: list[QWidget]) -> QWidget:
    """Widgets in a row, or in two where the panel is narrow."""
    header = QWidget()
    layout = WrapLayout(header, SPACE)
    layout.setContentsMargins(MARGINS // 2, 4, MARGINS // 2, 2)
    for widget in widgets:
        layout.addWidget(widget)
    return header
