"""What is written onto curves."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from ganstudio.ui.widgets import curve_notes
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.curve_model import Level
from ganstudio.ui.widgets.curve_painting import Paper

LEVELS = [Level(1.386, "J_D = 2 log 2", "discriminator"), Level(0.693, "J_G = log 2", "generator")]


@pytest.mark.parametrize(("height", "count"), [(200, 2), (90, 2), (60, 1), (18, 1)])
def test_names_of_levels_never_lie_over_each_other(qapp, monkeypatch, height, count):
    image, font = QImage(300, height, QImage.Format.Format_RGB32), QFont()
    font.setPixelSize(11)
    plot = QRectF(30, 0, 260, height)
    at = Paper(300, height, Axis(0, 10), Axis(-2, 2), plot, [], [], font, 2.0)
    baselines = []
    monkeypatch.setattr(curve_notes, "paint_tag", lambda _p, _at, _left, baseline, *_: baselines.append(baseline))
    painter = QPainter(image)
    curve_notes.paint_level_labels(painter, at, LEVELS)
    painter.end()
    assert len(baselines) == count
    apart = QFontMetricsF(font).height()
    assert all(low - high >= apart - 1e-6 for low, high in pairwise(baselines))
