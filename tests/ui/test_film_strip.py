"""The film strip of the Directions panel: there while somebody looks, true to the slider, and a way to go there."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QImage
from PySide6.QtWidgets import QApplication

from ganstudio.latent.requests import Render
from ganstudio.training.commands import Step


def enter(widget) -> None:
    at = QPointF(3, 3)
    QApplication.sendEvent(widget, QEnterEvent(at, at, QPointF(widget.mapToGlobal(QPoint(3, 3)))))


def leave(widget) -> None:
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def framed(window) -> None:
    """Wait for frames."""
    window.until(lambda: len(window.panel.strip.values))


def asked(window) -> list[Render]:
    """What the strip asks for from now on."""
    found, ask = [], window.studio.explorer.ask

    def spy(request, client):
        if client == "latent.strip":
            found.append(request)
        return ask(request, client)

    window.studio.explorer.ask = spy
    return found


def test_nothing_is_asked_for_until_somebody_looks(exploring):
    requests, panel = asked(exploring), exploring.panel
    panel.rows[0].slider.setValue(100)
    exploring.settle()
    assert not requests
    assert not len(panel.strip.values)
    height, box = panel.strip.height(), panel.box.geometry()
    enter(panel.rows[2])
    framed(exploring)
    assert len(requests) == 1
    assert (panel.strip.height(), panel.box.geometry()) == (height, box), "nothing jumps"


def test_frames_are_what_the_slider_would_show(exploring):
    panel = exploring.panel
    enter(panel.rows[2])
    framed(exploring)
    np.testing.assert_allclose(panel.strip.values, [-3, -2, -1, 0, 1, 2, 3])
    frames = [frame.convertToFormat(QImage.Format.Format_RGB888) for frame in panel.strip._pictures]
    for number in (0, 4):
        exploring.qtbot.mouseClick(panel.strip, Qt.MouseButton.LeftButton, pos=panel.strip.frame(number).center())
        exploring.settle()
        assert exploring.coordinates()[2] == panel.strip.values[number]
        assert panel.box.small_picture() == frames[number]
    panel.controls.back.click()
    assert exploring.coordinates()[2] == -3, "each visit is one step back"


def test_its_own_slider_leaves_the_frames_and_another_changes_them(exploring):
    requests, panel = asked(exploring), exploring.panel
    enter(panel.rows[1])
    framed(exploring)
    for value in range(-200, 201, 20):
        panel.rows[1].slider.setValue(value)
    exploring.settle()
    assert len(requests) == 1
    assert round(panel.strip._value, 6) == 2
    panel.truncation.slider.setValue(40)
    exploring.settle()
    assert panel.preview.key == -1, "it shows the slider that was moved"
    assert len(requests) == 2
    exploring.until(lambda: panel.strip.values[0] == 0 and panel.strip.values[-1] == 1)


def test_it_rests_when_nobody_looks_and_does_not_show_what_is_no_more(exploring):
    panel = exploring.panel
    enter(panel.rows[1])
    framed(exploring)
    leave(panel.rows[1])
    assert len(panel.strip.values), "so that one can come and click"
    requests = asked(exploring)
    z = panel.z
    panel.controls.random.click()
    exploring.until(lambda: (panel.z != z).any())
    assert not len(panel.strip.values)
    assert not requests


def test_it_follows_training_while_it_is_looked_at(exploring):
    panel = exploring.panel
    enter(panel.rows[0])
    framed(exploring)
    before = list(panel.strip._pictures)
    exploring.session.post(Step())
    exploring.until(lambda: any(a != b for a, b in zip(before, panel.strip._pictures, strict=True)))


def test_arrow_keys_go_from_frame_to_frame(exploring):
    panel, bot = exploring.panel, exploring.qtbot
    panel.activateWindow()
    panel.rows[0].slider.setFocus()
    framed(exploring)
    panel.rows[0].slider.setValue(40)
    panel.strip.setFocus()
    for key, there in [("Right", 1), ("Right", 2), ("Left", 1), ("Home", -3), ("Left", -3), ("End", 3), ("Left", 2)]:
        bot.keyClick(panel.strip, getattr(Qt.Key, f"Key_{key}"))
        assert exploring.coordinates()[0] == there


def test_a_locked_slider_is_shown_but_not_moved(exploring):
    panel = exploring.panel
    enter(panel.rows[0])
    framed(exploring)
    panel.rows[0].lock.click()
    before = exploring.coordinates()
    exploring.qtbot.mouseClick(panel.strip, Qt.MouseButton.LeftButton, pos=panel.strip.frame(6).center())
    assert exploring.coordinates() == before
