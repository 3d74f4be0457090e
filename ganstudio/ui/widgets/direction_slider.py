"""One row of the Directions panel: a slider with its name, steps, read-out, lock and reset."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from ganstudio.latent.choices import Direction
from ganstudio.ui.icons import icon
from ganstudio.ui.theme import colours, type_scale
from ganstudio.ui.widgets.bipolar_slider import PER_UNIT, BipolarSlider

HINT = "Arrow keys and the wheel move finely, Page Up and Page Down coarsely; a double click or Delete resets."
WIDEST = 110
"""Pixels of the longest label, like all sizes here with type of the usual size."""
ICON, STEPPER = 15, 20
"""Pixels of an icon's side, and of the width of − and +."""
TALLEST = 40
"""Pixels of a row: in a tall panel the sliders spread a little."""
STEP, LEAP = 0.25, 1.0
"""Units by which − and + move, and with Shift."""


class SliderRow(QWidget):
    """Name, −, slider, +, read-out and reset. It shows what it is told and asks for what a person wants."""

    moved = Signal(float)
    """A person gave it this value."""
    released = Signal()
    """The hand lets go of it."""
    reset_asked = Signal()
    watched = Signal(bool)
    """Somebody looks at it: the mouse is over it, or it has the focus."""

    def __init__(self, low: float, high: float, zero: float = 0.0, step: float = STEP, leap: float = LEAP):
        super().__init__()
        self._step, self._leap = step, leap
        self._inside = self._watching = False
        self._value = 0.0
        self.label, self.value = QLabel(), QLabel()
        for label in (self.label, self.value):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider = BipolarSlider(low, high, zero)
        self.less, self.more = self._stepper("−", -1), self._stepper("+", 1)
        self.lock, self.reset = QToolButton(), QToolButton()
        for button in (self.lock, self.reset):
            button.setAutoRaise(True)
        for button in (self.less, self.more, self.lock, self.reset):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from slider to slider, whose keys do all of it
        self.lock.setCheckable(True)
        keep = self.lock.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.lock.setSizePolicy(keep)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        for widget in (self.label, self.less, self.slider, self.more, self.value, self.lock, self.reset):
            layout.addWidget(widget)
        self.slider.valueChanged.connect(lambda position: self.moved.emit(position / PER_UNIT))
        self.slider.sliderReleased.connect(self.released)
        self.slider.reset_asked.connect(self.reset_asked)
        self.slider.lock_asked.connect(self.lock.click)
        self.slider.installEventFilter(self)
        self.reset.clicked.connect(self.reset_asked)
        self.lock.toggled.connect(self._show_lock)
        self.restyle()

    def _stepper(self, sign: str, side: int) -> QToolButton:
        found = QToolButton()
        found.setText(sign)
        found.setAutoRaise(True)
        found.setAutoRepeat(True)
        found.clicked.connect(lambda _=False: self._step_by(side))
        return found

    def _step_by(self, side: int) -> None:
        shift = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.slider.setValue(self.slider.value() + round(side * (self._leap if shift else self._step) * PER_UNIT))

    def describe(self, label: str, name: str, details: str, reset: str) -> None:
        """A short label, the full name, what the tooltip adds, and where the reset leads."""
        widest = round(WIDEST * type_scale())
        self.label.setText(self.label.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, widest))
        self.slider.setAccessibleName(name)
        for widget in (self.slider, self.label):
            widget.setToolTip("\n".join(line for line in (f"{name}.", details, HINT) if line))
        spoken = f"{name[0].lower()}{name[1:]}"
        self.value.setAccessibleName(f"Value of {spoken}")
        self.lock.setAccessibleName(f"Lock {spoken}")
        self.lock.setToolTip(
            "Lock: whatever else moves, this coordinate stays; the other sliders are kept orthogonal to it (L)"
        )
        self.reset.setAccessibleName(f"Reset {spoken}")
        self.reset.setToolTip(reset)
        for button, words in ((self.less, "Less"), (self.more, "More")):
            button.setAccessibleName(f"{words} of {spoken}")
            button.setToolTip(f"{words} by {self._step:g}, with Shift by {self._leap:g}")

    @staticmethod
    def align(rows: "Sequence[SliderRow]") -> None:
        """Make the labels of these rows equally wide."""
        least = max((row.label.fontMetrics().horizontalAdvance("z 99") for row in rows), default=0)
        width = max([least, *(row.label.fontMetrics().horizontalAdvance(row.label.text()) for row in rows)])
        for row in rows:
            row.label.setFixedWidth(width)

    def show_value(self, value: float, default: float, text: str) -> None:
        """Stand at a value and read it out as ``text``; ``default`` is where the reset leads."""
        if default != self.slider.mark:
            self.slider.mark = default
            self.slider.update()
        self._value = value
        self.slider.show_value(value)
        self.value.setText(text.replace("-", "−"))
        self.reset.setEnabled(not self.slider.held and abs(value - default) >= 0.5 / PER_UNIT)

    @property
    def shown(self) -> float:
        """The value that it stands at, which may lie beyond the slider's ends."""
        return self._value

    def restyle(self) -> None:
        """Draw icons and label in the theme's colours, as large as the type asks for."""
        scale = type_scale()
        for button in (self.lock, self.reset):
            button.setIconSize(QSize(round(ICON * scale), round(ICON * scale)))
        for button in (self.less, self.more):
            button.setFixedWidth(round(STEPPER * scale))
        # The column stays aligned whatever is read out.
        self.value.setFixedWidth(self.value.fontMetrics().horizontalAdvance("−00.00 σ"))
        self.setMaximumHeight(round(TALLEST * scale))
        self.reset.setIcon(icon("reset", colours().accent))
        self._show_lock(self.lock.isChecked())
        palette = self.label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours().muted))
        self.label.setPalette(palette)
        self.update()

    def _show_lock(self, locked: bool) -> None:
        self.lock.setIcon(icon("lock", colours().accent) if locked else icon("unlock", colours().muted))

    # who looks at it

    def enterEvent(self, event: QEvent) -> None:
        self._inside = True
        self._watch()

    def leaveEvent(self, event: QEvent) -> None:
        self._inside = False
        self._watch()

    def hideEvent(self, event: QEvent) -> None:
        self._inside = False
        self._watch()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._watch(event.type() == QEvent.Type.FocusIn)
        return False

    def _watch(self, focus: bool | None = None) -> None:
        watching = self._inside or (self.slider.hasFocus() if focus is None else focus)
        if watching != self._watching:
            self._watching = watching
            self.watched.emit(watching)


