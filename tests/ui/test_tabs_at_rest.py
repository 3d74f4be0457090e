"""A panel behind another's tab is as good as hidden: it asks for nothing until its tab comes up."""

import numpy as np
from PySide6.QtWidgets import QApplication
from whole_window import WAIT, phase, small

EXPLORE = ("latent", "sketch", "invert", "samples", "walk", "arithmetic", "label", "neighbours")


def test_only_panels_in_view_ask_while_a_slider_moves(make, qtbot):
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    window.show_perspective("explore")
    latent = window.panels["latent"]
    qtbot.waitUntil(lambda: latent.z is not None, timeout=WAIT)
    qtbot.wait(300)
    asked = set()
    ask = window.studio.explorer.ask
    window.studio.explorer.ask = lambda request, client: asked.add(client.split(".")[0]) or ask(request, client)
    latent.receive(np.zeros_like(latent.z))
    qtbot.wait(300)
    assert "latent" in asked
    assert not asked & {"sketch", "invert", "arithmetic", "label", "neighbours"}
    window.studio.explorer.ask = ask


def test_the_tab_that_comes_up_is_shown_and_the_one_behind_hidden(make):
    window = make()
    window.show_perspective("explore")
    QApplication.processEvents()
    sizes = {name: window.docks[name].size() for name in ("latent", "samples")}
    for front, behind in (("sketch", "latent"), ("neighbours", "walk"), ("walk", "neighbours"), ("latent", "sketch")):
        window.bring_up(front)
        QApplication.processEvents()
        assert window.panels[front].isVisible()
        assert not window.panels[front].visibleRegion().isEmpty()
        assert not window.panels[behind].isVisible()
    QApplication.processEvents()
    assert sizes == {name: window.docks[name].size() for name in sizes}
