"""The Loss shape panel: curves to read and to choose from, and what reaches G."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox

from ganstudio.experiment.edits import change
from ganstudio.probes.loss_shape import LossShapeFrame, LossShapeProbe
from ganstudio.training.trainer import Trainer
from ganstudio.ui import theme
from ganstudio.ui.panels.loss_shape import LossShapePanel
from ganstudio.ui.widgets.loss_shape import TOPS, figure


@pytest.fixture(scope="module")
def trainers(tiny) -> dict[str, Trainer]:
    """A trainer after two steps for each objective asked for."""
    made = {}
    for kind in ("non-saturating", "saturating", "hinge", "least-squares"):
        made[kind] = Trainer(change(tiny, "objective.kind", kind)[0])
        for _ in range(2):
            made[kind].step()
    return made


@pytest.fixture
def framed(trainers):
    """A frame of an objective, its samples all at one logit if that is given."""

    def framed(kind: str = "saturating", logit: float | None = None, view="probability") -> LossShapeFrame:
        trainer = trainers[kind]
        before = trainer.moment.fake_logits
        if logit is not None:
            trainer.moment.fake_logits = before * 0 + logit
        frame = LossShapeProbe().frame(trainer, view=view)
        trainer.moment.fake_logits = before
        return frame

    return framed


@pytest.fixture
def panel(studio, qtbot) -> LossShapePanel:
    panel = LossShapePanel(studio)
    qtbot.addWidget(panel)
    panel.resize(700, 560)
    panel.show()
    return panel


def grabbed(panel: LossShapePanel) -> QImage:
    return panel.view.grab().toImage()


def on_curve(panel: LossShapePanel, chart: int, kind: str, x: float) -> QPointF:
    """Where an objective's curve stands in the view."""
    view = panel.view
    shape = next(one for one in view.frame.shapes if one.kind == kind)
    place = view.charts()[chart]
    y = np.interp(x, view.frame.at, view.curve(chart, shape))
    return QPointF(float(place.across(x)), float(place.down(y)))


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_curves_stand_where_the_objectives_put_them(qapp, panel, framed, choice):
    theme.apply(qapp, choice)
    panel.show_frame(framed())
    image = grabbed(panel)
    for chart in (0, 1):
        for kind in ("saturating", "non-saturating"):
            place = on_curve(panel, chart, kind, 0.3)
            found = {image.pixelColor(round(place.x()), round(place.y()) + dy).name() for dy in (-1, 0, 1)}
            assert QColor(panel.view.hue(kind)).name() in found


def test_the_line_at_the_mean_leaves_names_legible(panel, framed):
    panel.show_frame(framed("non-saturating"))
    grabbed(panel)
    chart = panel.view.charts()[1]
    box = next(box for box, _ in panel.view._names if chart.plot.contains(box))
    share = (box.center().x() - chart.plot.left()) / chart.plot.width()
    panel.show_frame(framed("non-saturating", logit=float(np.log(share / (1 - share)))))
    image, line = grabbed(panel), QColor(theme.colours().fake).name()
    assert chart.across(panel.view.frame.mean) == pytest.approx(box.center().x(), abs=2)
    x = round(chart.across(panel.view.frame.mean))
    column = [(y, image.pixelColor(x + dx, y).name()) for y in range(image.height()) for dx in (-1, 0, 1)]
    found = {y for y, name in column if name == line}
    assert any(chart.plot.top() < y < chart.plot.bottom() for y in found)
    assert not any(box.top() + 1 < y < box.bottom() - 1 for y in found)


def test_the_active_one_is_thick(panel, framed):
    panel.show_frame(framed("saturating"))
    image = grabbed(panel)

    def thickness(kind: str) -> int:
        place, colour = on_curve(panel, 1, kind, 0.85), QColor(panel.view.hue(kind)).name()
        column = (image.pixelColor(round(place.x()), round(place.y()) + dy).name() for dy in range(-8, 9))
        return sum(name == colour for name in column)

    assert thickness("saturating") >= 2 * thickness("non-saturating") >= 2


