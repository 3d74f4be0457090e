"""What a scene says, in large type across the window, with the buttons to play it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from ganstudio.training.status import Status
from ganstudio.ui.scenes import BEFORE, ScenePlayer
from ganstudio.ui.theme import colours

LINES = 2
SMALLEST, LARGEST = 17, 46
"""Pixels of the caption's letters."""
SHARE = 0.031
"""Height of the letters as a share of the window's."""
FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class Caption(QWidget):
    """A sentence or two, as large as two lines have room for."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        """Show another text."""
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.update()

    def fit(self, pixels: int) -> None:
        """Take two lines of letters of this size."""
        self.setFixedHeight(LINES * QFontMetrics(self._font(pixels)).lineSpacing() + 6)

    def _font(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        return font

    def fitting(self) -> QFont:
        """The largest font in which all is seen."""
        room = self.rect()
        for pixels in range(LARGEST, SMALLEST - 6, -1):
            font = self._font(pixels)
            needed = QFontMetrics(font).boundingRect(QRect(0, 0, room.width(), 10_000), FLAGS, self.text)
            if needed.height() <= room.height() and needed.width() <= room.width():
                break
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.fitting())
        painter.setPen(QColor(colours().text))
        painter.drawText(self.rect(), FLAGS, self.text)


class SceneBar(QToolBar):
    """Hidden until a scene is open. Its buttons are the window's own actions."""

    def __init__(self, player: ScenePlayer):
        super().__init__("Scene")
        self.setObjectName("scene")
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)  # it comes and goes with the scene
        self.player = player
        self.caption, self.place, self.note = Caption(), QLabel(), QLabel()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName("Progress to the next beat")
        self.progress.setToolTip("Steps to the next beat")
        self.note.hide()
        self.side = QWidget()
        column = QVBoxLayout(self.side)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(4)
        column.addStretch(1)
        for widget in (self.place, self.progress, self.note):
            column.addWidget(widget)
        column.addStretch(1)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        line = QFrame()
        line.setFixedWidth(10)
        actions = player.window.actions_by_name
        for name in ("scene-back", "train", "scene-skip", "scene-replay"):
            self.addAction(actions[name])
        self.addWidget(line)
        self.addWidget(self.caption)
        self.addWidget(self.side)
        self.addAction(actions["scene-leave"])
        player.changed.connect(self._show)
        player.window.studio.status_changed.connect(self._count)
        self._show()

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.note.setStyleSheet(f"color: {colours().warning}; font-weight: bold")
        self.progress.setStyleSheet(
            f"QProgressBar {{ background: {colours().grid}; border: none; border-radius: 3px; }}"
            f"QProgressBar::chunk {{ background: {colours().accent}; border-radius: 3px; }}"
        )

    def fit(self, height: int) -> None:
        """Stand in a window of this height: all grows with it."""
        pixels = min(LARGEST, max(SMALLEST, round(SHARE * height)))
        self.caption.fit(pixels)
        self.side.setFixedWidth(11 * pixels)
        self.setIconSize(QSize(pixels, pixels))
        font = self.place.font()
        font.setPixelSize(max(13, round(0.55 * pixels)))
        self.place.setFont(font)
        self.note.setFont(font)

    def _show(self) -> None:
        player = self.player
        is_open = player.scene is not None
        self.setVisible(is_open)
        for name in ("back", "on", "skip", "replay", "leave"):
            player.window.actions_by_name[f"scene-{name}"].setEnabled(is_open)
        if player.scene is None:
            return
        self.caption.say(player.caption or f"{player.scene.title}: {player.scene.description}")
        self.note.setText("No longer as rehearsed")
        self.note.setToolTip(f"There was {player.departure}: the play will differ. Replay begins it anew.")
        self.note.setVisible(bool(player.departure))
        self._count(player.window.studio.status)

    def _count(self, status: Status) -> None:
        player = self.player
        if player.scene is None:
            return
        done, steps = player.progress(status.step)
        beats = len(player.scene.beats)
        if player.beat == BEFORE:
            words = player.scene.title
        elif player.beat == beats - 1 and done >= steps:
            words = f"Beat {beats} of {beats} · the end"
        else:
            words = f"Beat {player.beat + 1} of {beats} · {steps - done:,} steps to go"
        if words != self.place.text():
            self.place.setText(words)
            self.progress.setRange(0, steps)
            self.progress.setValue(done)
