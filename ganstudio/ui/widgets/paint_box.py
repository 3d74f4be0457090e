"""The brush's colour, and those used lately: swatches, a colour dialog, and a slider for images without colours."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QHBoxLayout, QLabel, QSlider, QWidget

from ganstudio.ui.theme import colours

COLOURS = ("#000000", "#ffffff", "#7a4a2b", "#f2c94c", "#d64545", "#3f9b4f", "#3b74d1", "#f0c3a0")
"""To begin with: hair, skin, clothes."""
GREYS = ("#000000", "#404040", "#808080", "#c0c0c0", "#ffffff")
MOST = 8
SIDE, LARGE = 22, 30


class Swatch(QAbstractButton):
    """A button of one colour."""

    def __init__(self, side: int):
        super().__init__()
        self.colour = QColor(0, 0, 0)
        self._side = side
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_colour(self, colour: QColor, name: str, tip: str) -> None:
        """Stand for a colour."""
        self.colour = colour
        self.setAccessibleName(f"{name}: {colour.name()}")
        self.setToolTip(tip)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(colours().accent if marked else colours().muted), 3 if marked else 1))
        painter.setBrush(self.colour)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)


class PaintBox(QWidget):
    """The colour in use and the recent ones. A colour is (C,) uint8, for 1 or 3 channels."""

    chosen = Signal(object)
    """A person chose this colour."""

    def __init__(self) -> None:
        super().__init__()
        self._channels = 0
        self._recent: list[QColor] = []
        self.current = Swatch(LARGE)
        self.current.clicked.connect(self.ask)
        self.grey = QSlider(Qt.Orientation.Horizontal)
        self.grey.setRange(0, 255)
        self.grey.setPageStep(16)
        self.grey.setMinimumWidth(90)
        self.grey.setAccessibleName("Grey of the brush")
        self.grey.setToolTip("Grey of the brush, from 0 (black) to 255 (white)")
        self.grey.valueChanged.connect(lambda value: self._choose(QColor(value, value, value), keep=False))
        self.level = QLabel()
        self.level.setAccessibleName("Grey value of the brush")
        self.swatches = [Swatch(SIDE) for _ in range(MOST)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        for widget in (self.current, self.grey, self.level):
            layout.addWidget(widget)
        for index, swatch in enumerate(self.swatches):
            swatch.clicked.connect(lambda _=False, index=index: self.choose_recent(index))
            layout.addWidget(swatch)
        self.set_channels(3)

    def set_channels(self, channels: int) -> None:
        """Offer colours, or greys for 1 channel."""
        if channels == self._channels:
            return
        self._channels = channels
        self._recent = [QColor(name) for name in (GREYS if channels == 1 else COLOURS)]
        for widget in (self.grey, self.level):
            widget.setVisible(channels == 1)
        self._choose(self._recent[-1 if channels == 1 else 4], keep=False)

    @property
    def colour(self) -> np.ndarray:
        """(C,) uint8: the one in use."""
        rgb = np.array(self.current.colour.getRgb()[:3], np.uint8)
        return rgb[:1] if self._channels == 1 else rgb

    def take(self, colour: np.ndarray) -> None:
        """Use this colour (C,) uint8, which comes among the recent ones."""
        self._choose(QColor(*(int(number) for number in np.broadcast_to(colour, 3))), keep=True)

    def keep(self) -> None:
        """The colour in use has been painted with: it comes among the recent ones."""
        self._remember(self.current.colour)
        self._show()

    def choose_recent(self, index: int) -> None:
        """Use a recent colour again."""
        if index < len(self._recent):
            self._choose(self._recent[index], keep=False)

    def ask(self) -> None:
        """Let a person choose any colour."""
        dialog = QColorDialog(self.current.colour, self)
        dialog.setWindowTitle("Colour of the brush")
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self._choose(colour, keep=True))
        dialog.open()

    def _choose(self, colour: QColor, *, keep: bool) -> None:
        if self._channels == 1:
            grey = round(0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue())
            colour = QColor(grey, grey, grey)
        self.current.colour = colour
        if keep:
            self._remember(colour)
        self._show()
        self.chosen.emit(self.colour)

    def _remember(self, colour: QColor) -> None:
        if colour not in self._recent:
            self._recent = [colour, *self._recent][:MOST]

    def _show(self) -> None:
        colour = self.current.colour
        self.current.show_colour(colour, "Colour of the brush", f"Colour of the brush, {colour.name()}: choose (C)")
        self.grey.blockSignals(True)
        self.grey.setValue(colour.red())
        self.grey.blockSignals(False)
        self.level.setText(str(colour.red()))
        for index, swatch in enumerate(self.swatches):
            swatch.setVisible(index < len(self._recent))
            if index < len(self._recent):
                one = self._recent[index]
                swatch.show_colour(one, f"Recent colour {index + 1}", f"{one.name()} ({index + 1})")
