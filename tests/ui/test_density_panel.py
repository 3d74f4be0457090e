"""The Density panel: figure 1 on screen, its four moments, and data drawn by hand."""

from time import monotonic, sleep

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.probes.density import DensityFrame, DensityProbe, Figure
from ganstudio.training import four_moments
from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panels.density import DensityPanel
from ganstudio.ui.studio import Studio

CELLS = 400


def bell(x: np.ndarray, mean: float, sigma: float) -> np.ndarray:
    return np.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))


def figured(**changes) -> Figure:
    """p_data = N(0, 0.8²), p_g = N(1, 0.5²) by G(z) = 1 + z/2, D rising from 0 to 1."""
    edges = np.linspace(-3, 3, CELLS + 1)
    x = (edges[1:] + edges[:-1]) / 2
    p, q = bell(x, 0, 0.8), bell(x, 1, 0.5)
    z = np.linspace(-2, 2, 25)
    steps = np.arange(6.0)
    values = {
        "x": x,
        "extent": (-3.0, 3.0),
        "p_data": p,
        "p_g": q,
        "exact": q.copy(),
        "monotone": True,
        "score": np.linspace(0, 1, CELLS),
        "best": p / (p + q),
        "probability": True,
        "real_target": 1.0,
        "rest": 0.5,
        "z": z,
        "gz": 1 + z / 2,
        "z_limits": (-3.0, 3.0),
        "beyond": 0.0,
        "jsd": 0.2,
        "value": -1.3,
        "value_at_best": -0.986,
        "shortfall": 0.314,
        "trail": {"step": steps, "value": steps / 9 - 1.4, "value_at_best": steps / 9 - 1, "jsd": steps / 20 + 0.1},
    }
    return Figure(**(values | changes))


def critic(**changes) -> Figure:
    nan = float("nan")
    values = {"value": nan, "value_at_best": nan, "shortfall": nan, "score": np.linspace(-3, 5, CELLS)}
    return figured(probability=False, best=None, rest=None, **(values | changes))


def framed(figure: Figure | None, dim: int = 1) -> DensityFrame:
    return DensityFrame(5, "main", figure, dim)


@pytest.fixture
def idle(qapp) -> Studio:
    """A studio whose session never starts."""
    theme.apply(qapp, "light")
    return Studio(Session(probes=dict))


@pytest.fixture
def panel(idle, qtbot) -> DensityPanel:
    panel = DensityPanel(idle)
    qtbot.addWidget(panel)
    panel.resize(900, 560)
    panel.show()
    return panel


def grabbed(panel: DensityPanel) -> QImage:
    return panel.view.grab().toImage()


def has(image: QImage, x: float, y: float, colour: str, reach: int = 3) -> bool:
    wanted = QColor(colour).name()
    around = range(-reach, reach + 1)
    return any(image.pixelColor(round(x) + dx, round(y) + dy).name() == wanted for dx in around for dy in around)


# the picture


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_curves_stand_where_they_should(qapp, panel, choice):
    theme.apply(qapp, choice)
    panel.restyle()
    figure = figured(exact=None)
    panel.show_frame(framed(figure))
    image, at = grabbed(panel), panel.view.layout_now()
    assert at is not None
    c = theme.colours()
    for cell in (60, 250, 330):
        x = float(at.chart.across(figure.x[cell]))
        assert has(image, x, float(at.chart.down(figure.p_g[cell])), c.equilibrium)
        plot = at.chart.plot
        assert has(image, x, plot.bottom() - figure.score[cell] * plot.height(), c.discriminator)
    for name, cell in (("p_data", 200), ("best", 120)):
        # Dotted and dashed: somewhere near there is a piece of it.
        y = figure.p_data[cell] if name == "p_data" else figure.best[cell]
        down = float(at.chart.down(y)) if name == "p_data" else at.chart.plot.bottom() - y * at.chart.plot.height()
        colour = c.text if name == "p_data" else c.discriminator
        assert has(image, float(at.chart.across(figure.x[cell])), down, colour, reach=9)


def test_arrows_lead_from_z_to_where_g_maps_it(panel):
    z, gz = np.array([-1.5, 0.0, 2.0]), np.array([2.0, 0.5, -2.5])
    panel.show_frame(framed(figured(z=z, gz=gz)))
    image, at = grabbed(panel), panel.view.layout_now()
    ground = QColor(theme.colours().surface).name()
    plot = at.chart.plot
    for one, end in zip(z, gz, strict=True):
        begin = plot.left() + (one + 3) / 6 * plot.width()
        middle = (begin + float(at.chart.across(end))) / 2
        y = (at.x_line + at.z_line) / 2
        row = [image.pixelColor(round(middle) + dx, round(y)).name() for dx in (-2, -1, 0, 1, 2)]
        assert any(pixel != ground for pixel in row)


def test_more_numbers_in_z_have_marks_in_place_of_arrows(panel):
    panel.show_frame(framed(figured(z=np.empty(0), monotone=None, exact=None)))
    grabbed(panel)
    assert "more than one number" in panel.view.accessibleDescription()


