"""A plot of metrics over steps: a clear line of means over a faint band from least to greatest."""

from copy import copy
from math import isfinite

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ganstudio.training.history import Envelope, History
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import curve_bands as bands
from ganstudio.ui.widgets import curve_notes as notes
from ganstudio.ui.widgets import curve_painting as painting
from ganstudio.ui.widgets.axis import Axis, number
from ganstudio.ui.widgets.curve_hand import CurveHand
from ganstudio.ui.widgets.curve_model import Curve, Extent, Level, Marker, Stretch, extent, fetch, stretches
from ganstudio.ui.widgets.curve_picture import CurvePicture

NEAR_MARKER = 5
"""Pixels within which the read-out tells of an edit."""
MOST_TOLD = 0.6
"""Share of a plot's height that the values at the past's cursor may cover."""


class CurvePlot(CurveHand):
    """Curves of one history on one pair of axes; plots that share ``x`` show the same steps.

    The axes follow the run until a hand moves them (see ``CurveHand``).
    """

    following_changed = Signal(bool)
    """Whether the axes follow the run."""
    moved = Signal()
    """A hand has moved an axis."""

    def __init__(self, curves: tuple[Curve, ...], x: Axis | None = None):
        super().__init__()
        self.curves = curves
        self.empty = ""
        """What the plot says while there are no curves."""
        self.x, self.y = x or Axis(0, 100), Axis()
        self.range: tuple[float, float] | None = None
        """The values that a following axis shows; None makes it fit the curves."""
        self.history = History(())
        self.hidden: set[str] = set()
        self.cursor: int | None = None
        """The step of the past that the window looks at."""
        self.cursor_tells = True
        """Whether the values at the cursor stand beside it."""
        self._revision = 0
        self._smoothing = 1
        self._levels: list[Level] = []
        self._markers: list[Marker] = []
        self._extent: Extent | None = None
        self._picture: CurvePicture | None = None
        self._paper = painting.paper(300, 200, self.x, self.y, self.font())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(140, 90)

    def sizeHint(self) -> QSize:
        return QSize(460, 220)

    @property
    def shown(self) -> list[Curve]:
        """The curves that the history has and nobody has switched off."""
        return [one for one in self.curves if one.name in self.history.names and one.name not in self.hidden]

    @property
    def smoothing(self) -> int:
        """Steps that the line's mean is over; the band always shows every step."""
        return self._smoothing

    @smoothing.setter
    def smoothing(self, steps: int) -> None:
        self._smoothing = max(1, steps)
        self.repaint_all()

    def set_log(self, *, x: bool | None = None, y: bool | None = None) -> None:
        """Make axes logarithmic or linear."""
        if x is not None and x != self.x.log:
            self.x.set_log(x, least=1)
        if y is not None and y != self.y.log:
            self.y.set_log(y)
            self.y.follows = True
        self.repaint_all()

    def show_cursor(self, step: int | None) -> None:
        """Stand at a step of the past, or at none."""
        if step != self.cursor:
            self.cursor = step
            self.update()

    def show_curve(self, name: str, shown: bool) -> None:
        """Switch a curve on or off."""
        (self.hidden.discard if shown else self.hidden.add)(name)
        self.repaint_all()

    def set_levels(self, levels: list[Level]) -> None:
        """The values of theory to draw as dashed lines."""
        if levels != self._levels:
            self._levels = list(levels)
            self.repaint_all()

    def set_markers(self, markers: list[Marker]) -> None:
        """The edits to mark, in order of their steps. Markers added at the end cost no new picture."""
        grown = self._markers == markers[: len(self._markers)]
        self._markers = list(markers)
        if not grown:
            self.repaint_all()
        elif self._picture is not None:
            self._picture.mark(self._markers)
            self.update()

    def show_history(self, history: History) -> None:
        """Draw what is new: the history has grown, was cut, or is another one."""
        revision, length = history.revision, len(history)
        if history is not self.history or revision != self._revision:
            if history is not self.history:
                self.following = True
            self.history, self._revision, self._picture = history, revision, None
        if self.x.follows:
            self.x.room_for_steps(length)
        picture = self._picture
        if picture is None or picture.x_state != self.x.state:
            self.repaint_all()
        elif picture.curves and picture.has_news(history):
            news = picture.news(history, length)
            if self.y.follows and picture.leaves(news):
                beyond = self._beyond()
                if self._fit_y(self._fetch(picture.cuts, length)):
                    self.repaint_all()
                    return
                if self._beyond() != beyond:
                    self.update()
            self.update(picture.extend(news, length))

    def repaint_all(self) -> None:
        """Make a new picture at the next painting."""
        self._picture = None
        self.update()

    # the picture

    def _fetch(self, cuts: list[Stretch], length: int) -> Envelope:
        names = [one.name for one in self.shown]
        return fetch(self.history, names, cuts, slice(cuts[0].start, length), self._smoothing)

    def _fit_y(self, envelope: Envelope) -> bool:
        """Make the axis of values follow. Answers whether it moved."""
        before = self.y.state
        self._extent = extent(envelope, self.y.log)
        values = [self._extent.low, self._extent.high] if self._extent else []
        values += [one.value for one in self._shown_levels()]
        values = [value for value in values if value > 0 or not self.y.log]
        if self.range:
            self.y.low, self.y.high = self.range
        elif values:
            self.y.fit(min(values), max(values))
        return self.y.state != before

    def _shown_levels(self) -> list[Level]:
        shown = {one.name for one in self.shown if self.history.names}
        return [one for one in self._levels if shown & set(one.curves)]

    def _make_picture(self) -> CurvePicture:
        length = len(self.history)
        if self.x.follows:
            self.x.room_for_steps(length)
        cuts = stretches(self.x, self.width())
        envelope = self._fetch(cuts, length)
        if self.y.follows:
            self._fit_y(envelope)
        self._paper = painting.paper(self.width(), self.height(), self.x, self.y, self.font())
        picture = CurvePicture(
            self._paper,
            self.devicePixelRatioF(),
            self.shown,
            cuts,
            self._smoothing,
            self._shown_levels(),
            envelope,
            length,
        )
        picture.mark(self._markers)
        return picture

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._picture
        if picture is None or picture.ratio != self.devicePixelRatioF() or picture.x_state != self.x.state:
            self._picture = picture = self._make_picture()
        at = picture.at
        painter = QPainter(self)
        painter.setFont(at.font)
        picture.paint(painter, event.rect())
        self._paint_messages(painter)
        if self.cursor is not None:
            self._paint_cursor(painter, self.cursor)
        if self.hover is not None:
            self._paint_hover(painter, self.hover)
        painter.end()

    def _paint_messages(self, painter: QPainter) -> None:
        at = self._paper
        if not len(self.history):
            font = QFont(at.font)
            font.setPixelSize(at.font.pixelSize() + 4)
            painter.setFont(font)
            painter.setPen(QColor(colours().text))
            painter.drawText(at.plot, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty)
            return
        notice = self._beyond()
        if notice:
            notes.paint_tag(painter, at, at.plot.left() + 6, at.plot.bottom() - 6, notice, "muted")

    def _beyond(self) -> str:
        """What the axis of values leaves out."""
        found = self._extent
        if self.y.log and any(self.history.names) and (hidden := self._below_zero()):
            return f"{', '.join(hidden)}: below 0, not on a log axis"
        if found is None or not self.y.follows:
            return ""
        up = f"↑ up to {digits(found.greatest)}" if found.greatest > self.y.high else ""
        down = f"↓ down to {digits(found.least)}" if found.least < self.y.low else ""
        return "   ".join(filter(None, (up, down)))

    def _below_zero(self) -> list[str]:
        return [one.label for one in self.shown if self.history.latest(one.name) <= 0]

    def paint_on(self, painter: QPainter, size: QSize) -> None:
        """Paint the plot as it is now, sharp at any size (for files)."""
        if self._picture is None:
            self._picture = self._make_picture()
        x, y = copy(self.x), copy(self.y)
        at = painting.paper(size.width(), size.height(), x, y, self.font())
        painting.paint_background(painter, at)
        painter.save()
        painter.setClipRect(at.plot)
        notes.paint_levels(painter, at, self._shown_levels())
        trace = at.trace(self._fetch(stretches(x, size.width()), len(self.history)))
        hues = [getattr(colours(), one.colour) for one in self.shown]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bands.paint_band_outlines(painter, trace, [bands.tone(hue) for hue in hues])
        painting.paint_lines(painter, trace, [painting.pen(hue, at.line) for hue in hues])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        notes.paint_markers(painter, at, self._markers)
        notes.paint_level_labels(painter, at, self._shown_levels())
        painter.restore()

    # the read-out

    def reading(self, step: int) -> list[tuple[str, str]]:
        """(text, colour) lines for a step: its number, each curve's mean and range there, and edits nearby."""
        lines = [(f"step {step:,}", colours().text)]
        found = self._at_step(step)
        for curve, one in enumerate(self.shown if found is not None else []):
            mean, low, high = (float(part[curve, 0]) for part in (found.mean, found.low, found.high))
            if mean == mean:
                span = f"   ({digits(low, 3)} … {digits(high, 3)})" if low != high else ""
                unit = f" {one.unit}" if one.unit else ""
                lines.append((f"{one.label}  {digits(mean)}{unit}{span}", getattr(colours(), one.colour)))
        place = float(self._paper.across(step))
        near = [m for m in self._markers if abs(float(self._paper.across(m.step)) - place) <= NEAR_MARKER]
        return lines + [(marker.sentence, colours().accent) for marker in near[-3:]]

    def _at_step(self, step: int) -> Envelope | None:
        """The bucket that holds a step, as it is drawn."""
        cuts = self._picture.cuts if self._picture is not None else []
        cut = next((cut for cut in reversed(cuts) if cut.start < step), None)
        if cut is None or not 1 <= step <= len(self.history):
            return None
        return self.history.buckets([one.name for one in self.shown], step - 1, step, cut.width, self._smoothing)

    def _paint_hover(self, painter: QPainter, hover: QPointF) -> None:
        at = self._paper
        if not at.plot.contains(hover) or not len(self.history):
            return
        step = round(self.x.value((hover.x() - at.plot.left()) / at.plot.width()))
        step = min(max(1, step), len(self.history))
        notes.paint_cross(painter, at, float(at.across(step)), self._dots(step))
        notes.paint_readout(painter, at, float(at.across(step)), self.reading(step))

    def _paint_cursor(self, painter: QPainter, step: int) -> None:
        """The past that is looked at; its values give way to those under the pointer."""
        at = self._paper
        place = float(at.across(max(step, self.x.low)))
        if not at.plot.left() <= place <= at.plot.right() or not len(self.history):
            return
        notes.paint_cursor(painter, at, place, self._dots(step))
        lines = self.reading(step) if self.cursor_tells and self.hover is None else []
        # Where they would cover the curves, the line and its dots are enough.
        if lines and notes.readout_size(at, lines).height() <= MOST_TOLD * at.plot.height():
            notes.paint_readout(painter, at, place, lines)

    def _dots(self, step: int) -> list[tuple[float, str]]:
        """(pixels from the top, colour) of each curve at a step."""
        found = self._at_step(step)
        middles = self._paper.down(found.mean[:, 0]).tolist() if found is not None else []
        return [(y, getattr(colours(), one.colour)) for y, one in zip(middles, self.shown, strict=False) if isfinite(y)]

    # Qt

    @property
    def plot_area(self) -> QRectF:
        """Where the curves are, without the axes, in the widget's pixels."""
        return self._paper.plot

    def resizeEvent(self, event: QEvent) -> None:
        self.repaint_all()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.repaint_all()
        super().changeEvent(event)


def digits(value: float, count: int = 4) -> str:
    """A value with so many digits."""
    if not isfinite(value):
        return "–" if value != value else ("∞" if value > 0 else "−∞")
    return number(value, abs(value) / 10 ** (count - 1) or 1.0)