def test_a_strong_discriminator_starves_the_saturating_loss(panel, framed):
    panel.show_frame(framed("saturating", logit=-6.0))
    cards = panel.cards.cards
    assert figure(cards["saturating"].reach) == "0.0025"
    assert figure(cards["non-saturating"].reach) == "1.00"
    assert cards["saturating"].isChecked()
    assert not cards["non-saturating"].isChecked()
    assert "‖ = <b>" in panel.gradient.text()


def test_a_click_on_a_curve_makes_it_the_objective(panel, studio, settle, framed):
    panel.show_frame(framed("non-saturating"))
    QCoreApplication.processEvents()  # the cards have taken their height
    place = on_curve(panel, 1, "saturating", 0.9)
    # Given to the view itself: a window that another test has left may lie under the pointer.
    nothing, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    everywhere = QPointF(panel.view.mapToGlobal(place.toPoint()))
    QCoreApplication.sendEvent(
        panel.view, QMouseEvent(QEvent.Type.MouseMove, place, everywhere, nothing, nothing, none)
    )
    assert panel.view.hovered == "saturating"
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place.toPoint())
    settle(studio)
    assert studio.experiment.objective.kind == "saturating"
    assert studio.session.experiment.objective.kind == "saturating"
    studio.undo_stack.undo()
    settle(studio)
    assert studio.session.experiment.objective.kind == "non-saturating"


def test_a_name_and_a_card_do_so_too(panel, studio, framed):
    panel.show_frame(framed("non-saturating"))
    grabbed(panel)
    box = next(box for box, kind in panel.view._names if kind == "maximum-likelihood")
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert studio.experiment.objective.kind == "maximum-likelihood"
    QTest.mouseClick(panel.cards.cards["saturating"], Qt.MouseButton.LeftButton)
    assert studio.experiment.objective.kind == "saturating"
    QTest.keyClick(panel.cards.cards["non-saturating"], Qt.Key.Key_Return)
    assert studio.experiment.objective.kind == "non-saturating"
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert studio.experiment.objective.kind == "non-saturating"


def test_the_mouse_reads_values_and_formula(panel, framed):
    panel.show_frame(framed("saturating"))
    panel.view._hover("non-saturating")
    text = panel.view.read_out(on_curve(panel, 1, "saturating", 0.25))
    assert "D(G(z)) = 0.25" in text
    for value in (figure(np.log(0.75)), figure(-np.log(0.25)), "0.75"):
        assert value in text
    assert "J_G = −E log D(G(z))" in text
    assert panel.view.read_out(QPointF(1, 1)) == ""


def test_a_critic_has_logits_alone(panel, framed):
    axis = panel.findChild(QComboBox)
    panel.show_frame(framed("hinge"))
    assert not axis.isEnabled()
    assert set(panel.cards.cards) == {"saturating", "non-saturating", "maximum-likelihood", "hinge"}
    panel.show_frame(framed("saturating"))
    assert axis.isEnabled()
    assert set(panel.cards.cards) == {"saturating", "non-saturating", "maximum-likelihood"}


def test_the_axis_of_slopes_holds_what_reaches_g(panel, framed):
    panel.show_frame(framed("saturating"))
    assert panel.view.slope_top == TOPS[0]
    panel.show_frame(framed("least-squares", logit=-3.0))
    assert panel.view.slope_top == 10.0
    panel.show_frame(framed("saturating"))
    assert panel.view.slope_top == TOPS[0]


@pytest.mark.parametrize("size", [(220, 260), (380, 420), (2400, 1300)])
def test_any_size_and_any_samples_are_painted(panel, framed, size):
    panel.resize(*size)
    for kind in ("saturating", "least-squares"):
        for logit in (None, -80.0, 1e5, float("nan")):
            panel.show_frame(framed(kind, logit, view="logit"))
            panel.grab()


def test_choices_are_remembered_and_nonsense_is_not(panel):
    asked = QSignalSpy(panel.studio.options_changed)
    panel.load_state({"axis": "logit"})
    assert panel.options() == {"view": "logit"}
    assert asked.count() == 1
    panel.load_state({"axis": 3})
    assert panel.save_state() == {"axis": "logit"}


def test_it_says_what_it_waits_for_before_the_first_step(panel, trainers, tiny):
    panel.show_frame(LossShapeProbe().frame(Trainer(tiny)))
    assert "Press Train" in panel.gradient.text()
    panel.grab()
