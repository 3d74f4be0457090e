"""What of a view changes seldom, kept as a picture."""

from collections.abc import Callable

from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from ganstudio.ui.theme import colours


class Backdrop:
    """A picture of a widget's size on the theme's surface, painted anew only when what it shows has changed."""

    def __init__(self, widget: QWidget):
        self._widget = widget
        self._picture = QPixmap()
        self._key: tuple = ()
        self._shown: tuple = ()

    def picture(self, key: tuple, paint: Callable[[QPainter], None], shown: tuple = ()) -> QPixmap:
        """The picture; ``paint`` is called when ``key`` is no longer equal, or ``shown`` no longer the same objects.

        Size, resolution and theme are looked after here.
        """
        widget, ratio = self._widget, self._widget.devicePixelRatioF()
        key = (widget.size(), ratio, colours(), *key)
        same = len(shown) == len(self._shown) and all(
            one is other for one, other in zip(shown, self._shown, strict=True)
        )
        if self._picture.isNull() or key != self._key or not same:
            self._key, self._shown = key, shown
            self._picture = QPixmap(widget.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(colours().surface))
            painter = QPainter(self._picture)
            paint(painter)
            painter.end()
        return self._picture
