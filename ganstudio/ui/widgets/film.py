"""Pictures that another process has painted, shown one after another on a view without a line of Python."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget


class Film:
    """Covers a part of a view while it runs; the mouse does not see it.

    The label is Qt's own: a widget that is painted in Python, and each filter of its events, asks for Python's lock
    once more a picture, and a small network's training waits each time.
    """

    def __init__(self, view: QWidget):
        self._label = QLabel(view)
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._label.hide()
        self._image: QImage | None = None

    @property
    def runs(self) -> bool:
        """Whether a picture is shown."""
        return not self._label.isHidden()

    def show(self, image: QImage, place: QRectF, ratio: float) -> None:
        """Show a picture, with so many device pixels to one of the view; ``place`` has whole numbers."""
        pixmap = QPixmap.fromImage(image)  # which may go on reading the image's memory
        self._image = image
        pixmap.setDevicePixelRatio(ratio)
        self._label.setPixmap(pixmap)
        if not self.runs:
            self._label.move(place.topLeft().toPoint())
            self._label.setFixedSize(place.size().toSize())  # else each picture asks the view for another layout
            self._label.lower()
            self._label.show()

    def stop(self) -> None:
        """Let the view be seen again."""
        if self.runs:
            self._label.hide()
            self._label.clear()
            self._image = None
