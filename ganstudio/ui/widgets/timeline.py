"""The track of a run's steps: what is kept, what happened, and the playhead, which a hand drags."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.ui.theme import colours, past_colours
from ganstudio.ui.timeline_marks import SAVE, Cluster, Mark, clusters

HEIGHT = 38
PAD = 12
"""Pixels left and right of the first and the last step."""
GROOVE, GROOVE_TOP = 8, 18
MARK = 5
"""Half the size of a mark."""
CROWDED = 11
"""Pixels within which marks are drawn as one."""
NEAR = 8
"""Pixels within which a click means a mark."""
HUES = {
    "failure": "danger",
    "warning": "warning",
    "note": "equilibrium",
    "branch": "value",
    "edit": "accent",
    SAVE: "muted",
}
"""Colours of marks; their shapes differ too."""
KEYS = {
    "← →": "One step back · on",
    "↑ ↓": "To the mark before · after",
    "Home": "To the beginning",
    "End or Esc": "To what is now",
    "Wheel": "Through what was recorded",
}
HELP = "Drag or click: look at that step. Click a mark: go there. " + ". ".join(
    f"{key}: {what.lower()}" for key, what in KEYS.items()
)


class Track(QWidget):
    """Paints what it is told; says where a person wants to go."""

    asked = Signal(int)
    """Go to this step."""
    wanted = Signal(str)
    """A key's or the wheel's wish: ``first``, ``live``, one step ``step-back`` or ``step-forward``, one recorded step
    ``back`` or ``forward``, ``previous-mark``, ``next-mark``."""

    def __init__(self) -> None:
        super().__init__()
        self.length = 0
        self.position: int | None = None
        self.empty = ""
        """What it says before the first step."""
        self._marks: list[Mark] = []
        self._kept: Sequence[int] = ()
        self._hover: float | None = None
        self._clusters: list[Cluster] = []
        self._clustered: tuple[int, int] = (-1, -1)  # for which length and width
        self.words = lambda step: f"step {step:,}"
        """How a step is told under the pointer."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(160)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription(HELP)
        self.setWhatsThis(HELP)

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)

    # what it shows

    def show_run(self, length: int, position: int | None, kept: Sequence[int]) -> None:
        """So many steps, where the window looks (None: at the present), and the steps that frames are kept of."""
        self.length, self.position, self._kept = length, position, kept
        self.update()

    def show_position(self, position: int | None) -> None:
        """Move the playhead alone."""
        self.position = position
        self.update()

    def show_marks(self, marks: list[Mark]) -> None:
        """What happened."""
        self._marks, self._clustered = marks, (-1, -1)
        self.update()

    @property
    def clusters(self) -> list[Cluster]:
        """Marks as they are drawn: crowded ones merged."""
        if self._clustered != (self.length, self.width()):
            self._clustered = (self.length, self.width())
            # A branch that has been gone back on has marks beyond what is the run now.
            marks = [mark for mark in self._marks if mark.step <= self.length]
            saves = [mark for mark in marks if mark.kind == SAVE]
            others = [mark for mark in marks if mark.kind != SAVE]
            self._clusters = [one for part in (saves, others) for one in clusters(part, self.place, CROWDED)]
        return self._clusters

    def place(self, step: float) -> float:
        """Pixels from the left of a step."""
        share = min(1.0, step / self.length) if self.length else 0.0
        return PAD + share * (self.width() - 2 * PAD)

    def step_at(self, x: float) -> int:
        """The step at so many pixels from the left, within the run."""
        share = (x - PAD) / max(1, self.width() - 2 * PAD)
        return round(min(1.0, max(0.0, share)) * self.length)

    def cluster_at(self, point: QPointF) -> Cluster | None:
        """The marks under a point: saves stand below the groove, all else above it."""
        below = point.y() > GROOVE_TOP + GROOVE
        near = [
            (abs(self.place(one.chief.step) - point.x()), one)
            for one in self.clusters
            if (one.chief.kind == SAVE) == below
        ]
        distance, found = min(near, key=lambda one: one[0], default=(NEAR + 1.0, None))
        return found if distance <= NEAR else None

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.accent if self.hasFocus() else c.grid), 1))
        painter.setBrush(QColor(c.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        if not self.length:
            painter.setPen(QColor(c.muted))
            words = painter.fontMetrics().elidedText(self.empty, Qt.TextElideMode.ElideRight, self.width() - 2 * PAD)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
            return
        self._paint_groove(painter)
        for cluster in self.clusters:
            self._paint_mark(painter, cluster)
        self._paint_playhead(painter)

    def _paint_groove(self, painter: QPainter) -> None:
        """The steps, brighter where frames of what is in view are kept."""
        c = colours()
        groove = QRectF(PAD, GROOVE_TOP, self.width() - 2 * PAD, GROOVE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.grid))
        painter.drawRoundedRect(groove, 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if len(self._kept):
            width = groove.width()
            columns = np.unique((np.asarray(self._kept) * (width / self.length)).astype(int))
            hue = QColor(c.accent)
            hue.setAlpha(150)
            painter.setBrush(hue)
            painter.drawRects([QRectF(PAD + x, GROOVE_TOP + 2, 1, GROOVE - 4) for x in columns.tolist() if x < width])
        if self._hover is not None:
            painter.setPen(QPen(QColor(c.muted), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(self._hover, 3, self._hover, HEIGHT - 3))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_mark(self, painter: QPainter, cluster: Cluster) -> None:
        kind = cluster.chief.kind
        hue = QColor(getattr(colours(), HUES[kind]))
        x = self.place(cluster.chief.step)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(hue)
        if kind == SAVE:
            top = GROOVE_TOP + GROOVE + 2
            painter.drawRect(QRectF(x - 1.5, top, 3, 6))
            return
        y = GROOVE_TOP - MARK - 3
        if kind == "edit":
            painter.drawPolygon(_polygon(x, y, [(0, -1), (1, 0), (0, 1), (-1, 0)]))
        elif kind == "warning":
            painter.drawPolygon(_polygon(x, y, [(0, -1), (1, 1), (-1, 1)]))
        elif kind == "note":
            painter.drawEllipse(QPointF(x, y), MARK - 0.5, MARK - 0.5)
        elif kind == "failure":
            painter.setPen(QPen(hue, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for way in (-1, 1):
                painter.drawLine(QLineF(x - MARK + 1, y - way * (MARK - 1), x + MARK - 1, y + way * (MARK - 1)))
        else:  # a branch: a stem that forks
            painter.setPen(QPen(hue, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QLineF(x, y + MARK, x, y))
            painter.drawLine(QLineF(x, y, x - MARK + 1, y - MARK))
            painter.drawLine(QLineF(x, y, x + MARK - 1, y - MARK))
        if len(cluster.marks) > 1:
            font = painter.font()
            font.setPixelSize(10)
            painter.setFont(font)
            painter.setPen(QColor(colours().text))
            painter.drawText(QPointF(x + MARK + 1, y + 4), str(len(cluster.marks)))

    def _paint_playhead(self, painter: QPainter) -> None:
        past = self.position is not None
        x = self.place(self.position if self.position is not None else self.length)
        hue = QColor(past_colours()[0] if past else colours().accent)
        painter.setPen(QPen(hue, 2))
        painter.drawLine(QLineF(x, 3, x, HEIGHT - 3))
        painter.setPen(QPen(QColor(colours().surface), 1.5))
        painter.setBrush(hue)
        painter.drawEllipse(QPointF(x, GROOVE_TOP + GROOVE / 2), 6.5, 6.5)

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.length:
            cluster = self.cluster_at(event.position())
            self.asked.emit(cluster.chief.step if cluster else self.step_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position().x()
        if event.buttons() & Qt.MouseButton.LeftButton and self.length:
            self.asked.emit(self.step_at(event.position().x()))
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() or event.angleDelta().x()
        self.wanted.emit("back" if turns > 0 else "forward")
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wish = {
            Qt.Key.Key_Left: "step-back",
            Qt.Key.Key_Right: "step-forward",
            Qt.Key.Key_Up: "previous-mark",
            Qt.Key.Key_Down: "next-mark",
            Qt.Key.Key_Home: "first",
            Qt.Key.Key_End: "live",
        }.get(Qt.Key(event.key()))
        if wish is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.wanted.emit(wish)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def told_at(self, point: QPointF) -> str:
        """What the tooltip says at a point."""
        if not self.length:
            return self.empty
        cluster = self.cluster_at(point)
        return cluster.words() if cluster else self.words(self.step_at(point.x()))


def _polygon(x: float, y: float, corners: list[tuple[float, float]]) -> QPolygonF:
    return QPolygonF([QPointF(x + MARK * across, y + MARK * down) for across, down in corners])
