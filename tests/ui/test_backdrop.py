"""A backdrop is painted when what it shows has changed, and only then."""

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from ganstudio.ui import theme
from ganstudio.ui.widgets.backdrop import Backdrop


@pytest.fixture
def widget(qtbot) -> QWidget:
    found = QWidget()
    qtbot.addWidget(found)
    found.resize(40, 30)
    return found


def test_painted_once_for_the_same_and_again_for_another(widget):
    backdrop, painted = Backdrop(widget), []
    first, equal = np.zeros(2), np.zeros(2)

    def count(*now: object) -> int:
        key, shown = now[:1], now[1:]
        picture = backdrop.picture(key, lambda painter: painted.append(painter.isActive()), shown)
        assert picture.size() == widget.size() * widget.devicePixelRatioF()
        return len(painted)

    assert count("a", first) == 1
    assert count("a", first) == 1
    assert count("b", first) == 2
    assert count("b", equal) == 3  # equal is not the same
    assert count("b") == 4
    widget.resize(50, 30)
    assert count("b") == 5
    assert all(painted)


def test_follows_the_theme(widget, qapp, own_looks):
    backdrop, painted = Backdrop(widget), []
    for choice in ("light", "light", "dark"):
        theme.apply(qapp, choice)
        backdrop.picture((), painted.append)
    assert len(painted) == 2
