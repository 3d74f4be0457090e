"""Pictures that another process has painted, shown one after another on a view without a line of Python."""

from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.ui.widgets.plane_painting import Order


@dataclass(frozen=True, eq=False)
class Picture:
    """What was painted elsewhere, and for which view."""

    order: Order
    image: QImage
    """As large on a screen as the order's plot: it knows its pixel ratio."""
    memory: SharedMemory | None = None
    """What the image reads: neither the image nor a pixmap of it keeps that in place, so whoever shows it must."""


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
        self._picture: Picture | None = None

    @property
    def runs(self) -> bool:
        """Whether a picture is shown."""
        return not self._label.isHidden()

    def show(self, picture: Picture) -> None:
        """Show a picture, whose place begins and ends between two pixels of the screen (``Order.whole``)."""
        self._label.setPixmap(QPixmap.fromImage(picture.image))
        self._picture = picture  # the one before goes once nothing shows it
        if not self.runs:
            place = picture.order.plot
            self._label.move(place.topLeft().toPoint())
            self._label.setFixedSize(place.size().toSize())  # else each picture asks the view for another layout
            self._label.lower()
            self._label.show()

    def stop(self) -> None:
        """Let the view be seen again."""
        if self.runs:
            self._label.hide()
            self._label.clear()
            self._picture = None
