"""Curves of several runs, or of the branches of one, in one plot; and what differs between them."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from ganstudio.runs.catalogue import is_run
from ganstudio.ui.comparing import Comparing
from ganstudio.ui.panels.losses import CURVES
from ganstudio.ui.panels.scores import GRADIENTS, SCORES
from ganstudio.ui.saved_curves import SavedCurves
from ganstudio.ui.theme import tool_buttons
from ganstudio.ui.widgets.controls import button, choice, select
from ganstudio.ui.widgets.curve_controls import CurveControls
from ganstudio.ui.widgets.curve_legend import LegendButton
from ganstudio.ui.widgets.curve_model import Curve
from ganstudio.ui.widgets.curve_painting import text_size
from ganstudio.ui.widgets.curves import CurvePlot
from ganstudio.ui.widgets.difference_table import DifferenceTable
from ganstudio.ui.widgets.strand_plot import StrandPlot, save_strands
from ganstudio.ui.widgets.strands import Strand, Strands
from ganstudio.ui.widgets.wrap import WrapLayout

if TYPE_CHECKING:
    from ganstudio.training.history import History
    from ganstudio.ui.studio import Studio

TIPS = {one.name: one.tip for one in (*CURVES, *SCORES, *GRADIENTS)}
NAMES = {
    "loss.discriminator": "Loss of D",
    "loss.generator": "Loss of G",
    "value": "V(G, D)",
    "score.real": "D(x)",
    "score.fake": "D(G(z))",
    "gradient.discriminator": "Gradient of D",
    "gradient.generator": "Gradient of G",
    "penalty": "Penalty",
}
FIRST_METRIC = "loss.generator"
EMPTY = "Press Train (Space), or choose runs in the Runs panel and press Compare (C)."
REPAINT_SECONDS = 0.5
"""Between two pictures that cannot go on from the one before: one curve grows beside longer ones, or time is shown."""


class StrandEntry(QWidget):
    """A strand in the legend: its line, number and name; a click hides it, the cross takes it away."""

    removed = Signal(str)

    def __init__(self, plot: StrandPlot, curve: Curve, size: int):
        super().__init__()
        self.button = LegendButton(plot, curve)
        self.button.set_size(size)
        self.key = curve.name
        cross = button("✕", f"Take {curve.label} away", "Compare this one no more (Del on its name)", self._remove)
        cross.setStyleSheet("QToolButton { border-color: transparent; padding: 1px 3px; }")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(0)
        row.addWidget(self.button)
        row.addWidget(cross)

    def _remove(self) -> None:
        self.removed.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)


class ComparePanel(SavedCurves):
    """The branches of the open run are there at once; other runs come from the Runs panel, or are dropped here."""

    name = "compare"
    title = "Compare"
    description = "Curves of several runs and branches in one plot, over steps or time, and what differs between them"
    reads_history = True
    keys: ClassVar[dict[str, str]] = {
        "← → ↑ ↓ or drag": "Move the curves",
        "+ · − or wheel": "Zoom",
        "A or double click": "Follow the run again",
        "Del on a name": "Take it away",
    }
    order = 81

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.comparing = Comparing(studio)
        self.plot = StrandPlot()
        self.plot.empty = EMPTY
        self.entries: dict[str, StrandEntry] = {}
        self.values = choice("Metric", "What is compared", [], self._show)
        self.across = choice(
            "Axis", "What the curves are drawn over", [("over steps", False), ("over time", True)], self._show
        )
        self.across.setToolTip("Over steps, or over the time spent in training without rests (even between two saves)")
        self.controls = CurveControls([self.plot], [self.plot], self.ask_where_to_save)
        self.add = QToolButton()
        self.add.setText("Add…")
        self.add.setAccessibleName("Add a branch or a run")
        self.add.setToolTip("Compare another branch or run; runs can be dropped here too")
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.add)
        menu.aboutToShow.connect(self._fill_menu)
        self.add.setMenu(menu)
        self.table = DifferenceTable()
        self._legend = QWidget()
        self._legend_row = WrapLayout(self._legend, 4)
        self._legend_row.setContentsMargins(6, 0, 6, 2)
        self._lay_out()
        self._painted_at = 0.0
        self._late = QTimer(self, singleShot=True)
        self._late.timeout.connect(lambda: self._grow(studio.session.history))
        self.setAcceptDrops(True)
        self.comparing.changed.connect(self._take)
        studio.runs.compare_wanted.connect(self.comparing.add)
        studio.loaded.connect(self._show_differences)
        studio.edited.connect(lambda _: self._show_differences())
        self._fill_metrics()
        self.restyle()
        self._show()

    def _lay_out(self) -> None:
        head = QWidget()
        row = WrapLayout(head, 5)
        row.setContentsMargins(6, 4, 6, 4)
        for widget in (self.values, self.across, *self.controls.widgets, self.add):
            row.addWidget(widget)
        self.plot.setAccessibleName("Curves of the runs")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._legend)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.table)
        self.setFocusProxy(self.plot)

    # what is compared

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.comparing.wake()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.comparing.close()
        super().closeEvent(event)

    def _take(self) -> None:
        """Other strands, or others read."""
        if self.isVisible():
            self.comparing.wake()
        self._fill_metrics()
        self._show()

    def _fill_metrics(self) -> None:
        """Every metric that one of the runs has; those of the common games where there is none yet."""
        names = dict.fromkeys(name for one in self.comparing.strands for name in one.history.names) or NAMES
        if [self.values.itemData(i) for i in range(self.values.count())] == list(names):
            return
        chosen = self.values.currentData() or FIRST_METRIC
        self.values.clear()
        for name in names:
            self.values.addItem(NAMES.get(name, name), name)
            self.values.setItemData(self.values.count() - 1, TIPS.get(name, name), Qt.ItemDataRole.ToolTipRole)
        select(self.values, chosen)

    def _curve(self, number: int, strand: Strand) -> Curve:
        label = f"{number}  {self.comparing.label(strand)}".replace("_", "_\u200b")  # no letter is to be set low
        facts = [str(strand.folder) if strand.folder is not None else "Saved nowhere yet"]
        facts.append(f"{len(strand.history):,} steps.")
        return Curve(strand.key, label, f"run_{self.comparing.hue(strand.key)}", ". ".join(facts))

    def _show(self) -> None:
        """Draw what is chosen."""
        strands = self.comparing.strands
        numbers = {one.key: number for number, one in enumerate(strands, 1)}
        curves = [self._curve(numbers[one.key], one) for one in strands]
        shown = Strands(strands, self.values.currentData() or FIRST_METRIC, timed=bool(self.across.currentData()))
        self.plot.show_strands(shown, curves, numbers)
        self._show_legend(curves)
        self._show_differences()

    def _show_legend(self, curves: list[Curve]) -> None:
        size = text_size(self.width(), self.plot.height())
        for key in [key for key, entry in self.entries.items() if key not in {one.name for one in curves}]:
            self._drop(key)
        for one in curves:
            entry = self.entries.get(one.name)
            if entry is None or entry.button.describes != one:
                checked = entry is None or entry.button.isChecked()
                self._drop(one.name)
                entry = self.entries[one.name] = StrandEntry(self.plot, one, size)
                entry.button.setChecked(checked)
                entry.removed.connect(self.comparing.remove)
        for one in curves:  # in order
            self._legend_row.removeWidget(self.entries[one.name])
            self._legend_row.addWidget(self.entries[one.name])
            self.entries[one.name].show()
        self._legend.setVisible(bool(curves))
        self._legend.updateGeometry()

    def _drop(self, key: str) -> None:
        entry = self.entries.pop(key, None)
        if entry is not None:
            self._legend_row.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self.plot.hidden.discard(key)

    def _show_differences(self) -> None:
        experiments, hues = {}, {}
        for number, one in enumerate(self.comparing.strands, 1):
            is_live = one.history is self.studio.session.history
            experiment = self.studio.session.experiment if is_live else one.experiment
            if experiment is not None:
                experiments[number], hues[number] = experiment, f"run_{self.comparing.hue(one.key)}"
        self.table.show_experiments(experiments, hues, self.studio.is_loaded)

    def _fill_menu(self) -> None:
        menu = self.add.menu()
        menu.clear()
        for words, show in self.comparing.offers():
            menu.addAction(words, show)
        if not menu.isEmpty():
            menu.addSeparator()
        menu.addAction("Choose in the Runs panel…", lambda: self.studio.action_wanted.emit("runs"))

    # the open run grows

    def show_history(self, history: "History") -> None:
        self._grow(history)

    def _grow(self, history: "History") -> None:
        self.comparing.grow(history)
        strands = self.plot.strands
        wait = self._painted_at + REPAINT_SECONDS - monotonic()
        if strands.timed or not strands.grows_at_the_end():
            if wait > 0:
                if not self._late.isActive():
                    self._late.start(int(1000 * wait) + 1)
                return
            self._painted_at = monotonic()
        live = self.comparing.live() if strands.timed else None
        if live is not None:
            strands.retime(live.key, live.clock)
        strands.see()
        self.plot.show_history(strands)

    def show_past(self, step: int | None) -> None:
        self.plot.show_cursor(None if self.plot.strands.timed else step)

    # dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(is_run(folder) for folder in _folders(event)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.comparing.add([folder for folder in _folders(event) if is_run(folder)])
        event.acceptProposedAction()

    # saving

    def pictured(self) -> list[CurvePlot]:
        return [self.plot]

    def writer(self) -> Callable[[Path], None]:
        strands = self.plot.strands
        labels = {one.key: one.folder.name if one.folder else one.title for one in self.comparing.strands}
        return lambda path: save_strands(path, strands, labels)

    # looks and memory

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = text_size(event.size().width(), event.size().height())
        for entry in self.entries.values():
            entry.button.set_size(size)
        super().resizeEvent(event)

    def restyle(self) -> None:
        self.setStyleSheet(tool_buttons("1px 6px") + "QToolButton::menu-indicator { image: none; }")
        self.plot.repaint_all()
        self._show_differences()

    def save_state(self) -> dict[str, Any]:
        return {**self.controls.state(), "metric": self.values.currentData(), "timed": self.across.currentData()}

    def load_state(self, state: dict[str, Any]) -> None:
        self.controls.load(state)
        if isinstance(state.get("metric"), str):
            select(self.values, state["metric"])
        if isinstance(state.get("timed"), bool):
            select(self.across, state["timed"])
        self._show()


def _folders(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
