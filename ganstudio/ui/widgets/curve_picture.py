"""The picture of curves so far, to which only what is new is added.

A bucket of the history never changes once it is full. So all full buckets are painted once, for good; the newest ones
are painted over the picture on each frame. A frame costs the newest few pixels, whatever the length of the run.
"""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from ganstudio.training.history import Envelope, History
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import curve_bands as bands
from ganstudio.ui.widgets import curve_notes as notes
from ganstudio.ui.widgets import curve_painting as painting
from ganstudio.ui.widgets.curve_model import Curve, Level, Marker, Stretch, fetch, newest_bucket

LONGEST_TAIL = 8
"""Buckets at the end that are painted over the picture: adding each to it at once would be painting it twice."""


class CurvePicture:
    """Curves of one history on fixed axes.

    ``length`` is the history's at the time that ``envelope`` was fetched of it: it may have grown since.
    """

    def __init__(
        self,
        at: painting.Paper,
        ratio: float,
        curves: list[Curve],
        cuts: list[Stretch],
        smoothing: int,
        levels: list[Level],
        envelope: Envelope,
        length: int,
    ):
        self.at, self.ratio, self.curves, self.cuts, self.smoothing = at, ratio, curves, cuts, smoothing
        self.x_state = at.x.state
        hues = [getattr(colours(), one.colour) for one in curves]
        self._tones = [bands.tone(hue) for hue in hues]
        self._pens = [painting.pen(hue, at.line) for hue in hues]
        self.pixmap = QPixmap(round(at.width * ratio), round(at.height * ratio))
        self.pixmap.setDevicePixelRatio(ratio)
        self._seen = length
        self._done = newest_bucket(cuts, length)
        self._marked = 0
        self._free = -painting.FAR
        trace = at.trace(envelope)
        painter = QPainter(self.pixmap)
        painting.paint_background(painter, at)
        painter.setClipRect(at.plot)
        notes.paint_levels(painter, at, levels)
        self._paint(painter, trace[:-1])
        painter.end()
        self._tail = trace[-2:]
        """The newest bucket, after those that are not in the picture yet and the one that all are joined to."""
        self._named_from = notes.level_labels_from(at, levels)
        """Pixels from the left at which the levels' names begin."""
        self._names = self._written(levels)

    def _written(self, levels: list[Level]) -> QPixmap:
        """The levels' names on nothing: they stand over the curves, and writing them takes as long as these."""
        room = QPixmap(round((self.at.width - self._named_from) * self.ratio), self.pixmap.height())
        room.setDevicePixelRatio(self.ratio)
        room.fill(Qt.GlobalColor.transparent)
        painter = QPainter(room)
        painter.setFont(self.at.font)
        painter.translate(-self._named_from, 0)
        notes.paint_level_labels(painter, self.at, levels)
        painter.end()
        return room

    def has_news(self, history: History) -> bool:
        """Whether the stretch shown has steps that are not in the picture."""
        last = self.cuts[-1]
        return min(len(history), -(-last.stop // last.width) * last.width) > self._seen

    def news(self, history: History, length: int) -> painting.Trace:
        """The newest bucket of before, and all since then up to row ``length``."""
        names = [one.name for one in self.curves]
        return self.at.trace(fetch(history, names, self.cuts, slice(self._done, length), self.smoothing))

    def leaves(self, news: painting.Trace) -> bool:
        """Whether values lie outside the axis of values."""
        top, bottom, _ = news.edges
        return bool((top < self.at.plot.top()).any() or (bottom > self.at.plot.bottom()).any())

    def extend(self, news: painting.Trace, length: int) -> QRect:
        """Add what is new; answers which part of the window is to be painted."""
        tail = self._tail[:-1].then(news)
        done = newest_bucket(self.cuts, length)
        reach = self.at.line + 3
        strip = QRectF(self.at.plot)
        if len(tail.across):
            before = self._tail.across[-2:]
            strip.setLeft(min(float(before[0]) if len(before) else 0.0, strip.right()) - reach)
            strip.setRight(min(float(tail.across[-1]), strip.right()) + reach)
        if len(tail.across) > LONGEST_TAIL:
            painter = QPainter(self.pixmap)
            painter.setClipRect(self.at.plot)
            self._paint(painter, tail[:-1])
            painter.end()
            tail = tail[-2:]
        self._tail, self._done, self._seen = tail, done, length
        return strip.toAlignedRect()

    def mark(self, markers: list[Marker]) -> None:
        """Add the markers that are not in the picture; the first ones must be those that are."""
        if len(markers) > self._marked:
            painter = QPainter(self.pixmap)
            painter.setClipRect(self.at.plot)
            self._free = notes.paint_markers(painter, self.at, markers[self._marked :], self._free)
            painter.end()
            self._marked = len(markers)

    def paint(self, painter: QPainter, part: QRect) -> None:
        """Paint the picture, over it the newest bucket, and where ``part`` reaches them the levels' names."""
        painter.drawPixmap(0, 0, self.pixmap)
        painter.setClipRect(self.at.plot)
        self._paint(painter, self._tail)
        if part.right() >= self._named_from:
            painter.drawPixmap(self._named_from, 0, self._names)

    def _paint(self, painter: QPainter, trace: painting.Trace) -> None:
        """Bands first, so that no band dims a line."""
        bands.paint_bands(painter, self.at, trace, self._tones, self.ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.paint_lines(painter, trace, self._pens)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