class DirectionSlider(SliderRow):
    """A coordinate of z along one direction, in σ."""

    def __init__(self) -> None:
        super().__init__(-3.0, 3.0)

    def set_reach(self, reach: float) -> None:
        """The slider goes from −reach to reach, in σ."""
        self.slider.set_range(-reach, reach)

    def stand_for(self, direction: Direction) -> None:
        """Which direction it moves."""
        reset = "Back to the coordinate of the sample you started from (Delete)"
        self.describe(direction.label, direction.name, direction.details, reset)

    def set_locked(self, locked: bool) -> None:
        """Whether its coordinate is locked."""
        self.lock.setChecked(locked)

    def set_bound(self, bound: bool) -> None:
        """``bound``: its direction lies among those that are locked, so that there is nothing to move."""
        self.slider.held = bound or self.lock.isChecked()
        for button in (self.less, self.more):
            button.setEnabled(not self.slider.held)
        if self.slider.held:
            self.reset.setEnabled(False)
        self.lock.setEnabled(not bound)
        self.slider.setEnabled(not bound)
        self.slider.update()

    def show_coordinate(self, coordinate: float, default: float) -> None:
        """Read out a coordinate in σ, and mark its default."""
        self.show_value(coordinate, default, f"{round(coordinate, 2) + 0.0:+.2f} σ")
