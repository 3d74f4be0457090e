"""What a hand does that carries samples: real drag events, sent the way that Qt sends them, to the window."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.widgets.sample_drag import mime_of

ACTION, LEFT, NO_KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Hand:
    """Carries ``mime`` over windows; Qt finds the widget under it that takes it."""

    def __init__(self, mime: QMimeData | Parcel):
        self.mime = mime_of(mime) if isinstance(mime, Parcel) else mime
        self._window: QWindow | None = None
        self._accepted = False

    def over(self, widget: QWidget, at: QPoint | None = None) -> bool:
        """Hold it over a point of a widget (its middle). Answers whether it would be taken."""
        window, self._at = widget.window().windowHandle(), _in_window(widget, at)
        if window is not self._window:
            self._window = window
            enter = QDragEnterEvent(self._at, ACTION, self.mime, LEFT, NO_KEYS)
            QApplication.sendEvent(window, enter)
            self._accepted = enter.isAccepted()
        move = QDragMoveEvent(self._at, ACTION, self.mime, LEFT, NO_KEYS)
        move.setAccepted(self._accepted)  # as Qt does it: who has accepted the entry need not answer again
        QApplication.sendEvent(window, move)
        self._accepted = move.isAccepted()
        return self._accepted

    def away(self) -> None:
        """Leave the window with it."""
        QApplication.sendEvent(self._window, QDragLeaveEvent())
        self._window = None

    def drop(self, widget: QWidget, at: QPoint | None = None) -> bool:
        """Let go of it over a point of a widget. Answers whether it was taken."""
        if not self.over(widget, at):
            self.away()
            return False
        event = QDropEvent(QPointF(self._at), ACTION, self.mime, LEFT, NO_KEYS)
        QApplication.sendEvent(self._window, event)
        self._window = None
        return event.isAccepted()


def _in_window(widget: QWidget, at: QPoint | None) -> QPoint:
    return widget.mapTo(widget.window(), widget.rect().center() if at is None else at)


def moved(
    widget: QWidget,
    to: QPoint,
    button: Qt.MouseButton = Qt.MouseButton.NoButton,
    keys: Qt.KeyboardModifier = NO_KEYS,
) -> None:
    """Move the mouse. QTest would move the screen's pointer, which stays there for the tests that follow."""
    point = QPointF(to)
    where = QPointF(widget.mapToGlobal(to))
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, point, where, button, button, keys))


def dragged(qtbot, monkeypatch, widget: QWidget, at: QPoint, keys: Qt.KeyboardModifier = NO_KEYS) -> Hand | None:
    """What a hand holds that presses the left button at a point of a widget, and moves away; None for nothing."""
    found: list[Hand] = []

    def carry(drag: QDrag, *actions: Qt.DropAction) -> Qt.DropAction:
        # A copy of what is carried: it goes with the drag.
        mime = QMimeData()
        for kind in drag.mimeData().formats():
            mime.setData(kind, drag.mimeData().data(kind))
        found.append(Hand(mime))
        return ACTION

    monkeypatch.setattr(QDrag, "exec", carry)
    qtbot.mousePress(widget, LEFT, keys, at)
    moved(widget, at + QPoint(3 * QApplication.startDragDistance(), 2), LEFT, keys)
    if not found:
        qtbot.mouseRelease(widget, LEFT, keys, at)
    return found[0] if found else None
