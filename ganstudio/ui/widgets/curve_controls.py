"""The controls of plots that share their steps: smoothing, scales, following, saving."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QSpinBox, QToolButton, QWidget

from ganstudio.ui.widgets.curve_hand import HELP
from ganstudio.ui.widgets.curves import CurvePlot

SMOOTHING = 20
MOST_SMOOTHING = 10_000


class CurveControls:
    """Widgets for a header, and what they do to the plots. ``scaled`` are the plots whose values may be logarithmic.

    ``save`` is called with a suffix: ``.png``, ``.svg`` or ``.csv``.
    """

    def __init__(self, plots: list[CurvePlot], scaled: list[CurvePlot], save: Callable[[str], object]):
        self.plots, self._scaled = plots, scaled
        self.smoothing = QSpinBox()
        self.smoothing.setRange(1, MOST_SMOOTHING)
        self.smoothing.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        self.smoothing.setPrefix("smooth ")
        self.smoothing.setSpecialValueText("smooth off")
        self.smoothing.setKeyboardTracking(False)
        self.smoothing.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.smoothing.setAccessibleName("Smoothing in steps")
        self.smoothing.setToolTip("The line is the mean of so many last steps; the band shows every step's value")
        self.log_x = _toggle("log x", "Logarithmic steps", "Logarithmic axis of steps", self._scale)
        self.log_y = _toggle(
            "log y", "Logarithmic values", "Logarithmic axis of values; it shows those above 0", self._scale
        )
        self.follow = _toggle("Follow", "Follow the run", f"The axes follow the run. {HELP}", self._follow)
        self.follow.setChecked(True)
        self.save = QToolButton()
        self.save.setText("Save…")
        self.save.setAccessibleName("Save the curves")
        self.save.setToolTip("Save the curves: as they are seen (PNG, SVG), or every step's numbers (CSV)")
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self.save)
        for words, suffix in (
            ("Picture (PNG)…", ".png"),
            ("Drawing (SVG)…", ".svg"),
            ("Numbers of every step (CSV)…", ".csv"),
        ):
            menu.addAction(words, lambda suffix=suffix: save(suffix))
        self.save.setMenu(menu)
        self.smoothing.valueChanged.connect(self._smooth)
        self.smoothing.setValue(SMOOTHING)
        for plot in plots:
            plot.following_changed.connect(lambda _: self._show_following())
            for other in plots:
                if other is not plot:
                    plot.moved.connect(other.update)

    @property
    def widgets(self) -> list[QWidget]:
        """From left to right."""
        return [self.smoothing, self.log_x, self.log_y, self.follow, self.save]

    def _smooth(self, steps: int) -> None:
        for plot in self.plots:
            plot.smoothing = steps

    def _scale(self) -> None:
        for plot in self.plots:
            plot.set_log(x=self.log_x.isChecked(), y=self.log_y.isChecked() if plot in self._scaled else None)

    def _follow(self) -> None:
        following = self.follow.isChecked()
        for plot in self.plots:
            plot.following = following

    def _show_following(self) -> None:
        self.follow.setChecked(all(plot.following for plot in self.plots))
        for plot in self.plots:
            plot.repaint_all()

    def state(self) -> dict[str, Any]:
        """Choices as plain values."""
        return {
            "smoothing": self.smoothing.value(),
            "log_x": self.log_x.isChecked(),
            "log_y": self.log_y.isChecked(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Take up choices; those that misfit are ignored."""
        if type(state.get("smoothing")) is int:
            self.smoothing.setValue(state["smoothing"])
        for name, toggle in (("log_x", self.log_x), ("log_y", self.log_y)):
            if isinstance(state.get(name), bool):
                toggle.setChecked(state[name])
        self._scale()


def _toggle(words: str, name: str, tip: str, switched: Callable[[], object]) -> QToolButton:
    found = QToolButton()
    found.setText(words)
    found.setAccessibleName(name)
    found.setToolTip(tip)
    found.setCheckable(True)
    found.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    found.clicked.connect(lambda _: switched())
    return found
