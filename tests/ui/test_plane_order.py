"""What a picture of the plane depends on besides the plane: one object, until any of it changes."""

from dataclasses import replace

import pytest
from plane_frames import made
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panels.plane import PlanePanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.plane_painting import Order
from ganstudio.ui.widgets.sealed import seal


@pytest.fixture
def panel(qapp, qtbot) -> PlanePanel:
    panel = PlanePanel(Studio(Session(probes=dict)))
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.mark.parametrize("what", ["layer", "zoom", "size", "theme", "screen", "extent", "legend", "type"])
def test_an_order_is_the_same_object_until_what_it_depends_on_changes(panel, qapp, monkeypatch, request, what):
    view = panel.view
    view.show_plane(made())
    request.addfinalizer(lambda: theme.apply(qapp, "light"))
    theme.apply(qapp, "light")
    panel.resize(900, 420)  # the legend stands beside the plot, and moves it as it grows
    panel.switches["generated"].setChecked(False)  # these words are wider than those that change below
    QApplication.processEvents()
    before = view.order()
    view.show_plane(seal(made()))
    view.zoom(1)
    view.fit()
    assert view.order() is before
    if what == "layer":
        panel.switches["heat"].toggle()
    elif what == "zoom":
        view.zoom(2)
    elif what == "size":
        panel.resize(700, 620)
        QApplication.processEvents()
    elif what == "theme":
        theme.apply(qapp, "dark")
    elif what == "screen":
        monkeypatch.setattr(view, "devicePixelRatioF", lambda: 2.0)
    elif what == "extent":
        view.show_plane(replace(view.plane, extent=((-9.0, 9.0), (-9.0, 9.0))))
    elif what == "legend":
        view.show_plane(replace(view.plane, noise=3, manifold=None))
    else:
        font = QApplication.font()
        request.addfinalizer(lambda: theme.enlarge(qapp, 1.0, font))
        large = QFont(font)
        large.setPointSizeF(1.6 * font.pointSizeF())
        theme.enlarge(qapp, 1.6, large)
        QApplication.processEvents()
    after = view.order()
    assert after != before
    assert after == Order(
        view.layers, view.optimal, view.mapping(), view.plot_rect(), view.devicePixelRatioF(), theme.colours()
    )
    assert view.order() is after
