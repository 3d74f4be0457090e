"""Says on a panel which step it shows while the window looks at the past, or covers it where there is no frame."""

from PySide6.QtCore import QEvent, QObject, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.ui.theme import colours, past_colours

ROOM = 6
"""Pixels between a tag and the panel's edges."""
STRIP = 4
"""Pixels that a strip is higher than its tag."""


class PastNote(QLabel):
    """Lies over its panel, as a tag in a corner or over all of it, or beneath it on a strip left free."""

    def __init__(self, panel: QWidget):
        super().__init__(panel)
        self._covers = self._beneath = False
        self._image: QImage | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        panel.installEventFilter(self)
        self.hide()

    def tag(self, words: str, *, beneath: bool = False) -> None:
        """A few words in the lower right corner, which the pointer reaches through.

        ``beneath``: below all that the panel shows, which then ends above them.
        """
        self._beneath = beneath
        self._say(words)

    def cover(self, sentence: str, image: QImage | None = None) -> None:
        """A sentence instead of the panel, or below an image of it."""
        self._beneath = False
        self._say(sentence, covers=True, image=image)

    def _say(self, words: str, *, covers: bool = False, image: QImage | None = None) -> None:
        self._covers, self._image = covers, image
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not covers)
        height = Qt.AlignmentFlag.AlignVCenter if image is None else Qt.AlignmentFlag.AlignBottom
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | height)
        self.setWordWrap(covers)
        self.setText(words)
        self.restyle()
        self.show()
        self.raise_()
        self.update()

    def restyle(self) -> None:
        """Take the theme's colours, and the room that the present type needs."""
        back, front = past_colours()
        style = f"background: {back}; color: {front}; font-weight: bold; border-radius: 4px; padding: 2px 7px"
        if self._covers:
            front = colours().text if self._image is None else back
            style = f"background: {colours().surface}; color: {front}; font-size: 15px; padding: 6px"
        self.setStyleSheet(style)
        self._place()

    def take_away(self) -> None:
        """Hide it; the panel has its room back."""
        self.hide()
        self._beneath = False
        self._leave_room()

    def _leave_room(self) -> None:
        room = self.sizeHint().height() + STRIP if self._beneath else 0
        if self.parentWidget().contentsMargins().bottom() != room:
            self.parentWidget().setContentsMargins(0, 0, 0, room)

    def _place(self) -> None:
        panel = self.parentWidget()
        self._leave_room()
        if self._covers:
            self.setGeometry(panel.rect())
        else:
            self.adjustSize()
            below = STRIP // 2 if self._beneath else ROOM
            self.move(panel.width() - self.width() - ROOM, panel.height() - self.height() - below)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._image is None:
            return
        room = QRectF(self.rect()).adjusted(ROOM, ROOM, -ROOM, -3 * self.fontMetrics().height())
        size = QSizeF(self._image.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(room.center())
        painter = QPainter(self)
        # What is enlarged keeps its pixels.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size.width() < self._image.width())
        painter.drawImage(target, self._image)
        painter.setPen(QColor(colours().grid))
        painter.drawRect(target)
