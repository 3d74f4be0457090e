"""Where a picture stands in a widget: fitted, zoomed, moved."""

from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, QSizeF

MOST_ZOOM = 32.0
MARGIN = 6
"""Pixels left free around a fitted picture."""
WORTH_SNAPPING = 0.88
"""A fitted picture is shrunk to whole screen pixels for each of its own when it keeps this share of its size."""


UNTIDY = 0.85
"""A grid whose last row is not full is worth so much of its tiles' size."""


def columns_for(count: int, view: QSizeF) -> int:
    """The columns with which so many square tiles are largest in a view; full rows are preferred."""

    def worth(columns: int) -> float:
        side = min(view.width() / columns, view.height() / ceil(count / columns))
        return side if count % columns == 0 else UNTIDY * side

    return max(range(1, count + 1), key=worth)


class Viewport:
    """Maps a picture's pixels to a widget's. ``zoom`` 1 shows all of it; the middle of the view is kept on resizing."""

    def __init__(self) -> None:
        self.zoom = 1.0
        self.view = QSizeF(1, 1)
        self.picture = QSizeF(1, 1)
        self._middle = QPointF(0.5, 0.5)  # of the view, in pixels of the picture

    def place(self, view: QSizeF, picture: QSizeF, device_pixels: float = 1.0) -> None:
        """Take up the sizes of widget and picture; ``device_pixels`` are those of the screen to one of the widget."""
        if picture != self.picture:
            self.picture = picture
            self.fit()
        self.view = view
        self._device_pixels = device_pixels
        self._clamp()

    def fit(self) -> None:
        """Show all of the picture."""
        self.zoom = 1.0
        self._middle = QPointF(self.picture.width() / 2, self.picture.height() / 2)

    @property
    def state(self) -> tuple[float, float, float]:
        """What of the picture is shown: zoom and the middle of the view."""
        return self.zoom, self._middle.x(), self._middle.y()

    @property
    def scale(self) -> float:
        """Widget pixels to one pixel of the picture."""
        room = self.view.width() - 2 * MARGIN, self.view.height() - 2 * MARGIN
        fitted = min(room[0] / self.picture.width(), room[1] / self.picture.height())
        whole = floor(fitted * self._device_pixels) / self._device_pixels
        if whole >= WORTH_SNAPPING * fitted:
            fitted = whole
        return max(fitted, 1e-6) * self.zoom

    @property
    def target(self) -> QRectF:
        """The whole picture's rectangle in the widget."""
        scale = self.scale
        left = round(self.view.width() / 2 - self._middle.x() * scale)
        top = round(self.view.height() / 2 - self._middle.y() * scale)
        return QRectF(left, top, self.picture.width() * scale, self.picture.height() * scale)

    def zoom_at(self, point: QPointF, factor: float) -> None:
        """Zoom so that what lies under this point of the widget stays there."""
        under = self.to_picture(point)
        self.zoom = min(max(1.0, self.zoom * factor), MOST_ZOOM)
        off = (point - QPointF(self.view.width() / 2, self.view.height() / 2)) / self.scale
        self._middle = under - off
        self._clamp()

    def move(self, by: QPointF) -> None:
        """Drag the picture by so many pixels of the widget."""
        self._middle -= by / self.scale
        self._clamp()

    def to_picture(self, point: QPointF) -> QPointF:
        """A point of the widget in pixels of the picture."""
        target = self.target
        return (point - target.topLeft()) / self.scale

    def _clamp(self) -> None:
        """A picture larger than the view fills it; a smaller one stands in its middle."""
        scale = self.scale
        middle = []
        for at, size, view in (
            (self._middle.x(), self.picture.width(), self.view.width()),
            (self._middle.y(), self.picture.height(), self.view.height()),
        ):
            half = view / scale / 2
            middle.append(size / 2 if size <= 2 * half else min(max(half, at), size - half))
        self._middle = QPointF(*middle)
