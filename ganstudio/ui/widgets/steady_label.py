"""A label for words that change while training goes on."""

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QLabel


class SteadyLabel(QLabel):
    """One line of plain words, as wide as the widest of them yet, so that nothing around it moves as numbers change.

    With each new text a common label has all of the window laid out anew, a tenth of what watching costs; one of fixed
    size does not.
    """

    def setText(self, text: str) -> None:
        """Show other words."""
        super().setText(text)
        self._fit(self.minimumWidth())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            # Of several changes in a row the font is right after the last.
            QTimer.singleShot(0, self, lambda: self._fit(0))

    def _fit(self, least: int) -> None:
        metrics, margins = self.fontMetrics(), self.contentsMargins()
        width = metrics.horizontalAdvance(self.text()) + margins.left() + margins.right()
        height = metrics.height() + margins.top() + margins.bottom()
        if (max(least, width), height) != (self.minimumWidth(), self.minimumHeight()):
            self.setFixedSize(max(least, width), height)
