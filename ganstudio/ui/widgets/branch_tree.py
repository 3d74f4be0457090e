"""The branches of a run as a tree over its steps, with a dot for each checkpoint that can be gone back to."""

from datetime import datetime

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.runs.store import Checkpoint
from ganstudio.runs.tree import Branch, lineage
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.amounts import size
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.run_tree import RunTree

LANE, MARGIN, NEAR = 28, 14, 12
DOT, CHOSEN_DOT = 4.5, 7.0
REASONS = {
    "start": "the start",
    "time": "saved as time passed",
    "steps": "saved after so many steps",
    "edit": "before an edit",
    "pause": "at a pause",
    "stop": "at a stop",
    "asked": "asked for",
    "end": "the end",
}


class BranchTree(QWidget):
    """Choose a checkpoint with the mouse or the arrows; Enter or a double click goes on from it."""

    chosen = Signal(object)
    """The ``Checkpoint`` that is chosen, or None."""
    wanted = Signal(object)
    """A person wants to go on from this ``Checkpoint``."""

    def __init__(self) -> None:
        super().__init__()
        self.tree: RunTree | None = None
        self.choice: Checkpoint | None = None
        self.by_hand = False
        """Whether a person has chosen; else it is the newest checkpoint of the current branch."""
        self._lanes: dict[int, int] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Branches and checkpoints of the run")

    def show_tree(self, tree: RunTree | None) -> None:
        """Draw another run, or the same one further on; what a person has chosen stays chosen while it is there."""
        self.tree, self._lanes = tree, tree.lanes() if tree is not None else {}
        known = {(one.branch, one.step): one for one in tree.checkpoints} if tree is not None else {}
        chosen = known.get((self.choice.branch, self.choice.step)) if self.by_hand and self.choice is not None else None
        self.by_hand = chosen is not None
        here = [one for one in known.values() if tree is not None and one.branch == tree.current]
        self.choose(chosen or max(here or known.values(), key=lambda one: one.step, default=None))
        self.updateGeometry()
        self.update()

    def choose(self, checkpoint: Checkpoint | None) -> None:
        """Choose a checkpoint."""
        changed, self.choice = checkpoint != self.choice, checkpoint
        self.setAccessibleDescription(self.words(checkpoint) if checkpoint is not None else "")
        if changed:
            self.chosen.emit(checkpoint)
        self.update()

    def _pick(self, checkpoint: Checkpoint | None) -> None:
        self.by_hand = checkpoint is not None
        self.choose(checkpoint)

    def words(self, one: Checkpoint) -> str:
        """A checkpoint for people."""
        assert self.tree is not None
        when = datetime.fromtimestamp(one.time).strftime("%Y-%m-%d %H:%M:%S")
        reason = REASONS.get(one.reason, one.reason)
        return f"Step {one.step:,} of {self.tree.name(one.branch)}: {reason}, {when}, {size(one.bytes)}"

    # places

    def sizeHint(self) -> QSize:
        return QSize(320, round(LANE * max(1, len(self._lanes)) + self.fontMetrics().height() + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.sizeHint().height())

    def _label(self, branch: int) -> str:
        assert self.tree is not None
        return f"{self.tree.name(branch)} · {self.tree.ends[branch]:,}"

    @property
    def _room(self) -> QRectF:
        """Where steps are: right of it stand the branches' names."""
        font = self.font()
        font.setBold(True)  # as the current one's
        widest = max((QFontMetricsF(font).horizontalAdvance(self._label(one)) for one in self._lanes), default=0.0)
        width = max(60.0, self.width() - MARGIN - min(widest + 30, 0.5 * self.width()))
        return QRectF(MARGIN, 0, width, LANE * len(self._lanes))

    def _across(self, step: float) -> float:
        assert self.tree is not None
        room = self._room
        return room.left() + room.width() * step / max(1, *self.tree.ends.values())

    def _down(self, branch: int) -> float:
        return LANE * (self._lanes[branch] + 0.5)

    def place(self, one: Checkpoint) -> QPointF:
        """Where a checkpoint's dot is."""
        return QPointF(self._across(one.step), self._down(one.branch))

    def _dots(self) -> list[Checkpoint]:
        """Checkpoints that have a lane."""
        return [one for one in self.tree.checkpoints if one.branch in self._lanes] if self.tree is not None else []

    def at(self, place: QPointF) -> Checkpoint | None:
        """The checkpoint under the pointer."""
        near = [((self.place(one) - place).manhattanLength(), index) for index, one in enumerate(self._dots())]
        distance, index = min(near, default=(NEAR + 1.0, 0))
        return self._dots()[index] if distance <= NEAR else None

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.tree is None:
            return
        c, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        way = {one.branch: one.stop for one in lineage(self.tree.branches, self.tree.current)}
        for branch in self.tree.branches:
            if branch.id in self._lanes:
                self._paint_branch(painter, branch, c.muted, 2.0)
        for branch in self.tree.branches:
            if branch.id in way:
                self._paint_branch(painter, branch, c.accent, 3.5, way[branch.id])
        for branch in self._lanes:
            self._paint_label(painter, branch)
        for one in self._dots():
            on_way = one.branch in way and (way[one.branch] is None or one.step <= way[one.branch])
            self._paint_dot(painter, one, c.accent if on_way else c.muted)
        self._paint_axis(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_branch(
        self, painter: QPainter, branch: Branch, colour: str, width: float, stop: int | None = None
    ) -> None:
        """A bend down from the parent, then a line up to its end, or up to where it is left again."""
        assert self.tree is not None
        end = self._across(self.tree.ends[branch.id] if stop is None else stop)
        y, path = self._down(branch.id), QPainterPath()
        if branch.parent in self._lanes:
            start, above = self._across(branch.step), self._down(branch.parent)
            path.moveTo(start, above)
            bend = min(10.0, (y - above) / 2)
            path.lineTo(start, y - bend)
            path.quadTo(start, y, start + bend, y)
        else:
            path.moveTo(self._across(0), y)
        path.lineTo(max(end, path.currentPosition().x()), y)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(path)

    def _paint_label(self, painter: QPainter, branch: int) -> None:
        assert self.tree is not None
        c, current = colours(), branch == self.tree.current
        left, y = self._across(self.tree.ends[branch]) + 10, self._down(branch)
        font = painter.font()
        font.setBold(current)
        painter.setFont(font)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.accent))
            painter.drawPolygon(QPolygonF([QPointF(left, y - 6), QPointF(left + 10, y), QPointF(left, y + 6)]))
            left += 14
        painter.setPen(QColor(c.text if current else c.muted))
        metrics = QFontMetricsF(font)
        room = max(30.0, self.width() - left - 4)
        words = metrics.elidedText(self._label(branch), Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QPointF(left, y + metrics.ascent() / 2 - 1), words)

    def _paint_dot(self, painter: QPainter, one: Checkpoint, colour: str) -> None:
        chosen = one == self.choice
        painter.setPen(QPen(QColor(colours().text if chosen else colour), 2))
        painter.setBrush(QColor(colours().accent if chosen else colours().surface))
        radius = CHOSEN_DOT if chosen else DOT
        painter.drawEllipse(self.place(one), radius, radius)

    def _paint_axis(self, painter: QPainter) -> None:
        assert self.tree is not None
        c, metrics, room = colours(), QFontMetricsF(self.font()), self._room
        font = painter.font()
        font.setBold(False)
        painter.setFont(font)
        axis = Axis(0, max(1, *self.tree.ends.values()))
        y = room.bottom() + 2
        for tick in axis.ticks(int(room.width() / metrics.horizontalAdvance("100,000") / 1.6)):
            x = self._across(tick.value)
            painter.setPen(QPen(QColor(c.grid), 1))
            painter.drawLine(QLineF(x, y, x, y + 4))
            painter.setPen(QColor(c.muted))
            half = metrics.horizontalAdvance(tick.label) / 2
            painter.drawText(QPointF(max(2.0, x - half), y + metrics.ascent() + 6), tick.label)

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick(self.at(event.position()) or self.choice)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.at(event.position())
        if found is not None:
            self.wanted.emit(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.at(QPointF(event.pos()))
            help_ = "A dot is a checkpoint: choose one (click, arrows), then continue from there (Enter, double click)"
            QToolTip.showText(event.globalPos(), self.words(found) if found is not None else help_, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.choice is not None:
            self.wanted.emit(self.choice)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._walk(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._change_lane(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _walk(self, way: int) -> None:
        """Along the branch, and past its ends to the branches beside it."""
        dots = sorted(self._dots(), key=lambda one: (self._lanes[one.branch], one.step))
        if not dots:
            return
        if self.choice in dots:
            self._pick(dots[min(len(dots) - 1, max(0, dots.index(self.choice) + way))])
        else:
            self._pick(dots[-1])

    def _change_lane(self, way: int) -> None:
        """To the nearest checkpoint of the next branch that has one."""
        if self.choice is None:
            self._walk(way)
            return
        here, step = self._lanes[self.choice.branch], self.choice.step
        beyond = [one for one in self._dots() if (self._lanes[one.branch] - here) * way > 0]
        if beyond:
            self._pick(min(beyond, key=lambda one: (abs(self._lanes[one.branch] - here), abs(one.step - step))))
