"""Theory to touch: what min max V(G, D) means, and which mass a divergence asks for."""

from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from ganstudio.ui.panel import Panel
from ganstudio.ui.widgets.bipolar_slider import PER_UNIT, BipolarSlider
from ganstudio.ui.widgets.candidates import MOST
from ganstudio.ui.widgets.controls import button, row
from ganstudio.ui.widgets.fits_view import FARTHEST, FitsView, two_modes
from ganstudio.ui.widgets.minimax_view import MinimaxView

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio

SEPARATION, LEFT = 3.6, 0.5
"""Of the two modes at the beginning: how far apart, and the left one's share."""
SHARES = (0.1, 0.9)


class MinimaxPanel(Panel):
    """Two pictures that need no training."""

    name = "minimax"
    title = "Minimax"
    description = "Move generators and see how far D raises V against each; fit a Gaussian by three divergences"
    order = 38
    keys: ClassVar[dict[str, str]] = {
        "← → · ↑ ↓ or drag": "μ · σ of a generator",
        "PgUp · PgDn": "Select another",
        "Delete": "Remove it",
    }

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Picture")
        self.tabs.setDrawBase(False)
        for arrow in self.tabs.findChildren(QToolButton):  # Qt's own, for more tabs than fit
            arrow.setToolTip(arrow.accessibleName())
        self.tabs.addTab("min max V(G, D)")
        self.tabs.setTabToolTip(0, "Candidates for G on a line, and how far D can raise V against each of them")
        self.tabs.addTab("Which mass? KL, JS")
        self.tabs.setTabToolTip(1, "One Gaussian for two modes, by maximum likelihood, reverse KL and JS")
        self.game, self.fits = MinimaxView(), FitsView()
        self.separation = self._slider(0.0, FARTHEST, SEPARATION, "Separation of the modes")
        self.left = self._slider(*SHARES, LEFT, "Share of the left mode")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page(self._game_controls(), self.game))
        self._stack.addWidget(self._page(self._fit_controls(), self.fits))
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)
        self.game.changed.connect(self._see_what_can_be)
        self.reset()

    # building

    def _game_controls(self) -> QHBoxLayout:
        self.add = button("Add", "Add a generator", "One more candidate (or double-click in the plot)", self.game.add)
        self.remove = button("Remove", "Remove the generator", "Remove the selected one (Delete)", self.game.remove)
        tip = "Send the selected one to where max V over D is lowest: the Gaussian with the least JSD to p_data"
        settle = button("To the minimum", "To the minimum", tip, self.game.settle)
        return row(self.add, self.remove, settle, None, self._reset_button())

    def _fit_controls(self) -> QHBoxLayout:
        self._labels = [QLabel(), QLabel()]
        return row(self.separation, self._labels[0], self.left, self._labels[1], self._reset_button())

    def _reset_button(self) -> QToolButton:
        return button("Reset", "Reset", "As at the beginning", self.reset)

    def _slider(self, low: float, high: float, first: float, name: str) -> BipolarSlider:
        slider = BipolarSlider(low, high, low)
        slider.mark = first
        slider.setSingleStep(round((high - low) * PER_UNIT / 80))
        slider.setAccessibleName(name)
        slider.setToolTip(f"{name} (double-click or Delete: {first:g})")
        slider.valueChanged.connect(lambda _: self._move_modes())
        slider.reset_asked.connect(lambda: slider.setValue(round(first * PER_UNIT)))
        return slider

    @staticmethod
    def _page(controls: QHBoxLayout, view: QWidget) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(controls)
        column.addWidget(view, 1)
        return page

    # what a person does

    def reset(self) -> None:
        """Both pictures as at the beginning."""
        self.game.reset()
        self._place_modes(SEPARATION, LEFT)

    def _place_modes(self, separation: float, left: float) -> None:
        self.separation.show_value(separation)
        self.left.show_value(left)
        self._move_modes()

    def _move_modes(self) -> None:
        separation, left = (slider.value() / PER_UNIT for slider in (self.separation, self.left))
        self._labels[0].setText(f"{separation:.2f} apart")
        self._labels[1].setText(f"{left:.0%} left")
        self.fits.show_mixture(two_modes(separation, left))

    def _see_what_can_be(self) -> None:
        count = len(self.game.candidates.all)
        self.add.setEnabled(count < MOST)
        self.remove.setEnabled(count > 1)

    # memory

    def restyle(self) -> None:
        self.game.update()
        self.fits.update()

    def save_state(self) -> dict[str, Any]:
        return {
            "tab": self.tabs.currentIndex(),
            "generators": self.game.candidates.state(),
            "separation": self.separation.value() / PER_UNIT,
            "left": self.left.value() / PER_UNIT,
        }

    def load_state(self, state: dict[str, Any]) -> None:
        if state.get("tab") in (0, 1):
            self.tabs.setCurrentIndex(int(state["tab"]))
        self.game.load(state.get("generators"))
        numbers = [state.get(name) for name in ("separation", "left")]
        if all(isinstance(one, int | float) and isfinite(one) for one in numbers):
            self._place_modes(*numbers)
