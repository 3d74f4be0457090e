"""Plots of curves as files: pictures as they are seen, numbers of every step."""

import math
import os
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from ganstudio.experiment.errors import StudioError
from ganstudio.training.history import History
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.curve_legend import entry_width, legend_font, paint_entry
from ganstudio.ui.widgets.curve_model import Curve
from ganstudio.ui.widgets.curve_painting import text_size
from ganstudio.ui.widgets.curves import CurvePlot

PNG_RATIO = 2
GAP = 20
"""Pixels between two entries of the legend."""
ROWS = 10_000


def save_picture(path: Path, plots: list[CurvePlot]) -> None:
    """The plots below each other with their legends, as PNG or SVG by the path's suffix, in the present theme.

    Raises ``StudioError`` naming the file when it cannot be written or the suffix is another.
    """
    text = text_size(plots[0].width(), sum(plot.height() for plot in plots))
    font = legend_font(plots[0].font(), text)
    line = round(QFontMetricsF(font).height()) + 10
    width = max(plot.width() for plot in plots)
    heads = [line * len(_legend(plot, font, width)) for plot in plots]
    size = QSize(width, sum(plot.height() for plot in plots) + sum(heads))
    if path.suffix.lower() == ".svg":
        device: QSvgGenerator | QImage = QSvgGenerator()
        device.setFileName(str(path))
        device.setResolution(96)
        device.setSize(size)
        device.setViewBox(QRectF(0, 0, size.width(), size.height()))
        device.setTitle("GAN Studio")
    elif path.suffix.lower() == ".png":
        device = QImage(size * PNG_RATIO, QImage.Format.Format_RGB32)
        device.setDevicePixelRatio(PNG_RATIO)
    else:
        raise StudioError("curves are saved as .png, .svg or .csv; choose one of these endings", str(path))
    if not os.access(path.parent, os.W_OK) or path.is_dir():
        raise _unwritable(path)
    painter = QPainter(device)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(colours().surface))
    for plot, head in zip(plots, heads, strict=True):
        _paint(painter, plot, font, QSize(width, head))
        painter.translate(0, plot.height() + head)
    painter.end()
    if isinstance(device, QImage) and not device.save(str(path)):
        raise _unwritable(path)


def _paint(painter: QPainter, plot: CurvePlot, font: QFont, head: QSize) -> None:
    rows = _legend(plot, font, head.width())
    for row, curves in enumerate(rows):
        x, y = 12.0, (row + 0.5) * head.height() / len(rows)
        for one in curves:
            paint_entry(painter, font, QPointF(x, y), one.label, getattr(colours(), one.colour))
            x += entry_width(font, one.label) + GAP
    painter.save()
    painter.translate(0, head.height())
    plot.paint_on(painter, QSize(head.width(), plot.height()))
    painter.restore()


def _legend(plot: CurvePlot, font: QFont, width: int) -> list[list[Curve]]:
    """The plot's curves in rows that fit into a width; one row at least."""
    rows: list[list[Curve]] = [[]]
    room = float(width)
    for one in plot.shown:
        needed = entry_width(font, one.label) + GAP
        if rows[-1] and needed > room:
            rows.append([])
            room = float(width)
        rows[-1].append(one)
        room -= needed
    return rows


def save_numbers(path: Path, names: list[str], history: History) -> None:
    """Every step's values as CSV: the step, then a column a metric; empty where a step has no value.

    The file appears whole or not at all. Raises ``StudioError`` naming it when it cannot be written.
    """
    names = [name for name in names if name in history.names]
    columns = [history.column(name) for name in names]
    steps = min((len(column) for column in columns), default=0)
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "w", encoding="utf-8", newline="") as file:
            file.write(",".join(["step", *names]) + "\n")
            for start in range(0, steps, ROWS):
                rows = zip(*(column[start : min(steps, start + ROWS)].tolist() for column in columns), strict=True)
                file.writelines(
                    f"{step},{','.join(map(_cell, values))}\n" for step, values in enumerate(rows, start + 1)
                )
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise _unwritable(path) from None


def _cell(value: float) -> str:
    """Nine digits tell every float32 from its neighbours."""
    return "" if math.isnan(value) else f"{value:.9g}"


def _unwritable(path: Path) -> StudioError:
    return StudioError("this file cannot be written; choose another folder or name", str(path))
