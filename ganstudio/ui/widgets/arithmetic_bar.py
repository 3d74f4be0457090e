"""What can be done with A − B + C: buttons, the noise of the neighbours, and a field for a direction's name."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLayout, QLineEdit, QWidget

from ganstudio.latent.arithmetic import MOST_NOISE, Terms
from ganstudio.ui.summing import Summing
from ganstudio.ui.widgets.action_button import ActionButton

NAME_WIDTH = 240


class ArithmeticBar(QWidget):
    """``owner`` is the panel whose keys the buttons answer to."""

    named = Signal(str)
    """The direction from B to A is to be kept under this name."""
    left = Signal()
    """The name's field was left, by Enter or Esc."""

    def __init__(self, owner: QWidget, summing: Summing):
        super().__init__()
        self._summing = summing
        do = summing.do
        self.draw = ActionButton(owner, "New samples", "random", "Other samples to pick from", summing.draw, keys="R")
        self.swap = ActionButton(
            owner, "A ↔ B", "swap", "Exchange A and B", lambda: do(lambda terms: terms.swapped(0, 1)), keys="X"
        )
        self.clear = ActionButton(
            owner, "Clear", "reset", "Empty all slots", lambda: do(Terms.cleared), keys="Shift+Delete"
        )
        self.back = ActionButton(owner, "Take back", "undo", "Take back", summing.back, keys="Alt+Left")
        self.forward = ActionButton(owner, "Do again", "redo", "Do again", summing.forward, keys="Alt+Right")
        self.other = ActionButton(
            owner, "Other noise", "random", "Other noise about the result", summing.other_noise, keys="N"
        )
        tip = "Keep mean(A) − mean(B) as a named direction, with a slider in Directions"
        self.keep = ActionButton(owner, "Keep A − B", "keep", tip, self.ask_name, keys="K")
        self._buttons = (self.draw, self.swap, self.clear, self.back, self.forward, self.other, self.keep)
        self._wordy = (self.draw, self.swap, self.clear, self.other, self.keep)
        self.noise = QDoubleSpinBox()
        self.noise.setRange(0.0, MOST_NOISE)
        self.noise.setSingleStep(0.05)
        self.noise.setPrefix("noise ± ")
        self.noise.setKeyboardTracking(False)
        self.noise.setAccessibleName("Noise of the neighbours")
        self.noise.setToolTip("Neighbours differ from the result by uniform noise up to this, in each number of z")
        self.noise.valueChanged.connect(lambda noise: summing.set_noise(round(noise, 2)))
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the direction")
        self.name.setPlaceholderText("What has A that B has not?")
        self.name.setToolTip("A name for the direction from B to A: Enter keeps it, Esc does not")
        self.name.setFixedWidth(NAME_WIDTH)
        self.name.returnPressed.connect(lambda: self.named.emit(self.name.text()))
        self.name.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for widget in (self.draw, self.swap, self.clear, self.back, self.forward):
            layout.addWidget(widget)
        layout.addStretch(1)
        for widget in (self.noise, self.other, self.name, self.keep):
            layout.addWidget(widget)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(300, super().minimumSizeHint().height())

    def show_state(self, ready: bool) -> None:
        """Make the buttons fit the terms; ``ready``: there is a generator."""
        summing, terms = self._summing, self._summing.terms
        a, b, _ = terms.slots
        self.draw.set_enabled(ready)
        self.swap.set_enabled(bool(a or b))
        self.clear.set_enabled(len(terms) > 0)
        self.back.set_enabled(summing.can_go_back)
        self.forward.set_enabled(summing.can_go_forward)
        self.other.set_enabled(terms.complete)
        self.noise.setEnabled(terms.complete)
        self.keep.set_enabled(bool(a and b))
        if not (a and b):
            self._show_name(False)
        self.noise.blockSignals(True)
        self.noise.setValue(terms.noise)
        self.noise.blockSignals(False)

    def ask_name(self) -> None:
        """Show the field for the direction's name, or hide it."""
        self._show_name(self.name.isHidden())
        if not self.name.isHidden():
            self.name.setFocus()

    def close_name(self, clear: bool) -> None:
        """Hide the field, and empty it if what it says has been kept."""
        if clear:
            self.name.clear()
        self._show_name(False)
        self.left.emit()

    def _show_name(self, shown: bool) -> None:
        if shown == self.name.isHidden():
            self.name.setVisible(shown)
            self._fit()

    def _fit(self) -> None:
        """Words on the buttons where there is room."""
        style = Qt.ToolButtonStyle
        for wordy in (style.ToolButtonTextBesideIcon, style.ToolButtonIconOnly):
            for button in self._wordy:
                button.setToolButtonStyle(wordy)
            parts = sum(part.sizeHint().width() + 2 for part in (*self._buttons, self.noise))
            if parts + (0 if self.name.isHidden() else NAME_WIDTH) <= self.width():
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.name.isHidden():
            self.close_name(clear=False)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Follow a change of theme."""
        for button in self._buttons:
            button.restyle()
