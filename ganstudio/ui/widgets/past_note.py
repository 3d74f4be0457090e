"""Says on a panel which step it shows while the window looks at the past, or covers it where there is nothing."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.ui.theme import colours, past_colours

ROOM = 6
"""Pixels between a tag and the panel's edges."""


class PastNote(QLabel):
    """Lies over its panel: as a tag in a corner, or over all of it."""

    def __init__(self, panel: QWidget):
        super().__init__(panel)
        self._covers = False
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        panel.installEventFilter(self)
        self.hide()

    def tag(self, words: str) -> None:
        """A few words in the lower right corner, which the pointer reaches through."""
        self._say(words, covers=False)

    def cover(self, sentence: str) -> None:
        """A sentence instead of the panel."""
        self._say(sentence, covers=True)

    def _say(self, words: str, covers: bool) -> None:
        self._covers = covers
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not covers)
        back, front = (colours().surface, colours().text) if covers else past_colours()
        size = "font-size: 15px;" if covers else "font-weight: bold; border-radius: 4px; padding: 2px 7px;"
        self.setStyleSheet(f"background: {back}; color: {front}; {size}")
        self.setWordWrap(covers)
        self.setText(words)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        panel = self.parentWidget()
        if self._covers:
            self.setGeometry(panel.rect())
        else:
            self.adjustSize()
            self.move(panel.width() - self.width() - ROOM, panel.height() - self.height() - ROOM)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False
