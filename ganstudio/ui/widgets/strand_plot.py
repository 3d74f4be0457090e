"""A plot of one metric of several runs or branches."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent

from ganstudio.experiment.errors import StudioError
from ganstudio.training.history import History
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.amounts import duration
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.curve_model import Curve
from ganstudio.ui.widgets.curves import CurvePlot
from ganstudio.ui.widgets.strands import Strands
from ganstudio.ui.widgets.time_axis import ROWS_PER_SECOND, TimeAxis

CHUNK = 10_000


class StrandPlot(CurvePlot):
    """As ``CurvePlot``; each curve has its number at its end, by which the legend and the table call it."""

    def __init__(self) -> None:
        super().__init__(())
        self.strands = Strands((), "")
        self.history = self.strands
        self.numbers: dict[str, int] = {}

    def show_strands(self, strands: Strands, curves: Sequence[Curve], numbers: dict[str, int]) -> None:
        """Draw other strands, or another metric of them; axes that a hand has moved stay where they are."""
        if strands.timed != self.strands.timed:
            was = self.x
            self.x = TimeAxis(0, 100) if strands.timed else Axis(0, 100)
            self.x.set_log(was.log, least=1)
            self.following = True
        if strands.metric != self.strands.metric:
            self.y.follows = True
        self.strands, self.curves, self.numbers = strands, tuple(curves), numbers
        self.history, self._revision = strands, strands.revision
        self.repaint_all()

    def reading(self, step: int) -> list[tuple[str, str]]:
        _, *lines = super().reading(step)
        head = duration(step / ROWS_PER_SECOND) if self.strands.timed else f"step {step:,}"
        return [(head, colours().text), *lines]

    def show_history(self, history: History) -> None:
        before = len(self.history)
        super().show_history(history)
        if len(history) != before:
            self.update()  # the numbers move on, beside what is new

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if len(self.history):
            painter = QPainter(self)
            self._paint_numbers(painter)
            painter.end()

    def _last(self, name: str, end: int) -> float:
        """A curve's value at its end, as it is drawn; NaN where it has none."""
        cuts = self._picture.cuts if self._picture is not None else []
        cut = next((cut for cut in reversed(cuts) if cut.start < end), None)
        if cut is None:
            return np.nan
        found = self.strands.buckets([name], end - 1, end, cut.width, self.smoothing).mean
        return float(found[0, -1]) if found.size else np.nan

    def _paint_numbers(self, painter: QPainter) -> None:
        """A disc with the number at each curve's end, pushed apart where two would meet."""
        at, places = self._paper, []
        for one in self.shown:
            end = self.strands.end(one.name)
            x, y = float(at.across(end)), float(at.down(self._last(one.name, end)))
            if at.plot.left() <= x <= at.plot.right() + 1 and at.plot.top() <= y <= at.plot.bottom():
                places.append((x, y, one))
        font = QFont(at.font)
        font.setBold(True)
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = QFontMetricsF(font).height() / 2 + 2
        taken: list[QPointF] = []
        for x, y, one in sorted(places, key=lambda place: place[1]):
            centre = QPointF(min(x + radius + 2, at.plot.right() - radius), y)
            while any((centre - other).manhattanLength() < 2 * radius for other in taken):
                centre.setY(centre.y() + 2)
            taken.append(centre)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(colours(), one.colour)))
            painter.drawEllipse(centre, radius, radius)
            painter.setPen(QColor(colours().surface))
            disc = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self.numbers[one.name]))


def save_strands(path: Path, strands: Strands, labels: dict[str, str]) -> None:
    """Every step of every strand as CSV, one below the other: run, branch, step, seconds of training, value.

    Seconds are empty where nobody knows them, values where a step has none. The file appears whole or not at all.
    Raises ``StudioError`` naming it when it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["run", "branch", "step", "seconds", strands.metric])
            for key, strand in strands.strands.items():
                values = strands.column(key)
                steps = np.arange(1, len(values) + 1)
                seconds = strand.clock.seconds_at(steps) if strand.clock else np.full(len(values), np.nan)
                for start in range(0, len(values), CHUNK):
                    piece = slice(start, start + CHUNK)
                    numbers = zip(steps[piece].tolist(), seconds[piece].tolist(), values[piece].tolist(), strict=True)
                    writer.writerows(
                        [labels[key], strand.branch, step, _cell(second, 6), _cell(value, 9)]
                        for step, second, value in numbers
                    )
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise StudioError("this file cannot be written; choose another folder or name", str(path)) from None


def _cell(value: float, digits: int) -> str:
    return "" if value != value else f"{value:.{digits}g}"
