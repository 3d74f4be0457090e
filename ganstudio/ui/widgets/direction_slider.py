"""One row of the Latent panel: a slider with its name, read-out, lock and reset."""

from collections.abc import Hashable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from ganstudio.ui.icons import icon
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.bipolar_slider import PER_UNIT, BipolarSlider

HINT = "Arrow keys move finely, Page Up and Page Down coarsely; a double click or Delete resets."


class SliderRow(QWidget):
    """Name, slider, read-out and reset. It shows what it is told and asks for what a person wants."""

    moved = Signal(float)
    """A person gave it this value."""
    reset_asked = Signal()

    def __init__(self, low: float, high: float, zero: float = 0.0):
        super().__init__()
        self.label, self.value = QLabel(), QLabel()
        for label in (self.label, self.value):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Columns stay aligned whatever is read out.
        self._columns = self.label.fontMetrics().horizontalAdvance("z 999")
        self.value.setFixedWidth(self.value.fontMetrics().horizontalAdvance("−00.00 σ"))
        self.slider = BipolarSlider(low, high, zero)
        self.lock, self.reset = QToolButton(), QToolButton()
        for button in (self.lock, self.reset):
            button.setAutoRaise(True)
            button.setIconSize(QSize(15, 15))
        self.lock.setCheckable(True)
        keep = self.lock.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.lock.setSizePolicy(keep)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.label, self.slider, self.value, self.lock, self.reset):
            layout.addWidget(widget)
        self.slider.valueChanged.connect(lambda position: self.moved.emit(position / PER_UNIT))
        self.slider.reset_asked.connect(self.reset_asked)
        self.slider.lock_asked.connect(self.lock.toggle)
        self.reset.clicked.connect(self.reset_asked)
        self.lock.toggled.connect(self._show_lock)
        self.restyle()

    def describe(self, label: str, name: str, details: str, reset: str) -> None:
        """A short label, the full name, what the tooltip adds, and where the reset leads."""
        self.label.setText(label)
        self.label.setMinimumWidth(max(self._columns, self.label.fontMetrics().horizontalAdvance(label)))
        self.slider.setAccessibleName(name)
        for widget in (self.slider, self.label):
            widget.setToolTip("\n".join(line for line in (f"{name}.", details, HINT) if line))
        spoken = f"{name[0].lower()}{name[1:]}"
        self.value.setAccessibleName(f"Value of {spoken}")
        self.lock.setAccessibleName(f"Lock {spoken}")
        self.lock.setToolTip("Lock: Random and Reset all keep this coordinate (L)")
        self.reset.setAccessibleName(f"Reset {spoken}")
        self.reset.setToolTip(reset)

    def show_value(self, value: float, default: float, text: str) -> None:
        """Stand at a value and read it out as ``text``; ``default`` is where the reset leads."""
        if default != self.slider.mark:
            self.slider.mark = default
            self.slider.update()
        self.slider.show_value(value)
        self.value.setText(text.replace("-", "−"))
        self.reset.setEnabled(abs(value - default) >= 0.5 / PER_UNIT)

    def restyle(self) -> None:
        """Draw icons and label in the theme's colours."""
        self.reset.setIcon(icon("reset", colours().accent))
        self._show_lock(self.lock.isChecked())
        palette = self.label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours().muted))
        self.label.setPalette(palette)
        self.update()

    def _show_lock(self, locked: bool) -> None:
        self.lock.setIcon(icon("lock", colours().accent) if locked else icon("unlock", colours().muted))


class DirectionSlider(SliderRow):
    """A coordinate of z along one direction, in σ."""

    def __init__(self) -> None:
        super().__init__(-3.0, 3.0)
        self.key: Hashable = None
        """Which direction it stands for."""

    def set_reach(self, reach: float) -> None:
        """The slider goes from −reach to reach, in σ."""
        self.slider.set_range(-reach, reach)

    def stand_for(self, key: Hashable, label: str, name: str, details: str = "") -> None:
        """Which direction it moves, and what that is called."""
        self.key = key
        self.describe(label, name, details, "Back to the coordinate of the sample you started from (Delete)")

    def show_coordinate(self, coordinate: float, default: float) -> None:
        """Read out a coordinate in σ, and mark its default."""
        self.show_value(coordinate, default, f"{coordinate:+.2f} σ")
