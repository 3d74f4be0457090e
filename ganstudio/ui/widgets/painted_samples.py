"""Samples out of a widget that paints them itself: dragged away with the left button, copied with Ctrl+C."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.widgets import sample_drag


class PaintedSamples(QObject):
    """Samples are counted from 0. The widget needs mouse tracking; it is repainted when ``current`` changes."""

    told = Signal(str)
    """What came of a key, in a sentence."""

    def __init__(
        self,
        widget: QWidget,
        at: Callable[[QPointF], int],
        parcel: Callable[[list[int]], Parcel | None],
        count: Callable[[], int],
    ):
        """``at``: the sample under a point of the widget, −1 for none; ``parcel``: some samples, packed; ``count``: how
        many there are now.
        """
        super().__init__(widget)
        self._widget, self._at, self._parcel, self._count = widget, at, parcel, count
        self.current = -1
        """The sample under the mouse; −1 for none."""
        self._pressed: tuple[int, QPointF] | None = None
        widget.installEventFilter(self)

    def copy(self) -> None:
        """Put the sample under the mouse on the clipboard; with none there, all."""
        parcel = self._parcel([self.current] if self.current >= 0 else list(range(self._count())))
        if parcel is not None:
            sample_drag.copy(parcel)
            words = "The sample is" if len(parcel) == 1 else f"{len(parcel):,} samples are"
            self.told.emit(f"{words} on the clipboard{', with z' if parcel.inputs is not None else ''}.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease):
            return self._follow_mouse(event)
        if kind == QEvent.Type.Leave:
            self._hover(-1)
        elif kind == QEvent.Type.KeyPress and event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return True
        return False

    def _follow_mouse(self, event: QEvent) -> bool:
        """Answers whether the event is of a sample, and none of the widget's own business."""
        if event.type() == QEvent.Type.MouseButtonPress:
            sample = self._at(event.position()) if event.button() == Qt.MouseButton.LeftButton else -1
            self._pressed = (sample, event.position()) if sample >= 0 else None
            return sample >= 0
        if event.type() == QEvent.Type.MouseButtonRelease:
            pressed, self._pressed = self._pressed, None
            return pressed is not None
        if self._pressed is None:
            self._hover(self._at(event.position()) if not event.buttons() else -1)
            return False
        sample, start = self._pressed
        if (event.position() - start).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None  # the release goes where the sample falls
            parcel = self._parcel([sample])
            if parcel is not None:
                sample_drag.start_drag(self._widget, parcel)
        return True

    def _hover(self, sample: int) -> None:
        if sample != self.current:
            self.current = sample
            self._widget.update()
