"""A row that wraps: nothing overlaps, nothing sticks out, and the height is what the width asks for."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.ui.widgets.wrap import WrapLayout


@pytest.mark.parametrize("width", [120, 200, 333, 640])
def test_widgets_fill_rows_from_the_left(qtbot, width):
    box = QWidget()
    qtbot.addWidget(box)
    layout = WrapLayout(box, 6)
    labels = [QLabel("word" * (1 + index % 3)) for index in range(7)]
    for label in labels:
        layout.addWidget(label)
    labels[3].hide()
    box.resize(width, layout.heightForWidth(width))
    box.show()
    shown = [label for label in labels if label.isVisible()]
    assert len(shown) == 6
    for index, one in enumerate(shown):
        assert box.rect().contains(one.geometry())
        assert not any(one.geometry().intersects(other.geometry()) for other in shown[index + 1 :])
    assert layout.heightForWidth(2000) <= layout.heightForWidth(width)


def test_an_empty_row_has_no_height(qtbot):
    box = QWidget()
    qtbot.addWidget(box)
    layout = WrapLayout(box, 6)
    margins = layout.contentsMargins()
    assert layout.heightForWidth(100) == margins.top() + margins.bottom()
    assert layout.itemAt(0) is None
    assert layout.takeAt(0) is None
