"""The Discriminator histogram panel: bars of the right height and colour, its past, and what it waits for."""

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QCheckBox, QComboBox

from ganstudio.probes.histogram import BINS, HISTORY, HistogramFrame
from ganstudio.training.session import Session
from ganstudio.training.status import Status
from ganstudio.ui import theme
from ganstudio.ui.panels.histogram import HistogramPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.histogram import LEVELS
from ganstudio.ui.widgets.histogram_painting import SHADES, Legend, shades


def framed(real, fake, kind="probability", equilibrium=0.5, rows: int = 3, ends=(0.0, 1.0)) -> HistogramFrame:
    real, fake = np.asarray(real, np.float32), np.asarray(fake, np.float32)
    row = np.stack([side / max(1, side.sum()) for side in (real, fake)])
    history = np.repeat(row[:, None], rows, axis=1)
    steps = np.arange(rows, dtype=np.int64)
    edges = np.linspace(*ends, BINS + 1)
    return HistogramFrame(9, "main", kind, edges, real, fake, (0.8, 0.2), equilibrium, history, steps)


def bump(centre: int, width: int = 4) -> np.ndarray:
    counts = np.zeros(BINS)
    counts[max(0, centre - width) : centre + width] = 16
    return counts


@pytest.fixture
def idle(qapp) -> Studio:
    """A studio whose session never starts."""
    return Studio(Session(probes=dict))


@pytest.fixture
def panel(idle, qtbot) -> HistogramPanel:
    panel = HistogramPanel(idle)
    qtbot.addWidget(panel)
    panel.resize(620, 400)
    panel.show()
    return panel


def grabbed(panel: HistogramPanel) -> QImage:
    return panel.view.grab().toImage()


def test_it_says_what_it_waits_for(panel, idle, monkeypatch):
    assert panel.view.accessibleDescription() == "Loading PyTorch…"
    monkeypatch.setattr(Studio, "status", Status(phase="ready"))
    idle.is_loaded = True
    idle.loaded.emit()
    assert "Press Train (Space)" in panel.view.accessibleDescription()
    panel.show_frame(framed(bump(30), bump(8)))
    assert panel.view.frame is not None
    panel.show_frame(framed(np.zeros(BINS), np.zeros(BINS), rows=0))
    assert panel.view.frame is None
    assert "Press Train (Space)" in panel.view.accessibleDescription()
    # Of the past nothing can be had by training.
    panel.show_past(0)
    assert "nothing of step 0 to show here: no step had been made yet" in panel.view.accessibleDescription()
    panel.show_past(1_200)
    assert "nothing of step 1,200 to show here." in panel.view.accessibleDescription()
    panel.show_past(None)
    assert "Press Train (Space)" in panel.view.accessibleDescription()


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_bars_stand_where_and_as_high_as_they_should(qapp, panel, choice):
    theme.apply(qapp, choice)
    panel.show_frame(framed(bump(30), bump(8)))
    image, plot, top = grabbed(panel), panel.view.plot_rect(), panel.view.top
    for centre, colour in ((30, theme.colours().real), (8, theme.colours().fake)):
        x = round(plot.left() + (centre + 0.5) / BINS * plot.width())
        column = [image.pixelColor(x, y).name() for y in range(plot.top(), plot.bottom() - 2)]
        height = plot.height() * (16 / 128) / top
        assert column.index(QColor(colour).name()) == pytest.approx(plot.height() - height, abs=3)


def test_the_equilibrium_stands_at_its_place_or_nowhere(panel):
    colour = QColor(theme.colours().equilibrium).name()
    panel.show_frame(framed(bump(36, 2), bump(4, 2), equilibrium=0.45))
    image, plot = grabbed(panel), panel.view.plot_rect()
    found = {
        x
        for x in range(plot.left(), plot.right())
        for y in range(plot.center().y(), plot.bottom())
        if image.pixelColor(x, y).name() == colour
    }
    assert found
    assert all(abs(x - (plot.left() + 0.45 * plot.width())) <= 2 for x in found)
    panel.show_frame(framed(bump(36, 2), bump(4, 2), kind="output", equilibrium=None, ends=(-3, 5)))
    image = grabbed(panel)
    assert not any(image.pixelColor(x, plot.center().y()).name() == colour for x in range(plot.left(), plot.right()))