def test_it_says_whether_g_is_monotone_and_what_lies_beyond(panel):
    panel.show_frame(framed(figured()))
    assert "G is monotone" in panel.view.accessibleDescription()
    panel.show_frame(framed(figured(monotone=False, exact=None, beyond=0.25)))
    assert "not monotone" in panel.view.accessibleDescription()
    assert "25% of the samples lie beyond" in panel.view.accessibleDescription()


def test_the_axis_of_densities_grows_at_once_and_shrinks_late(panel):
    tops = []
    for height in (1.0, 1.6, 1.2, 1.0, 50.0):
        figure = figured()
        panel.show_frame(framed(figured(p_g=figure.p_g * height)))
        tops.append(panel.view.layout_now().chart.y.high)
    assert tops[1] > tops[0]
    assert tops[2] == tops[3] == tops[1]
    assert tops[4] == pytest.approx(2.4 * figured().p_data.max())


def test_the_numbers_are_told_and_a_critic_has_few(panel):
    panel.show_frame(framed(figured()))
    told = panel.values.accessibleDescription()
    assert "V(G, D) = −1.300" in told
    assert "V(G, D*) = −0.986" in told
    assert "−log 4 + 2·JSD = −0.986" in told
    panel.show_frame(framed(critic()))
    assert panel.values.accessibleDescription() == "JSD of G as it trains = 0.2000"
    panel.values.grab()


@pytest.mark.parametrize("size", [(300, 320), (742, 430), (1900, 1200)])
@pytest.mark.parametrize(
    "figure",
    [
        figured(),
        figured(real_target=0.9, best=0.9 * figured().best, rest=0.45),
        critic(),
        critic(score=np.full(CELLS, 0.3)),
        figured(trail={name: values[:1] for name, values in figured().trail.items()}),
        figured(best=np.full(CELLS, np.nan), p_g=np.zeros(CELLS), exact=np.zeros(CELLS)),
    ],
    ids=["plain", "smoothed", "critic", "flat critic", "first look", "nothing generated"],
)
def test_any_size_and_figure_is_painted(panel, size, figure):
    panel.resize(*size)
    panel.show_frame(framed(figure))
    panel.grab()


def test_other_data_are_refused_in_words_with_a_way_on(panel):
    chosen = QSignalSpy(panel.studio.preset_chosen)
    panel.show_frame(framed(None, 2))
    assert panel.offer.isVisible()
    assert not any(button.isEnabled() for button in panel.bar.buttons.values())
    next(one for one in panel.offer.findChildren(QPushButton)).click()
    assert chosen.at(0) == ["figure-1"]
    panel.show_frame(framed(figured()))
    assert not panel.offer.isVisible()


def test_before_the_first_frame_it_says_what_it_waits_for(panel):
    assert panel.view.accessibleDescription() == "Loading PyTorch…"
    assert not any(button.isEnabled() for button in panel.bar.buttons.values())


# the four moments


def test_a_critic_is_not_led_to_an_optimum(panel):
    panel.show_frame(framed(figured()))
    assert all(button.isEnabled() for button in panel.bar.buttons.values())
    panel.show_frame(framed(critic()))
    assert not panel.bar.buttons["optimum"].isEnabled()
    assert "critic" in panel.bar.buttons["optimum"].toolTip()
    assert panel.bar.buttons["equilibrium"].isEnabled()


@pytest.fixture(scope="module")
def session(qapp):
    """One session for the tests that train, with this panel's probe."""
    session = Session(probes=lambda: {"density": DensityProbe}, device="cpu", threads=1).start()
    yield session
    assert session.close()


@pytest.fixture
def live(session, settle, qtbot):
    """The panel on a small figure 1, open and ready, with its first frame; and what brings it the session's news."""
    studio = Studio(session)
    settle(studio)
    studio.is_loaded = True
    experiment = files.preset("figure-1")
    for path, value in (("batch_size", 32), ("players.*.network.params.hidden", [8])):
        experiment, _ = change(experiment, path, value)
    studio.open(experiment)
    settle(studio)
    panel = DensityPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(900, 560)
    panel.show()
    look(panel)
    yield panel
    if panel.moments.goal:
        panel.moments.cancel()
    until(panel, lambda: not panel.moments.goal)
    settle(studio)
    studio.explorer.close()


def turn(panel: DensityPanel) -> None:
    studio = panel.studio
    for event in studio.session.events():
        studio.take_event(event)
    QApplication.processEvents()
    sleep(0.002)


def until(panel: DensityPanel, reached, seconds: float = 30) -> None:
    end = monotonic() + seconds
    while not reached():
        assert monotonic() < end, f"waited in vain: {panel.moments.stage}, {panel.studio.status}"
        turn(panel)


def look(panel: DensityPanel) -> None:
    """Bring the panel a frame of the moment."""
    session, found = panel.studio.session, []
    mailbox = session.subscribe("density")
    session.wake()
    until(panel, lambda: bool(found) or bool(found.append(one) if (one := mailbox.take()) else None))
    session.unsubscribe(mailbox)
    panel.show_frame(found[0])


