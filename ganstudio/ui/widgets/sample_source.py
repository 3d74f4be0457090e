"""Makes any widget a source of samples: press and drag one away."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.widgets.sample_drag import start_drag


class SampleSource(QObject):
    """``parcel`` answers what is carried away from the widget; None for nothing."""

    def __init__(self, widget: QWidget, parcel: Callable[[], Parcel | None]):
        super().__init__(widget)
        self._widget, self._parcel = widget, parcel
        self._pressed: QPointF | None = None
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            return True  # taken, so that the moves come here too
        if event.type() == QEvent.Type.MouseMove and self._pressed is not None:
            if (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                found = self._parcel()
                if found is not None:
                    start_drag(self._widget, found)
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        return False
