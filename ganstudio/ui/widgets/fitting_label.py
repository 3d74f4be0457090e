"""A label of one line that says as much as fits."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class FittingLabel(QLabel):
    """Takes the room that its neighbours leave; what it says in full is its tooltip and its description."""

    def __init__(self) -> None:
        super().__init__()
        self._ways: tuple[str, ...] = ("",)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, *ways: str) -> None:
        """Say the first of these that fits, or what fits of the last; from the longest to the shortest."""
        self._ways = ways
        self.setToolTip(ways[0])
        self.setAccessibleDescription(ways[0])
        self._fit()

    @property
    def words(self) -> str:
        """What it says in full."""
        return self._ways[0]

    @property
    def least(self) -> int:
        """Pixels of width in which it says the shortest of its ways."""
        return self.fontMetrics().horizontalAdvance(self._ways[-1])

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        fitting = next((one for one in self._ways if metrics.horizontalAdvance(one) <= room), self._ways[-1])
        self.setText(metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, room))
