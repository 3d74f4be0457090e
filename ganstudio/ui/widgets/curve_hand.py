"""How a hand moves the axes of a plot of curves: wheel, drag and keys."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from ganstudio.ui.widgets.axis import Axis

WHEEL_FACTOR = 1.25
HELP = (
    "Wheel: zoom into the steps. Drag: move along them. On the left axis, or with Shift, both act on the values. "
    "Keys: + and − zoom, arrows move. A or a double click: follow the run again."
)


class CurveHand(QWidget):
    """The hand's part of ``CurvePlot``. An axis that a hand has moved follows the run no more."""

    if TYPE_CHECKING:
        x: Axis
        y: Axis
        plot_area: QRectF
        following_changed: SignalInstance
        moved: SignalInstance

        def repaint_all(self) -> None: ...

    def __init__(self) -> None:
        super().__init__()
        self.hover: QPointF | None = None
        """Where the pointer is."""
        self._drag: tuple[QPointF, bool] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWhatsThis(HELP)
        self.setAccessibleDescription(HELP)

    @property
    def following(self) -> bool:
        """Whether both axes follow the run."""
        return self.x.follows and self.y.follows

    @following.setter
    def following(self, following: bool) -> None:
        if following != self.following:
            self.x.follows = self.y.follows = following
            self.following_changed.emit(following)
            self.repaint_all()

    def zoom(self, factor: float, place: QPointF, values: bool = False) -> None:
        """Show ``factor`` times as many steps (or values), those at ``place`` staying where they are."""
        area, was = self.plot_area, self.following
        if values:
            self.y.zoom(factor, _within((area.bottom() - place.y()) / area.height()))
        else:
            self.x.zoom(factor, _within((place.x() - area.left()) / area.width()))
        self._moved(was)

    def pan(self, share: float, values: bool = False) -> None:
        """Move along the steps (or values) by a share of what is shown."""
        was = self.following
        (self.y if values else self.x).pan(share)
        self._moved(was)

    def _moved(self, was_following: bool) -> None:
        self.repaint_all()
        self.moved.emit()
        if was_following:
            self.following_changed.emit(False)

    def _on_values(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        return place.x() < self.plot_area.left() or bool(modifiers & Qt.KeyboardModifier.ShiftModifier)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
        place = event.position()
        self.zoom(WHEEL_FACTOR**-turns, place, self._on_values(place, event.modifiers()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = (event.position(), self._on_values(event.position(), event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hover = event.position()
        if self._drag is not None and event.buttons() & Qt.MouseButton.LeftButton:
            start, values = self._drag
            way = event.position() - start
            if way.manhattanLength() >= 2:
                area = self.plot_area
                self.pan(way.y() / area.height() if values else -way.x() / area.width(), values)
                self._drag = (event.position(), values)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.following = True

    def leaveEvent(self, event: QEvent) -> None:
        self.hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, middle = event.key(), self.plot_area.center()
        if key == Qt.Key.Key_A:
            self.following = True
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1 / WHEEL_FACTOR, middle)
        elif key == Qt.Key.Key_Minus:
            self.zoom(WHEEL_FACTOR, middle)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.pan(-0.1 if key == Qt.Key.Key_Left else 0.1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.pan(0.1 if key == Qt.Key.Key_Up else -0.1, values=True)
        else:
            super().keyPressEvent(event)


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