def test_the_axis_of_shares_grows_at_once_and_shrinks_late(panel):
    view = panel.view
    one, flat = np.zeros(BINS), np.ones(BINS)
    one[0] = 1
    tops = []
    for share in (0.02, 0.06, 0.11, 0.095, 0.06, 0.02):
        counts = (1 - share) / (BINS - 1) * flat
        counts[0] = share
        view.show_frame(framed(1000 * counts, 1000 * counts))
        tops.append(view.top)
    assert view.top in LEVELS
    assert tops[0] == LEVELS[0]
    assert tops[1] == 0.1
    assert tops[2:5] == [0.2, 0.2, 0.1]
    view.show_frame(framed(one, one))
    assert view.top == 1.0


def test_the_newest_row_of_the_past_is_on_top(panel):
    rows = 40
    frame = framed(bump(30), bump(8), rows=rows)
    frame.history[:] = 0
    frame.history[0, -10:, :10] = 0.1  # the latest ten looks: real on the left
    frame.history[1, :-10, 30:] = 0.1  # before: generated on the right
    panel.show_frame(frame)
    image, room = grabbed(panel), panel.view.history_rect()
    row = room.height() / HISTORY
    left, right = room.left() + 20, room.right() - 20
    real, fake = QColor(theme.colours().real), QColor(theme.colours().fake)
    recent, past = (round(room.top() + at * row) for at in (5, 30))

    def nearer(pixel: QColor, one: QColor, other: QColor) -> bool:
        far = [sum(abs(a - b) for a, b in zip(pixel.getRgb()[:3], c.getRgb()[:3], strict=True)) for c in (one, other)]
        return far[0] < far[1]

    ground = QColor(theme.colours().surface)
    assert nearer(image.pixelColor(left, recent), real, fake)
    assert nearer(image.pixelColor(right, past), fake, real)
    assert image.pixelColor(right, recent) == ground
    assert image.pixelColor(left, past) == ground


def test_the_past_can_be_hidden(panel):
    panel.show_frame(framed(bump(30), bump(8)))
    with_past = panel.view.plot_rect().height()
    panel.findChild(QCheckBox).click()
    assert panel.view.plot_rect().height() > with_past
    assert panel.view.history_rect().isEmpty()
    grabbed(panel)


def test_a_critic_has_no_probability_to_choose(panel):
    asked = QSignalSpy(panel.studio.options_changed)
    axis = panel.findChild(QComboBox)
    axis.setCurrentIndex(1)
    axis.activated.emit(1)
    assert panel.options() == {"view": "logit"}
    assert asked.count() == 1
    panel.show_frame(framed(bump(30), bump(8), kind="output", equilibrium=None))
    assert not axis.isEnabled()
    panel.show_frame(framed(bump(30), bump(8)))
    assert axis.isEnabled()


@pytest.mark.parametrize("size", [(220, 140), (300, 160), (1900, 1200)])
@pytest.mark.parametrize("ends", [(0, 1), (-3e-4, 5e-4), (-4e6, 1e7)])
def test_any_size_and_axis_is_painted(panel, size, ends):
    panel.resize(*size)
    middle = sum(ends) / 2
    panel.show_frame(framed(bump(30), bump(8), kind="output", equilibrium=middle, ends=ends, rows=HISTORY))
    grabbed(panel)


def test_choices_are_remembered_and_nonsense_is_not(panel, idle, qtbot):
    panel.load_state({"axis": "logit", "history": False})
    assert panel.options() == {"view": "logit"}
    assert not panel.view.with_history
    panel.load_state({"axis": 3, "history": "yes"})
    assert panel.save_state() == {"axis": "logit", "history": False}


def test_more_samples_have_more_of_their_colour():
    c = theme.DARK
    table = shades(c)
    corners = {(0, 0): c.surface, (SHADES - 1, 0): c.real, (0, SHADES - 1): c.fake}
    for at, colour in corners.items():
        assert QColor.fromRgb(int(table[at])).name() == colour


@pytest.mark.parametrize(("width", "pixels"), [(900, 13), (255, 18), (350, 24)])
def test_the_legend_is_not_cut_in_the_large_type_of_the_stage(qapp, width, pixels):
    image, font = QImage(1200, 120, QImage.Format.Format_RGB32), QFont()
    image.fill(0)
    font.setPointSizeF(0.75 * pixels)
    painter = QPainter(image)
    Legend(font).draw(painter, QRect(80, 60, width, 50), (0.03, -0.0212))
    painter.end()
    written = np.frombuffer(image.constBits(), np.uint32).reshape(120, 1200) & 0xFFFFFF
    columns = np.flatnonzero(written.any(0))
    assert 200 < columns[-1] <= 80 + width + 12