def test_a_moment_shows_its_progress_and_may_be_given_up(live, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    live.bar.buttons["optimum"].click()
    assert live.bar.cancel.isVisible()
    assert live.bar.buttons["optimum"].isChecked()
    assert not live.bar.buttons["equilibrium"].isEnabled()
    until(live, lambda: live.bar.share.value() > 0 and "left to gain" in live.bar.words.text())
    live.bar.cancel.click()
    until(live, lambda: not live.moments.goal)
    assert not live.bar.cancel.isVisible()
    assert live.bar.words.text() == "Cancelled."
    assert live.bar.buttons["equilibrium"].isEnabled()
    assert live.studio.session.experiment.players["generator"].updates == 1


def test_a_window_that_closes_gives_it_up(live, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    live.bar.buttons["optimum"].click()
    until(live, lambda: live.studio.status.step > 3)
    live.hide()
    until(live, lambda: not live.moments.goal)
    assert live.studio.session.experiment.players["generator"].updates == 1


def test_what_was_said_of_a_moment_is_gone_once_training_goes_on(live):
    live.bar.buttons["move"].click()
    until(live, lambda: not live.moments.goal)
    assert live.bar.words.isVisible()
    live.studio.train()
    until(live, lambda: not live.bar.words.text())
    assert not live.bar.words.isVisible()
    live.studio.pause()


def test_what_a_moment_edits_is_no_ones_to_undo_and_told_in_the_log(live):
    told = []
    live.studio.event.connect(lambda event: told.append(event) if event.kind == "edited" else None)
    live.bar.buttons["move"].click()
    until(live, lambda: not live.moments.goal)
    assert [event.data["new"] for event in told] == [0, 1]
    assert not live.studio.undo_stack.canUndo()
    assert live.bar.words.text() == "G has made its step; D has not moved."


# drawing


def drag(panel: DensityPanel, *places: tuple[float, float]) -> None:
    """Drag over the picture through (x, density)."""
    at = panel.view.layout_now()
    points = [QPointF(float(at.chart.across(x)), float(at.chart.down(y))).toPoint() for x, y in places]
    left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(panel.view, left, no, points[0])
    for point in points[1:]:
        QTest.mouseMove(panel.view, QPoint(point))
    QTest.mouseRelease(panel.view, left, no, points[-1])


def heights(panel: DensityPanel) -> np.ndarray:
    return np.array(panel.studio.experiment.data.params["heights"])


def test_drawing_begins_with_the_datas_own_shape_and_is_undone_at_once(live):
    before = live.studio.experiment
    assert live.draw.text() == "Draw my own"
    assert not live.restart.isVisible()
    live.draw.click()
    assert live.studio.experiment.data.kind == "drawn-curve"
    assert live.view.drawing
    sketch, figure = live.view.sketch, live.view.figure
    expected = np.interp(sketch.x, figure.x, figure.p_data)
    np.testing.assert_allclose(sketch.heights, expected, atol=0.02 * expected.max())
    assert live.restart.isVisible()
    live.studio.undo_stack.undo()
    assert live.studio.experiment == before
    assert not live.draw.isChecked()
    assert live.view.sketch is None
    assert not live.restart.isVisible()


def test_a_stroke_edits_the_data_and_acts_on_restart(live, settle):
    live.draw.click()
    before = heights(live)
    x = live.view.sketch.x
    drag(live, (x[10], 0.6), (x[20], 0.6))
    after = heights(live)
    assert after[12] > 5 * before[12]
    assert (after * live.view.sketch.width).sum() == pytest.approx(1, abs=1e-2)
    live.studio.undo_stack.undo()
    np.testing.assert_allclose(heights(live), before)
    live.studio.undo_stack.redo()
    asked = QSignalSpy(live.studio.action_wanted)
    live.restart.click()
    assert asked.at(0) == ["restart"]
    live.studio.restart()
    settle(live.studio)
    look(live)
    assert not live.restart.isVisible()
    assert live.draw.text() == "Draw"
    figure = live.view.figure
    np.testing.assert_allclose(np.interp(x, figure.x, figure.p_data)[11:19], after[11:19], rtol=0.05)
    live.draw.click()
    assert live.view.drawing
    assert live.studio.experiment.data.params["heights"] == list(after)


def test_a_density_of_nothing_is_not_taken(live):
    live.draw.click()
    before = heights(live)
    said = QSignalSpy(live.studio.message)
    low, high = live.view.sketch.low, live.view.sketch.high
    drag(live, (low, -1), (high, -1))
    np.testing.assert_allclose(heights(live), before)
    assert "needs some height" in said.at(said.count() - 1)[0]


def test_without_the_toggle_a_drag_draws_nothing(live):
    drag(live, (0, 0.1), (1, 0.1))
    assert live.studio.experiment.data.kind == "normal"
    assert not live.studio.undo_stack.canUndo()
